import type { PageDeclaration, PageFormat, PageReading } from '@paperboy/core';
import { decodePage, isPlainUtf8 } from './decode-page.ts';

/** What a reader is given: the bytes as they came, and their text, decoded at the first use and then kept. */
export interface RawPage {
  readonly bytes: Uint8Array;
  readonly text: string;
  /** Its first characters, some 500; they cost less than all of it. */
  readonly start: string;
  /** The bytes, where they are UTF-8 and nothing says otherwise: a reader may take from them what it needs. */
  readonly utf8?: Uint8Array;
  /** The bytes end inside a character, so the page is cut. */
  readonly endsInsideCharacter: boolean;
  /** What decoding had to guess. */
  readonly decodeWarnings: readonly string[];
  /** The Content-Type the page was served with. */
  readonly contentType?: string;
  /** The address that answered, after redirects. */
  readonly address?: string;
  /** How its operator says that it is to be read. */
  readonly declaration?: PageDeclaration;
}

/**
 * Reads one format. A new format is one file with one of these and one line in `READERS` (read-page.ts).
 * Neither function throws for any page, and both take time in proportion to its length.
 */
export interface Reader {
  readonly format: PageFormat;
  /** Whether the content bears this format's marks; file names and Content-Type decide nothing. */
  recognises(page: RawPage): boolean;
  /** Reads a page, also one it would not recognise (the caller may insist on a format). */
  read(page: RawPage): PageReading;
}

const START = 500;

/** A page before anybody knows its format. */
export function rawPage(
  input: Pick<RawPage, 'bytes' | 'contentType' | 'address' | 'declaration'>,
): RawPage {
  const { bytes, contentType } = input;
  const utf8 = isPlainUtf8(bytes, contentType) ? bytes : undefined;
  let decoded: ReturnType<typeof decodePage> | undefined;
  const decode = () => {
    decoded ??= decodePage(bytes, contentType);
    return decoded;
  };
  return {
    ...input,
    ...(utf8 && { utf8 }),
    get text() {
      return decode().text;
    },
    get start() {
      if (utf8 === undefined) return decode().text.slice(0, START);
      return new TextDecoder().decode(utf8.subarray(0, START), { stream: true });
    },
    get endsInsideCharacter() {
      return utf8 === undefined && decode().endsInsideCharacter;
    },
    get decodeWarnings() {
      return utf8 === undefined ? decode().warnings : [];
    },
  };
}
