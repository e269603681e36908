import type { PageDeclaration, PageFormat, PageReading } from '@paperboy/core';
import { decodePage } from './decode-page.ts';

/** What a reader is given: the bytes as they came, and their text, decoded at the first use and then kept. */
export interface RawPage {
  readonly bytes: Uint8Array;
  readonly text: string;
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

/** A page before anybody knows its format. */
export function rawPage(
  input: Pick<RawPage, 'bytes' | 'contentType' | 'address' | 'declaration'>,
): RawPage {
  let decoded: ReturnType<typeof decodePage> | undefined;
  const decode = () => {
    decoded ??= decodePage(input.bytes, input.contentType);
    return decoded;
  };
  return {
    ...input,
    get text() {
      return decode().text;
    },
    get endsInsideCharacter() {
      return decode().endsInsideCharacter;
    },
    get decodeWarnings() {
      return decode().warnings;
    },
  };
}
