import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PaperboyError } from '@paperboy/core';
import { workApart } from './apart.ts';
import { checkTemplate, type TemplateProblem } from './check-template.ts';
import type { CompiledMjml } from './compile-mjml.ts';
import { type Piece, pieceOf } from './html.ts';
import type { TemplateText } from './read-template.ts';
import { PIECES } from './template-pieces.ts';

/** The way out of the list stands within so many bytes of the body's begin, so that no client cuts it off. */
const LEAVE_WITHIN = 3_000;
/** What may stand around the papers; the rest of the 90 kB is theirs. */
const MOST_FRAME_BYTES = 45_000;
const PROBLEMS_TOLD = 20;

/** The pieces of a template by name. Throws TEMPLATE_INVALID with the place of every mistake, and PROCESS_FAILED. */
export async function compileTemplate(template: TemplateText): Promise<Map<string, Piece>> {
  refuse(template, checkTemplate(template.source));
  const { html, problems } = await compile(template.source);
  refuse(template, problems);
  const pieces = cutPieces(html);
  refuse(template, lostSlots(pieces));
  refuse(template, frameProblems(pieces));
  return pieces;
}

function refuse({ name }: TemplateText, problems: readonly TemplateProblem[]): void {
  if (problems.length === 0) return;
  const lines = problems.slice(0, PROBLEMS_TOLD).map(({ line, column, message }) => {
    const place = line === undefined ? '' : `:${line}${column === undefined ? '' : `:${column}`}`;
    return `${name}${place} ${message}`;
  });
  const others = problems.length - lines.length;
  if (others > 0) lines.push(`and ${others} more`);
  throw new PaperboyError('TEMPLATE_INVALID', lines.join('\n  '));
}

/** The last template and what became of it: a process often opens several renderers, and each on the same one. */
let last: { readonly source: string; readonly compiled: CompiledMjml } | undefined;

async function compile(source: string): Promise<CompiledMjml> {
  const ready = await compiledOwn();
  if (ready.sourceHash === createHash('sha256').update(source).digest('hex'))
    return { html: ready.html, problems: [] };
  if (last?.source !== source) last = { source, compiled: await workApart('compileMjml', source) };
  return last.compiled;
}

function cutPieces(html: string): Map<string, Piece> {
  const [start = '', ...rest] = html.split(/<!--cut:([a-zA-Z]+)-->/);
  const pieces = new Map([['start', pieceOf(start)]]);
  for (let index = 0; index + 1 < rest.length; index += 2) {
    pieces.set(rest[index] ?? '', pieceOf(rest[index + 1] ?? ''));
  }
  return pieces;
}

/** What stood where mjml keeps nothing. */
function lostSlots(pieces: ReadonlyMap<string, Piece>): TemplateProblem[] {
  return Object.entries(PIECES).flatMap(([name, slots]) => {
    const piece = pieces.get(name);
    if (piece === undefined)
      return [{ message: `mjml drops the mark cut:${name} where it stands` }];
    return slots
      .filter((slot) => !piece.slots.includes(slot))
      .map((slot) => ({ message: `mjml drops {{${slot}}} of cut:${name} where it stands` }));
  });
}

function frameProblems(pieces: ReadonlyMap<string, Piece>): TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  const start = pieces.get('start');
  const above = (start?.literals ?? []).slice(0, (start?.slots.indexOf('unsubscribe') ?? 0) + 1);
  const body = above.join('').replace(/^[\s\S]*<body/, '');
  if (Buffer.byteLength(body) > LEAVE_WITHIN) {
    const message = `{{unsubscribe}} comes ${Buffer.byteLength(body)} bytes after <body>; ${LEAVE_WITHIN} are allowed`;
    problems.push({ message });
  }
  const frame = ['start', 'foot', 'end'].flatMap((name) => pieces.get(name)?.literals ?? []);
  const bytes = Buffer.byteLength(frame.join(''));
  if (bytes > MOST_FRAME_BYTES) {
    const message = `what stands around the papers has ${bytes} bytes; ${MOST_FRAME_BYTES} are allowed`;
    problems.push({ message });
  }
  return problems;
}

/** Our own template as `packages/email/src/compile-own-template.ts` compiled it: most installations never load mjml. */
let own: Promise<{ readonly sourceHash: string; readonly html: string }> | undefined;

function compiledOwn() {
  own ??= readFile(new URL('./templates/digest.compiled.json', import.meta.url), 'utf8').then(
    JSON.parse,
  );
  return own;
}
