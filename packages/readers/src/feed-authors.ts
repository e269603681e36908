/** In UTF-16 units: some 3,000 names. */
const MAX_LENGTH = 100_000;
/** One person's name with an address. */
const MAX_ADDRESS = 300;
const INITIALS = /^(?:\p{Lu}\.?[ -]?){1,5}$/u;

/**
 * The names in the creators of any feed: one to an element, or all in one, as `Ada Roe, Bo Li`, as
 * `Roe, A.; Li, B.` or as `Roe, A., Li, B.`; RSS puts an address before or behind a name.
 */
export function authorNames(creators: readonly string[]): string[] {
  return creators.flatMap((creator) => {
    const text = withoutAddress(creator.slice(0, creator.includes('@') ? MAX_ADDRESS : MAX_LENGTH));
    return creators.length > 1 && !text.includes(';') ? [text] : splitNames(text);
  });
}

function splitNames(text: string): string[] {
  const parts = (text: string, by: RegExp) =>
    withoutBrackets(text)
      .split(by)
      .map((part) => part.trim())
      .filter((part) => part !== '');
  if (text.includes(';')) return parts(text, /;/);
  const names = parts(text, /,|\s+(?:and|&)\s+/);
  const isPairs =
    names.length % 2 === 0 && names.every((part, at) => at % 2 === 0 || INITIALS.test(part));
  if (isPairs) {
    return names.flatMap((name, at) => (at % 2 === 0 ? `${name}, ${names[at + 1]}` : []));
  }
  // `Doe, Jane` is one person; nobody has three parts by commas.
  const isOne =
    names.length === 2 && names.some((part) => !part.includes(' ')) && text.includes(',');
  return isOne ? [names.join(', ')] : names;
}

/** Brackets and what is in them left out; text with brackets that do not match stays as it is. */
function withoutBrackets(text: string): string {
  if (!text.includes('(')) return text;
  let outside = '';
  let depth = 0;
  let from = 0;
  for (const { 0: sign, index } of text.matchAll(/[()]/g)) {
    if (depth === 0) outside += text.slice(from, index);
    depth = Math.max(depth + (sign === '(' ? 1 : -1), 0);
    from = index + 1;
  }
  return depth === 0 ? (outside + text.slice(from)).replace(/\s+(?=,)/g, '') : text;
}

/** `ada@example.org (Ada Roe)` (RSS 2.0) and `Ada Roe <ada@example.org>` as the name alone. */
function withoutAddress(text: string): string {
  if (!text.includes('@')) return text;
  const named = /^\s*\S+@\S+\s+\(([^()]+)\)\s*$/.exec(text)?.[1];
  return named ?? text.replace(/[<(]?[^\s<>()]+@[^\s<>()]+[>)]?/g, ' ').trim();
}
