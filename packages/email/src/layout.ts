import { readFile } from 'node:fs/promises';
import { PaperboyError } from '@paperboy/core';
import mjml2html from 'mjml';
import { encodePiece } from './encode.ts';
import { fillPiece, type Html, type Piece, pieceOf } from './html.ts';

/** The pieces of templates/digest.mjml in the order they stand there, each with its slots. */
const PIECES = {
  start: ['subject', 'preheader', 'padding', 'date', 'unsubscribe', 'lead'],
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
  /** A piece as quoted-printable buffers, the layout's own parts of which were encoded once. */
  encode<Name extends PieceName>(name: Name, slots: Slots<Name>): Buffer[];
}

/** Compiles digest.mjml: 10 ms, once at start. Throws INTERNAL when the template and its list of pieces disagree. */
export async function loadLayout(): Promise<Layout> {
  const source = await readFile(new URL('./templates/digest.mjml', import.meta.url), 'utf8');
  const pieces = cutPieces(await compile(source));
  const encoded = new Map<Piece, readonly Buffer[]>();
  for (const piece of pieces.values()) {
    encoded.set(
      piece,
      piece.literals.map((literal) => Buffer.from(encodePiece(literal))),
    );
  }
  const pieceNamed = (name: PieceName): Piece => pieces.get(name) ?? { literals: [], slots: [] };
  return {
    fill: (name, slots) => fillPiece(pieceNamed(name), slots),
    encode(name, slots) {
      const values: Readonly<Record<string, Html>> = slots;
      const piece = pieceNamed(name);
      const literals = encoded.get(piece) ?? [];
      const buffers: Buffer[] = [];
      for (const [index, literal] of literals.entries()) {
        buffers.push(literal);
        const value = values[piece.slots[index] ?? ''];
        if (value) buffers.push(encodePiece(value));
      }
      return buffers;
    },
  };
}

async function compile(source: string): Promise<string> {
  const { html, errors } = await mjml2html(source, {
    ignoreIncludes: true,
    fonts: {},
    validationLevel: 'soft',
  });
  if (errors.length > 0) {
    throw new PaperboyError('INTERNAL', `digest.mjml: ${errors[0]?.formattedMessage}`);
  }
  // mjml indents what it writes; a line end is the same blank to a reader and a fifth of the bytes.
  return html.replace(/\s*\n\s*/g, '\n').trim();
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
