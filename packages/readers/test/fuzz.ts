/**
 * Feeds damaged pages to every reader, outside of the test run:
 *
 *     npm run fuzz -- [--runs 200000] [--seed 1] [--start 0] [--reader hf-page]
 *
 * The same seed damages the same fixtures in the same way, and every run stands by itself: one that found
 * something comes again with its number as `--start` and `--runs 1`. Ends with 1 when anything was found.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import {
  PAGE_FORMATS,
  type PageDeclaration,
  type PageFormat,
  type PageReading,
} from '@paperboy/core';
import { type PageInput, READERS, readPage } from '../src/read-page.ts';
import { rawPage } from '../src/reader.ts';
import { chanceOf, damaged } from './damage.ts';
import { DECLARED_CARDS, DECLARED_PAIRS } from './declarations.ts';
import { faultIn } from './sound-reading.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures');
/** A reading may take so much of a processor; real ones take a tenth of it. A collection of garbage gets three tries. */
const MS_PER_MEGABYTE = 4_000;
const MS_AT_LEAST = 250;
const TRIES = 3;
const MOST_FINDINGS = 20;

interface Seed {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The format that the whole page is of. */
  readonly format: PageFormat | undefined;
  readonly declaration?: PageDeclaration;
}

interface Options {
  readonly runs: number;
  readonly seed: number;
  readonly start: number;
  readonly format?: PageFormat;
}

process.exitCode = main(options());

function options(): Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { runs: text, seed: text, start: text, reader: text } });
  const number = (name: 'runs' | 'seed' | 'start', otherwise: number) => {
    const value = Number(values[name] ?? otherwise);
    if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} is a number from 0`);
    return value;
  };
  const format = PAGE_FORMATS.find((one) => one === values.reader);
  if (values.reader !== undefined && format === undefined) {
    throw new Error(`--reader is one of ${PAGE_FORMATS.join(', ')}`);
  }
  return {
    runs: number('runs', 20_000),
    seed: number('seed', 1),
    start: number('start', 0),
    ...(format && { format }),
  };
}

function main({ runs, seed, start, format }: Options): number {
  const all = seeds();
  const chosen = all.filter((one) => format === undefined || one.format === format);
  if (chosen.length === 0) throw new Error(`no fixture is read as ${format}`);
  const outcomes = new Map<string, number>();
  let findings = 0;
  let done = 0;
  let slowest = { msPerMegabyte: 0, run: 0 };
  for (let run = start; run < start + runs && findings < MOST_FINDINGS; run++) {
    done++;
    const { page, about } = pageOf(run, seed, chosen, all);
    const { fault, outcome, ms } = tryReading(page);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    const msPerMegabyte = ms / Math.max(0.1, page.bytes.length / 1e6);
    if (msPerMegabyte > slowest.msPerMegabyte) slowest = { msPerMegabyte, run };
    if (fault !== undefined) {
      findings++;
      const file = join(tmpdir(), `paperboy-fuzz-${seed}-${run}`);
      writeFileSync(file, page.bytes);
      process.stdout.write(`run ${run}: ${about}: ${fault.slice(0, 300)}\n  ${file}\n`);
    }
  }
  const counts = [...outcomes]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `  ${name}: ${count}`);
  process.stdout.write(
    `${done} runs of ${chosen.length} fixtures, seed ${seed}: ${findings} findings; slowest ${Math.round(slowest.msPerMegabyte)} ms a megabyte (run ${slowest.run})\n${counts.join('\n')}\n`,
  );
  return findings === 0 ? 0 : 1;
}

function seeds(): readonly Seed[] {
  return readdirSync(FIXTURES, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && !file.name.endsWith('.md'))
    .map((file) => {
      const bytes = readFileSync(join(file.parentPath, file.name));
      const declaration = declarationOf(file.name);
      const page = { bytes, ...(declaration && { declaration }) };
      const format = READERS.find((reader) => reader.recognises(rawPage(page)))?.format;
      return { name: file.name, format, ...page };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function declarationOf(name: string): PageDeclaration | undefined {
  if (!name.startsWith('declared-')) return undefined;
  return name.includes('pairs') ? DECLARED_PAIRS : DECLARED_CARDS;
}

function pageOf(
  run: number,
  seed: number,
  chosen: readonly Seed[],
  all: readonly Seed[],
): { page: PageInput; about: string } {
  const chance = chanceOf(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(run + 1, 0x85ebca6b));
  const one = chosen[chance(chosen.length)];
  if (one === undefined) throw new Error('no fixtures');
  const { bytes, ways } = damaged(
    one.bytes,
    all.map((other) => other.bytes),
    chance,
  );
  // Now and then a caller insists on a format: its own, or any other.
  const insisted = [one.format, PAGE_FORMATS[chance(PAGE_FORMATS.length)]][chance(6)];
  const page = {
    bytes,
    address: 'https://example.org/list/x/recent?show=50',
    ...(insisted && { format: insisted }),
    ...(one.declaration && { declaration: one.declaration }),
  };
  return { page, about: `${one.name} (${ways})${insisted ? ` as ${insisted}` : ''}` };
}

function tryReading(page: PageInput): { fault: string | undefined; outcome: string; ms: number } {
  const limit = MS_AT_LEAST + (page.bytes.length / 1e6) * MS_PER_MEGABYTE;
  let ms = Number.POSITIVE_INFINITY;
  let reading: PageReading | undefined;
  try {
    for (let left = TRIES; left > 0 && ms > limit; left--) {
      const before = process.cpuUsage();
      reading = readPage(page);
      const { user, system } = process.cpuUsage(before);
      ms = Math.min(ms, (user + system) / 1_000);
    }
    if (reading === undefined) return { fault: 'no reading', outcome: 'none', ms };
    const isSame = isDeepStrictEqual(readPage(page), reading);
    const slow = ms > limit ? `${Math.round(ms)} ms for ${page.bytes.length} bytes` : undefined;
    const fault = isSame ? (faultIn(reading) ?? slow) : 'reads otherwise the second time';
    return { fault, outcome: outcomeOf(reading), ms };
  } catch (thrown) {
    return {
      fault: thrown instanceof Error ? thrown.stack : String(thrown),
      outcome: 'thrown',
      ms,
    };
  }
}

function outcomeOf(reading: PageReading): string {
  if (reading.kind === 'unreadable')
    return `${reading.format ?? 'none'} unreadable, ${reading.reason}`;
  return `${reading.format} ${reading.cutBecause === undefined ? 'listing' : 'listing, cut'}`;
}
