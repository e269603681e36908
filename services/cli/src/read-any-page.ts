import { type Listing, type PageFormat, PaperboyError } from '@paperboy/core';
import { type PageInput, readPage } from '@paperboy/readers';
import { type Environment, readSettings, type Settings } from '@paperboy/runtime';
import { httpOptions } from './http-options.ts';
import { fileIn, readPageFile } from './page-files.ts';
import { workingFolder } from './working-folder.ts';

/** Reads pages from disk and from the web. */
export interface PageReader {
  /** Throws PAGE_UNREADABLE, and what reaching the page throws. */
  read(page: string, format?: PageFormat): Promise<Listing>;
  /** What a reader would be given. Throws what reaching the page throws. */
  input(page: string): Promise<PageInput>;
  close(): Promise<void>;
}

/** Nothing is opened before the first web address is read. */
export function createPageReader(env: Environment): PageReader {
  const settings = readSettings(env);
  const folder = workingFolder(env);
  let client: ReturnType<typeof openHttp> | undefined;
  const fromWeb = (page: string) => {
    client ??= openHttp(settings);
    return client.then((http) => fetchInput(http, page));
  };
  const input = async (page: string): Promise<PageInput> => {
    const maxBytes = settings.fetchMaxBytes;
    const given = /^https?:\/\//i.test(page)
      ? await fromWeb(page)
      : { bytes: await readPageFile(fileIn(folder, page), maxBytes) };
    return { ...given, maxBytes };
  };
  return {
    input,
    async read(page, format) {
      const reading = readPage({ ...(await input(page)), ...(format && { format }) });
      if (reading.kind === 'listing') return reading;
      throw new PaperboyError('PAGE_UNREADABLE', `${page}: ${reading.reason}: ${reading.detail}`);
    },
    close: async () => (await client)?.close(),
  };
}

async function openHttp(settings: Settings) {
  const { createHttp } = await import('@paperboy/ingest');
  return createHttp(httpOptions(settings));
}

async function fetchInput(
  http: Awaited<ReturnType<typeof openHttp>>,
  page: string,
): Promise<PageInput> {
  const { status, bytes, contentType, address } = await http.get(page);
  if (status !== 200) throw new PaperboyError('PAGE_REFUSED', `${page}: status ${status}`);
  return { bytes, address, ...(contentType !== undefined && { contentType }) };
}
