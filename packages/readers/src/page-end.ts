import { scanTags } from './scan-tags.ts';

/** Elements without an end tag, and those whose end tag HTML lets people leave out (13.1.2.4). */
const NO_END_NEEDED =
  /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr|p|li|dt|dd|option|optgroup|tr|td|th|thead|tbody|tfoot|rt|rp|colgroup|caption|head)$/;
const HTML_END = /<\/(?:html|body)\s*>/i;

/**
 * How a page ends: `whole` with its end tag or as a fragment with nothing open, `unclosed` where only html or
 * body are open, as some generators leave them, `cut` inside anything else or inside a tag.
 */
export function pageEnd(html: string): 'whole' | 'unclosed' | 'cut' {
  if (HTML_END.test(html.slice(-20_000))) return 'whole';
  const open: string[] = [];
  let isInsideTag = false;
  scanTags(html, ({ name, kind, complete }) => {
    isInsideTag ||= !complete;
    if (kind === 'start' && !NO_END_NEEDED.test(name)) open.push(name);
    else if (kind === 'end') close(open, name);
    return false;
  });
  if (isInsideTag || open.some((name) => name !== 'html' && name !== 'body')) return 'cut';
  return open.length > 0 || /<[^<>]*$/.test(html.slice(-200)) ? 'unclosed' : 'whole';
}

/** Ends the innermost element of that name and what is open inside it; looks back only as far as tags nest. */
function close(open: string[], name: string): void {
  const from = Math.max(0, open.length - 1_000);
  for (let at = open.length - 1; at >= from; at--) {
    if (open[at] !== name) continue;
    open.length = at;
    return;
  }
}
