import { type CheerioAPI, load } from 'cheerio/slim';
import { scanTags } from './scan-tags.ts';

/** In UTF-16 units; a real page has 1.6 million. Of hostile markup the parser takes a second for two million. */
const MAX_LENGTH = 8 * 1024 * 1024;
/** Browsers stop nesting at 512; the parser's time grows with the square of the depth. */
const MAX_DEPTH = 1_000;
/** Some hundred times those of a real page; each costs some 300 bytes in the tree. */
const MAX_TAGS = 500_000;
/** Never nested, or closed by the parser itself. */
const NO_END_NEEDED =
  /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr|p|li|dt|dd|option|optgroup|tr|td|th|thead|tbody|tfoot|path|circle|rect|use)$/;

/**
 * A page for CSS queries, by htmlparser2: it keeps the order of odd markup and is several times faster than
 * the HTML5 tree builder. Undefined when the page is larger, has more tags or deeper ones than any that people read.
 */
export function loadHtml(html: string): CheerioAPI | undefined {
  return html.length <= MAX_LENGTH && isSane(html)
    ? load(html, { xml: { xmlMode: false, decodeEntities: true } })
    : undefined;
}

function isSane(html: string): boolean {
  let tags = 0;
  let depth = 0;
  scanTags(html, ({ name, kind }) => {
    tags++;
    const nests = kind !== 'self-closing' && !NO_END_NEEDED.test(name);
    if (nests) depth = kind === 'end' ? Math.max(depth - 1, 0) : depth + 1;
    return tags > MAX_TAGS || depth > MAX_DEPTH;
  });
  return tags <= MAX_TAGS && depth <= MAX_DEPTH;
}

type Node = ReturnType<CheerioAPI>[number];

/** Elements that are drawn apart from what stands around them. */
const BLOCK =
  /^(?:address|article|aside|blockquote|br|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|table|td|th|tr|ul)$/;

/**
 * The text inside a node (but of those it is `without`), inline elements joined as they stand and a line end before blocks, up to about `max`
 * characters. Unlike `.text()` it neither recurses nor walks a whole page for one heading that was never closed.
 */
export function textWithin(node: Node, max: number, without?: ReadonlySet<Node>): string {
  const waiting: Node[] = [node];
  let text = '';
  for (let steps = 0; steps < max && text.length < max; steps++) {
    const next = waiting.pop();
    if (next === undefined) break;
    if (next.type === 'text') text += next.data;
    else if (next !== node && without?.has(next)) text += '\n';
    else if ('children' in next && next.type !== 'script' && next.type !== 'style') {
      if ('name' in next && BLOCK.test(next.name)) text += '\n';
      for (let child = next.lastChild; child; child = child.prev) waiting.push(child);
    }
  }
  return text;
}
