/** A page with one piece of its markup gone. */
export interface Mutant {
  readonly what: string;
  readonly page: string;
}

const TAG = /<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|'[^']*'|[^<>"'])*)>/gi;
const ATTRIBUTE = /\s+([a-z][\w-]*)\s*(?:=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?/gi;
/** Points at which a page is cut; enough to hit every part of every entry of a fixture. */
const CUTS = 150;
/** Attributes that a reader may look at; another value of any other changes nothing that its absence does not. */
const TELLING = /^(?:class|id|href|role|data-[a-z]+)$/;

/** Every page that lacks one tag, one attribute, one value or one word of a class, or everything from some point. */
export function* htmlMutants(page: string): Generator<Mutant> {
  for (const tag of page.matchAll(TAG)) {
    const [all, slash, name = '', attributes = ''] = tag;
    const without = (from: number, length: number, put = '') =>
      page.slice(0, tag.index + from) + put + page.slice(tag.index + from + length);
    const where = `<${slash}${name}> at ${tag.index}`;
    yield { what: `without ${where}`, page: without(0, all.length) };
    if (slash === '/') continue;
    const start = 1 + name.length;
    for (const attribute of attributes.matchAll(ATTRIBUTE)) {
      const [text, key = '', value = ''] = attribute;
      const at = start + attribute.index;
      yield { what: `without ${key} of ${where}`, page: without(at, text.length) };
      if (value === '' || !TELLING.test(key)) continue;
      const valueAt = at + text.lastIndexOf(value);
      yield {
        what: `with another ${key} of ${where}`,
        page: without(valueAt, value.length, '"changed"'),
      };
      if (key !== 'class') continue;
      const words = [...value.matchAll(/[\w-]+/g)];
      for (const word of words.length > 1 ? words : []) {
        yield {
          what: `without class ${word[0]} of ${where}`,
          page: without(valueAt + word.index, word[0].length),
        };
      }
    }
  }
  yield* cuts(page);
}

/** Every feed that lacks one start or end tag, or everything from some point. An empty element that is gone leaves no sign. */
export function* xmlMutants(page: string): Generator<Mutant> {
  const markup = page.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, (text) => ' '.repeat(text.length));
  for (const { 0: tag, index } of markup.matchAll(/<\/?[a-z][^<>]*>/gi)) {
    if (tag.endsWith('/>')) continue;
    const rest = page.slice(index + tag.length);
    yield { what: `without ${tag} at ${index}`, page: page.slice(0, index) + rest };
  }
  yield* cuts(page);
}

/** Every mail that lacks one line of its grammar; the lines of a text are nobody's landmark. */
export function* mailMutants(page: string): Generator<Mutant> {
  const lines = page.split('\n');
  for (const [index, line] of lines.entries()) {
    if (!/^(?:\\\\|[-%]{20}|[A-Za-z-]+:|replaced with|\s*$)/.test(line)) continue;
    yield {
      what: `without line ${index + 1}: ${line.slice(0, 60)}`,
      page: lines.toSpliced(index, 1).join('\n'),
    };
  }
  yield* cuts(page);
}

function* cuts(page: string): Generator<Mutant> {
  const step = Math.max(1, Math.floor(page.length / CUTS));
  for (let end = 0; end < page.length; end += step) {
    yield { what: `cut after ${end}`, page: page.slice(0, end) };
  }
}
