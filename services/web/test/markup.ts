const VOID = new Set(['meta', 'link', 'br', 'hr', 'img', 'input', 'base']);
const TAG = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*>/y;

/**
 * The elements of a page in the order they open, with their attributes. Stricter than any browser: throws at a
 * tag that is not closed, a `<` that opens no tag, an attribute without quotes, or an id that is there twice.
 */
export function elementsOf(page: string): { name: string; attributes: Map<string, string> }[] {
  const elements: { name: string; attributes: Map<string, string> }[] = [];
  const open: string[] = [];
  const ids = new Set<string>();
  const text = page.replace(/^<!doctype html>/, '');
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    TAG.lastIndex = at;
    const tag = TAG.exec(text);
    if (!tag) throw new Error(`no tag: ${text.slice(at, at + 60)}`);
    const [whole, slash, name = '', rest = ''] = tag;
    at += whole.length;
    if (slash) {
      const opened = open.pop();
      if (opened !== name) throw new Error(`</${name}> closes <${opened}>`);
      continue;
    }
    const attributes = new Map(
      [...rest.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)].map(([, key = '', value = '']) => [
        key,
        value,
      ]),
    );
    const id = attributes.get('id');
    if (id !== undefined && ids.has(id)) throw new Error(`the id ${id} is there twice`);
    if (id !== undefined) ids.add(id);
    elements.push({ name, attributes });
    if (!VOID.has(name)) open.push(name);
  }
  if (open.length > 0) throw new Error(`not closed: ${open.join(', ')}`);
  return elements;
}

/** The text a reader sees, with one blank between pieces. */
export function textOf(page: string): string {
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return page
    .replace(/<head>[\s\S]*<\/head>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] ?? '')
    .replace(/\s+/g, ' ')
    .replace(/ ([,.;)])/g, '$1')
    .trim();
}
