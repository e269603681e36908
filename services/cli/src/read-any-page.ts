import { type Listing, type PageFormat, type PageReading, PaperboyError } from '@paperboy/core';
import type { HttpAnswer } from '@paperboy/ingest';
import { type PageInput, readParts } from '@paperboy/readers';
import { type Environment, readSettings, type Settings } from '@paperboy/runtime';
import { httpOptions } from './http-options.ts';
import { fileIn, readPageFile } from './page-files.ts';
import { workingFolder } from './working-folder.ts';

interface ReadChoice {
  readonly format?: PageFormat;
  /** Follow the next pages of a list on the web. */
  readonly allPages?: boolean;
}

/** Reads pages from disk and from the web. */
export interface PageReader {
  /** Throws PAGE_UNREADABLE, and what reaching the page throws. */
  read(page: string, choice?: ReadChoice): Promise<Listing>;
  /** What a reader would be given. Throws what reaching the page throws. */
  input(page: string): Promise<PageInput>;
  close(): Promise<void>;
}

/** Nothing is opened before the first web address is read. */
export function createPageReader(env: Environment): PageReader {
  const settings = readSettings(env);
  const maxBytes = settings.fetchMaxBytes;
  const folder = workingFolder(env);
  let opened: ReturnType<typeof openClient> | undefined;
  const client = () => {
    opened ??= openClient(settings);
    return opened;
  };

  async function fetched(page: string): Promise<HttpAnswer> {
    const answer = await (await client()).polite.get(page);
    if (answer.status === 200) return answer;
    throw new PaperboyError('PAGE_REFUSED', `${page}: status ${answer.status}`);
  }
  const fromDisk = async (page: string) => ({
    bytes: await readPageFile(fileIn(folder, page), maxBytes),
  });

  async function reading(page: string, { format, allPages }: ReadChoice): Promise<PageReading> {
    const options = { maxBytes, ...(format && { format }) };
    if (!isOnTheWeb(page)) return readParts({ ...options, parts: [await fromDisk(page)] });
    const first = await fetched(page);
    const { cutBecause } = first;
    if (!allPages)
      return readParts({ ...options, parts: [inputOf(first)], ...(cutBecause && { cutBecause }) });
    const { polite, gatherParts } = await client();
    const ask = (address: string) => polite.get(address, { patienceMs: LONGEST_WAIT_MS });
    return (await gatherParts(first, { ...options, ask })).reading;
  }

  return {
    async input(page) {
      const given = isOnTheWeb(page) ? inputOf(await fetched(page)) : await fromDisk(page);
      return { ...given, maxBytes };
    },
    async read(page, choice = {}) {
      const found = await reading(page, choice);
      if (found.kind === 'listing') return found;
      throw new PaperboyError('PAGE_UNREADABLE', `${page}: ${found.reason}: ${found.detail}`);
    },
    close: async () => (await opened)?.close(),
  };
}

/** More than the longest pause that a robots.txt can ask for. */
const LONGEST_WAIT_MS = 90_000;

function isOnTheWeb(page: string): boolean {
  return /^https?:\/\//i.test(page);
}

async function openClient(settings: Settings) {
  const { createHttp, createPoliteHttp, gatherParts, ownHosts } = await import('@paperboy/ingest');
  const http = createHttp(httpOptions(settings));
  const polite = createPoliteHttp({ http, hosts: ownHosts(), now: () => new Date() });
  return { polite, gatherParts, close: () => http.close() };
}

function inputOf({ bytes, address, contentType }: HttpAnswer) {
  return { bytes, address, ...(contentType !== undefined && { contentType }) };
}
