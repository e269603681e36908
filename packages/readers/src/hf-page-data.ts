import type { CheerioAPI } from 'cheerio/slim';
import { decodeEntities } from './decode-entities.ts';
import { scanTags } from './scan-tags.ts';

/** The JSON that the page gives to its own script. */
export interface PageData {
  readonly json: string;
  /** False when the page ends inside it. */
  readonly complete: boolean;
}

const TARGET = 'DailyPapers';

/**
 * Finds the data by walking the tags up to its element, which a page of 1.5 MB has near its start, without
 * building a tree. Undefined when there is none or its references need a full parser.
 */
export function scanForPageData(html: string): PageData | undefined {
  let found: PageData | undefined;
  scanTags(html, ({ attributes, complete }) => {
    const props = attributes.get('data-props');
    if (props === undefined) return false;
    const target = attributes.get('data-target');
    // A page may end inside the data before the attribute that names it.
    const isCutData = !complete && target === undefined && props.includes('dailyPapers');
    if (target !== TARGET && !isCutData) return false;
    const json = decodeEntities(complete ? props : props.replace(/&[#\w]*$/, ''));
    if (json !== undefined) found = { json, complete };
    return true;
  });
  return found;
}

/** The same by the full parser, for pages the walk does not understand. */
export function queryPageData($: CheerioAPI): PageData | undefined {
  const json = $(`[data-target="${TARGET}"][data-props]`).first().attr('data-props');
  return json === undefined ? undefined : { json, complete: true };
}
