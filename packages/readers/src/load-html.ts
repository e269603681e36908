import { type CheerioAPI, load } from 'cheerio/slim';
import { scanTags } from './scan-tags.ts';

/** Browsers stop nesting at 512; the parser's time grows with the square of the depth. */
const MAX_DEPTH = 1_000;
/** Never nested, or closed by the parser itself. */
const NO_END_NEEDED =
  /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr|p|li|dt|dd|option|optgroup|tr|td|th|thead|tbody|tfoot|path|circle|rect|use)$/;

/**
 * A page for CSS queries, by htmlparser2: it keeps the order of odd markup and is several times faster than
 * the HTML5 tree builder. Undefined when the page is nested beyond all reason.
 */
export function loadHtml(html: string): CheerioAPI | undefined {
  let depth = 0;
  scanTags(html, ({ name, kind }) => {
    if (kind === 'self-closing' || NO_END_NEEDED.test(name)) return false;
    depth = kind === 'end' ? Math.max(depth - 1, 0) : depth + 1;
    return depth > MAX_DEPTH;
  });
  if (depth > MAX_DEPTH) return undefined;
  return load(html, { xml: { xmlMode: false, decodeEntities: true } });
}

type Node = ReturnType<CheerioAPI>[number];

/**
 * The text inside a node, inline elements joined as they stand, up to about `max` characters. Unlike
 * `.text()` it neither recurses nor walks a whole page for one heading that was never closed.
 */
export function textWithin(node: Node, max: number): string {
  const waiting: Node[] = [node];
  let text = '';
  for (let steps = 0; steps < max && text.length < max; steps++) {
    const next = waiting.pop();
    if (next === undefined) break;
    if (next.type === 'text') text += next.data;
    else if ('children' in next && next.type !== 'script' && next.type !== 'style') {
      for (let child = next.lastChild; child; child = child.prev) waiting.push(child);
    }
  }
  return text;
}
