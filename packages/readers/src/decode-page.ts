import { isUtf8 } from './utf8-pieces.ts';

/** A page's bytes as text. */
export interface DecodedPage {
  readonly text: string;
  /** The encoding that was used, by its WHATWG name. */
  readonly encoding: string;
  /** The last character is incomplete and was left out. */
  readonly endsInsideCharacter: boolean;
  readonly warnings: readonly string[];
}

/** Encodings are declared in the first bytes (HTML standard: 1024). */
const HEAD_BYTES = 1024;

/**
 * Decodes a page: byte order mark, then UTF-8 where the bytes are UTF-8 beyond doubt, then what the
 * Content-Type or the page's head declares, then windows-1252. Never throws.
 */
export function decodePage(bytes: Uint8Array, contentType?: string): DecodedPage {
  const mark = byteOrderMark(bytes);
  if (mark !== undefined) return decodeAs(mark, bytes, []);
  const zeros = utf16ByZeros(bytes);
  const declared = declaredEncoding(bytes, contentType);
  if (declared.encoding?.startsWith('utf-16') && zeros !== undefined) {
    return decodeAs(declared.encoding, bytes, declared.warnings);
  }
  if (zeros !== undefined) {
    return decodeAs(zeros, bytes, [...declared.warnings, `no encoding declared; read as ${zeros}`]);
  }
  return decodeBytewise(bytes, declared.encoding, declared.warnings);
}

/** Whether these bytes are UTF-8 to their end and nothing, no mark and no declaration, says otherwise. */
export function isPlainUtf8(bytes: Uint8Array, contentType?: string): boolean {
  if (byteOrderMark(bytes) !== undefined || utf16ByZeros(bytes) !== undefined) return false;
  const { encoding, warnings } = declaredEncoding(bytes, contentType);
  const isDeclared = encoding === undefined || encoding === 'utf-8';
  return isDeclared && warnings.length === 0 && isUtf8(bytes);
}

function decodeBytewise(
  bytes: Uint8Array,
  declared: string | undefined,
  warnings: readonly string[],
): DecodedPage {
  const other = declared === 'utf-8' ? undefined : declared;
  const utf8 = strictUtf8(bytes);
  if (utf8 === undefined) return decodeNonUtf8(bytes, other, warnings);
  if (other === undefined) return { ...utf8, warnings };
  // Text of another encoding is next to never valid UTF-8, unless all of it is ASCII (ISO-2022-JP).
  const isAscii = utf8.text.length === bytes.length;
  if (isAscii && !other.startsWith('utf-16')) return decodeAs(other, bytes, warnings);
  return { ...utf8, warnings: [...warnings, `declared as ${other}, but is UTF-8`] };
}

function decodeNonUtf8(
  bytes: Uint8Array,
  declared: string | undefined,
  warnings: readonly string[],
): DecodedPage {
  if (declared !== undefined) return decodeAs(declared, bytes, warnings);
  const lenient = decodeAs('utf-8', bytes, []);
  const broken = count(lenient.text, '\ufffd');
  const whole = lenient.text.match(/[^\0-\x7f\ufffd]/g)?.length ?? 0;
  // A few damaged bytes among good UTF-8 are damage; the other way round it is another encoding.
  if (whole > broken) {
    return { ...lenient, warnings: [...warnings, `damaged characters: ${broken}`] };
  }
  return decodeAs('windows-1252', bytes, [
    ...warnings,
    'not valid UTF-8 and no other encoding declared; read as windows-1252',
  ]);
}

/** The text when every byte is UTF-8 but for a last character that may be cut off. */
function strictUtf8(bytes: Uint8Array): Omit<DecodedPage, 'warnings'> | undefined {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const text = attempt(() => decoder.decode(bytes, { stream: true }));
  if (text === undefined) return undefined;
  const endsInsideCharacter = attempt(() => decoder.decode()) === undefined;
  return { text, encoding: 'utf-8', endsInsideCharacter };
}

function attempt(decode: () => string): string | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}

function decodeAs(encoding: string, bytes: Uint8Array, warnings: readonly string[]): DecodedPage {
  const decoder = new TextDecoder(encoding);
  const text = decoder.decode(bytes, { stream: true });
  return { text, encoding, endsInsideCharacter: decoder.decode() !== '', warnings };
}

function byteOrderMark(bytes: Uint8Array): string | undefined {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return undefined;
}

/** UTF-16 that nobody declared: in mostly Latin text every other byte is zero. */
export function utf16ByZeros(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const pairs = Math.min(bytes.length, HEAD_BYTES) >> 1;
  let highFirst = 0;
  let lowFirst = 0;
  for (let pair = 0; pair < pairs; pair++) {
    if (bytes[2 * pair] === 0 && bytes[2 * pair + 1] !== 0) highFirst++;
    if (bytes[2 * pair] !== 0 && bytes[2 * pair + 1] === 0) lowFirst++;
  }
  if (pairs >= 2 && lowFirst > pairs * 0.7 && highFirst === 0) return 'utf-16le';
  if (pairs >= 2 && highFirst > pairs * 0.7 && lowFirst === 0) return 'utf-16be';
  return undefined;
}

function declaredEncoding(
  bytes: Uint8Array,
  contentType: string | undefined,
): { encoding?: string; warnings: string[] } {
  const label = charsetIn(contentType ?? '') ?? charsetInHead(bytes);
  if (label === undefined) return { warnings: [] };
  const encoding = attempt(() => new TextDecoder(label).encoding);
  if (encoding !== undefined) return { encoding, warnings: [] };
  return { warnings: [`unknown encoding "${label.slice(0, 40)}" declared`] };
}

function charsetInHead(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder('windows-1252').decode(bytes.subarray(0, HEAD_BYTES));
  const xml = /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']/i.exec(head);
  if (xml) return xml[1];
  const meta = /<meta\s[^>]*charset\s*=[^>]*>/i.exec(head);
  return meta ? charsetIn(meta[0]) : undefined;
}

function charsetIn(text: string): string | undefined {
  return /charset\s*=\s*(?:["']\s*)?([\w.:-]+)/i.exec(text)?.[1];
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
