const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const BLANKS: ReadonlySet<number | undefined> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/**
 * The items of a JSON list from its bytes in UTF-8, decoded and parsed one by one: as one text a list of 300 kB takes
 * four times as long, since a string of that size is made in memory that the system has to hand out first. Undefined
 * where that does not do, which says nothing of the page.
 */
export function jsonItems(utf8: Uint8Array): unknown[] | undefined {
  const pieces = piecesOf(utf8);
  if (pieces === undefined) return undefined;
  const decoder = new TextDecoder();
  try {
    return pieces.map((piece) => JSON.parse(decoder.decode(piece)));
  } catch {
    return undefined;
  }
}

/** What stands between the commas of the outermost list; whether that is JSON is for the parser to say. */
function piecesOf(utf8: Uint8Array): Uint8Array[] | undefined {
  const pieces: Uint8Array[] = [];
  const start = pastBlanks(utf8, 0);
  if (utf8[start] !== OPEN_LIST) return undefined;
  let depth = 0;
  let from = start + 1;
  for (let at = start; at < utf8.length; at++) {
    const sign = utf8[at];
    if (sign === QUOTE) at = endOfString(utf8, at);
    else if (sign === OPEN_LIST || sign === OPEN_OBJECT) depth++;
    else if (sign === CLOSE_LIST || sign === CLOSE_OBJECT) depth--;
    const isEnd = depth === 0;
    if (!isEnd && (sign !== COMMA || depth > 1)) continue;
    pieces.push(utf8.subarray(from, at));
    from = at + 1;
    if (!isEnd) continue;
    const isWhole = sign === CLOSE_LIST && pastBlanks(utf8, from) === utf8.length;
    return isWhole ? pieces : undefined;
  }
  return undefined;
}

function pastBlanks(utf8: Uint8Array, from: number): number {
  let at = from;
  while (BLANKS.has(utf8[at])) at++;
  return at;
}

/** The place of the quote that closes the string opened at `start`; past the end where there is none. */
function endOfString(utf8: Uint8Array, start: number): number {
  for (let at = utf8.indexOf(QUOTE, start + 1); at >= 0; at = utf8.indexOf(QUOTE, at + 1)) {
    let before = at;
    while (utf8[before - 1] === BACKSLASH) before--;
    if ((at - before) % 2 === 0) return at;
  }
  return utf8.length;
}
