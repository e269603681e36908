import type { CheerioAPI } from 'cheerio/slim';
import { decodeEntities } from './decode-entities.ts';
import { scanTags } from './scan-tags.ts';
import { utf8Pieces } from './utf8-pieces.ts';

/** The JSON that the page gives to its own script. */
export interface PageData {
  readonly json: string;
  /** False when the page ends inside it. */
  readonly complete: boolean;
}

const TARGET = 'DailyPapers';
const MARK = `data-target="${TARGET}"`;

/**
 * Finds the data by walking the tags up to its element, which a page of 1.5 MB has near its start, without
 * building a tree. Undefined when there is none or its references need a full parser.
 */
export function scanForPageData(html: string): PageData | undefined {
  const found = findProps(html);
  if (found === undefined) return undefined;
  const { props, complete } = found;
  const json = decodeEntities(complete ? props : props.replace(/&[#\w]*$/, ''));
  return json === undefined ? undefined : { json, complete };
}

/** The data attribute as it stands on the page, not decoded. */
function findProps(html: string): { props: string; complete: boolean } | undefined {
  let found: { props: string; complete: boolean } | undefined;
  scanTags(html, ({ attributes, complete }) => {
    const props = attributes.get('data-props');
    if (props === undefined) return false;
    const target = attributes.get('data-target');
    // A page may end inside the data before the attribute that names it.
    const isCutData = !complete && target === undefined && props.includes('dailyPapers');
    if (target !== TARGET && !isCutData) return false;
    found = { props, complete };
    return true;
  });
  return found;
}

const VALUE_START = /\sdata-props="/g;
const QUOTE = 0x22;
/** More than a tag has after its data. */
const TAG_REST = 2_000;
const STAND_IN = '\0the data\0';

/**
 * The same from a page's bytes in UTF-8, as long as its data stands where it always does: then neither the page
 * nor the attribute, a megabyte each, becomes a string. Undefined says nothing of the page's text.
 */
export function scanUtf8ForPageData(utf8: Uint8Array): PageData | undefined {
  const head = textPast(utf8, MARK);
  if (head === undefined) return undefined;
  VALUE_START.lastIndex = head.indexOf(MARK);
  const before = VALUE_START.test(head) ? head.slice(0, VALUE_START.lastIndex) : undefined;
  if (before === undefined) return undefined;
  const from = new TextEncoder().encode(before).length;
  const to = utf8.indexOf(QUOTE, from);
  if (to < 0) return undefined;
  // Whether this is the data is for the walk to say: it is shown the page with another value in its place.
  const rest = new TextDecoder().decode(utf8.subarray(to, to + TAG_REST));
  const found = findProps(before + STAND_IN + rest);
  if (found?.props !== STAND_IN || !found.complete) return undefined;
  const json = decodeEntities(utf8.subarray(from, to));
  return json === undefined ? undefined : { json, complete: true };
}

/** Whether the bytes, UTF-8, bear the mark of such a page. */
export function hasPageData(utf8: Uint8Array): boolean {
  return textPast(utf8, MARK) !== undefined;
}

/** The text from the start until some way after a mark, or undefined where it is not on the page. */
function textPast(utf8: Uint8Array, mark: string): string | undefined {
  const pieces: string[] = [];
  let isFound = false;
  for (const piece of utf8Pieces(utf8)) {
    const last = pieces.at(-1) ?? '';
    pieces.push(piece);
    if (isFound) break;
    isFound = (last.slice(-mark.length) + piece).includes(mark);
  }
  return isFound ? pieces.join('') : undefined;
}

/** The same by the full parser, for pages the walk does not understand. */
export function queryPageData($: CheerioAPI): PageData | undefined {
  const json = $(`[data-target="${TARGET}"][data-props]`).first().attr('data-props');
  return json === undefined ? undefined : { json, complete: true };
}
