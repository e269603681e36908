import { cleanText } from '@paperboy/core';
import { generateOpml, type Opml, parseOpml } from 'feedsmith';
import { decodePage } from './decode-page.ts';
import { prepareXml } from './prepare-xml.ts';
import { Warnings } from './warnings.ts';

/** One line of a reading list. */
export interface OpmlFeed {
  readonly title: string;
  /** Where the feed is; absent where the outline is a folder of nothing, a note or a link. */
  readonly address?: string;
  readonly home?: string;
  /** The folders it lies in. */
  readonly folders: readonly string[];
}

export type OpmlReading =
  | {
      readonly kind: 'opml';
      readonly title?: string;
      readonly feeds: readonly OpmlFeed[];
      /** Why the list may be missing something. */
      readonly warnings: readonly string[];
    }
  | { readonly kind: 'refused'; readonly detail: string };

/** More than any list that people keep. */
const MAX_OUTLINES = 10_000;
const MAX_TEXT = 200;

/** Reads a reading list as feed readers export it (OPML 1.0 to 2.0), nested as it may be. Never throws. */
export function readOpml(bytes: Uint8Array): OpmlReading {
  const { text } = decodePage(bytes);
  const warnings = new Warnings();
  const xml = prepareXml(text, warnings);
  if (xml.kind === 'refused') return xml;
  if (xml.root !== 'opml')
    return { kind: 'refused', detail: `its first element is <${xml.root}>, not <opml>` };
  if (xml.kind === 'cut')
    warnings.add(`the file ${xml.why}; what follows its last whole outline is lost`);
  const opml = parsed(xml.xml);
  if (typeof opml === 'string') return { kind: 'refused', detail: opml };
  const feeds: OpmlFeed[] = [];
  collect(opml.body?.outlines ?? [], [], feeds);
  if (feeds.length > MAX_OUTLINES)
    warnings.add(`more than ${MAX_OUTLINES} outlines, the rest was not read`);
  const title = shown(opml.head?.title);
  return {
    kind: 'opml',
    ...(title !== '' && { title }),
    feeds: feeds.slice(0, MAX_OUTLINES),
    warnings: warnings.list(),
  };
}

function parsed(xml: string): Opml.Document<string> | string {
  try {
    return parseOpml(xml);
  } catch (fault) {
    const cause = fault instanceof Error && fault.cause instanceof Error ? fault.cause : fault;
    return cause instanceof Error ? cause.message.slice(0, 200) : 'no OPML';
  }
}

/** No deeper than `prepareXml` lets through. */
function collect(
  outlines: readonly Opml.Outline<string>[],
  folders: readonly string[],
  into: OpmlFeed[],
): void {
  for (const { text, title, xmlUrl, htmlUrl, outlines: inside } of outlines) {
    if (into.length > MAX_OUTLINES) return;
    const name = shown(title) || shown(text);
    if (xmlUrl !== undefined || inside === undefined) {
      into.push({
        title: name,
        folders,
        ...(xmlUrl !== undefined && { address: xmlUrl.trim() }),
        ...(htmlUrl !== undefined && { home: htmlUrl.trim() }),
      });
    }
    if (inside) collect(inside, name === '' ? folders : [...folders, name], into);
  }
}

const shown = (text: string | undefined) => cleanText(text ?? '').slice(0, MAX_TEXT);

/** Prints a reading list as OPML 2.0, which has at least one outline. */
export function printOpml(
  title: string,
  feeds: readonly { readonly title: string; readonly address: string }[],
  at: Date,
): string {
  return generateOpml({
    head: { title, dateCreated: at },
    body: {
      outlines: feeds.map(({ title: text, address }) => ({
        text,
        title: text,
        type: 'rss',
        xmlUrl: address,
      })),
    },
  });
}
