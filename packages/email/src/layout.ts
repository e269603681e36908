import { compileTemplate } from './compile-template.ts';
import { fillPiece, type Html, type Piece } from './html.ts';
import { encodePiece, type QuotedPrintableWriter } from './quoted-printable.ts';
import { readTemplate } from './read-template.ts';
import type { PIECES, PieceName } from './template-pieces.ts';

/**
 * Signs of no or blank width that fill the inbox line behind the preheader, so that the masthead does not
 * leak into it.
 */
const PADDING = '\u034f\u2007'.repeat(80);

/** The padding is the same for everybody, so nobody fills it in. */
type SlotOf<Name extends PieceName> = Exclude<(typeof PIECES)[Name][number], 'padding'>;
type Slots<Name extends PieceName> = Readonly<Record<SlotOf<Name>, Html>>;

/** A piece that is filled but for one slot, encoded: the slot stands between each two. */
export type OpenPiece = readonly Buffer[];

/** The compiled look of a digest. */
export interface Layout {
  /** A piece as markup. */
  fill<Name extends PieceName>(name: Name, slots: Slots<Name>): Html;
  /** Writes a piece; the layout's own part of it was encoded at start. */
  write<Name extends PieceName>(out: QuotedPrintableWriter, name: Name, slots: Slots<Name>): void;
  /** Fills and encodes all of a piece that is the same for everybody, and leaves one slot open. */
  fillBut<Name extends PieceName, Open extends SlotOf<Name>>(
    name: Name,
    open: Open,
    slots: Omit<Slots<Name>, Open>,
  ): OpenPiece;
}

/**
 * Compiles the template, once at start: the one that stands in `folder`, or our own. Throws TEMPLATE_INVALID with the
 * place of every mistake, and PROCESS_FAILED.
 */
export async function loadLayout(folder = ''): Promise<Layout> {
  const pieces = await compileTemplate(await readTemplate(folder));
  pieces.set('start', withPadding(pieces.get('start') ?? { literals: [], slots: [] }));
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
    fillBut: (name, open, slots) => openPiece(pieceNamed(name), open, slots),
  };
}

/** Writes an open piece; what fills it is encoded once. */
export function writeOpen(out: QuotedPrintableWriter, piece: OpenPiece, value: Html): void {
  const filling = encodePiece(value);
  for (const [index, literal] of piece.entries()) {
    if (index > 0) out.add(filling);
    out.add(literal);
  }
}

function withPadding({ literals, slots }: Piece): Piece {
  const at = slots.indexOf('padding');
  const joined = `${literals[at]}${PADDING}${literals[at + 1]}`;
  return { literals: literals.toSpliced(at, 2, joined), slots: slots.toSpliced(at, 1) };
}

function openPiece(
  { literals, slots }: Piece,
  open: string,
  values: Readonly<Record<string, Html>>,
): OpenPiece {
  const parts = [literals[0] ?? ''];
  for (const [index, slot] of slots.entries()) {
    const literal = literals[index + 1] ?? '';
    if (slot === open) parts.push(literal);
    else parts[parts.length - 1] += (values[slot] ?? '') + literal;
  }
  return parts.map(encodePiece);
}
