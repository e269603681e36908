import { readFile } from 'node:fs/promises';
import { PaperboyError } from '@paperboy/core';
import { fillPiece, type Html, type Piece, pieceOf } from './html.ts';
import { encodePiece, type QuotedPrintableWriter } from './quoted-printable.ts';

/** The pieces of templates/digest.mjml in the order they stand there, each with its slots. */
const PIECES = {
  start: ['subject', 'preheader', 'date', 'unsubscribe', 'lead'],
  section: ['heading', 'count'],
  cardOpen: [],
  kicker: ['topics'],
  title: ['url', 'title'],
  leadTitle: ['url', 'title'],
  shortTitle: ['url', 'title'],
  plainTitle: ['title'],
  authors: ['authors'],
  history: ['history'],
  text: ['text'],
  summary: ['text'],
  why: ['why'],
  links: ['links'],
  link: ['url', 'describes', 'label'],
  feedback: ['url'],
  cardClose: [],
  more: ['url', 'more'],
  empty: ['line'],
  foot: [],
  note: ['note'],
  reason: ['reason', 'links'],
  footLink: ['url', 'label'],
  postal: ['postal'],
  end: [],
} as const satisfies Record<string, readonly string[]>;

type PieceName = keyof typeof PIECES;
type Slots<Name extends PieceName> = Readonly<Record<(typeof PIECES)[Name][number], Html>>;

/** The compiled look of a digest. */
export interface Layout {
  /** A piece as markup. */
  fill<Name extends PieceName>(name: Name, slots: Slots<Name>): Html;
  /** Writes a piece; the layout's own part of it was encoded at start. */
  write<Name extends PieceName>(out: QuotedPrintableWriter, name: Name, slots: Slots<Name>): void;
}

/** Compiles digest.mjml: 10 ms, once at start. Throws INTERNAL when the template and its list of pieces disagree. */
export async function loadLayout(): Promise<Layout> {
  const source = await readFile(new URL('./templates/digest.mjml', import.meta.url), 'utf8');
  const pieces = cutPieces(await compile(source));
  const encoded = new Map<string, readonly Buffer[]>();
  for (const [name, { literals }] of pieces) encoded.set(name, literals.map(encodePiece));
  const pieceNamed = (name: PieceName): Piece => pieces.get(name) ?? { literals: [], slots: [] };
  return {
    fill: (name, slots) => fillPiece(pieceNamed(name), slots),
    write(out, name, slots) {
      const values: Readonly<Record<string, Html>> = slots;
      const names = pieceNamed(name).slots;
      for (const [index, literal] of (encoded.get(name) ?? []).entries()) {
        out.add(literal);
        const value = values[names[index] ?? ''];
        if (value) out.encode(value);
      }
    },
  };
}

/**
 * Signs of no or blank width that fill the inbox line behind the preheader, so that the masthead does not
 * leak into it.
 */
const PADDING = '\u034f\u2007'.repeat(80);

async function compile(source: string): Promise<string> {
  // Loaded here, as its 0.2 s and 90 MiB are for those alone who render.
  const { default: mjml2html } = await import('mjml');
  const { html, errors } = await mjml2html(source, {
    ignoreIncludes: true,
    fonts: {},
    validationLevel: 'soft',
  });
  if (errors.length > 0) {
    throw new PaperboyError('INTERNAL', `digest.mjml: ${errors[0]?.formattedMessage}`);
  }
  // mjml indents what it writes; a line end is the same blank to a reader and a fifth of the bytes.
  return html
    .replace(/\s*\n\s*/g, '\n')
    .trim()
    .replace('{{padding}}', PADDING);
}

function cutPieces(html: string): Map<string, Piece> {
  const [start = '', ...rest] = html.split(/<!--cut:([a-zA-Z]+)-->/);
  const pieces = new Map([['start', pieceOf(start)]]);
  for (let index = 0; index + 1 < rest.length; index += 2) {
    pieces.set(rest[index] ?? '', pieceOf(rest[index + 1] ?? ''));
  }
  for (const [name, slots] of Object.entries(PIECES)) {
    // mjml repeats the title as the label of the message.
    const found = new Set(pieces.get(name)?.slots);
    if (
      !pieces.has(name) ||
      found.size !== slots.length ||
      slots.some((slot) => !found.has(slot))
    ) {
      throw new PaperboyError(
        'INTERNAL',
        `digest.mjml: the piece ${name} has not the slots ${slots}`,
      );
    }
  }
  return pieces;
}
