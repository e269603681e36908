import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { PaperboyError } from '@paperboy/core';
import { parse, YAMLParseError } from 'yaml';

/** Reads a seeds file: a list of entries. SEEDS_INVALID names file, entry and field of the first mistake. */
export async function readSeedFile<T>(path: string, read: (entry: SeedEntry) => T): Promise<T[]> {
  const file = `seeds/${basename(path)}`;
  const list = parsed(file, await readFile(path, 'utf8')) ?? [];
  if (!Array.isArray(list)) throw wrong(file, 'is not a list of entries');
  return list.map((fields: unknown, index) => {
    const entry = new SeedEntry(`${file}, entry ${index + 1}`, fields);
    const value = entry.attempt(() => read(entry));
    entry.refuseOtherFields();
    return value;
  });
}

function parsed(file: string, text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    if (!(cause instanceof YAMLParseError)) throw cause;
    const line = cause.linePos?.[0].line;
    throw wrong(line === undefined ? file : `${file}, line ${line}`, cause.message.split('\n')[0]);
  }
}

function wrong(place: string, what: string | undefined): PaperboyError {
  return new PaperboyError('SEEDS_INVALID', `${place}: ${what}`);
}

/** An error of the story as one that tells where in the seeds it was met. */
export function inSeeds(place: string, thrown: unknown): unknown {
  if (!(thrown instanceof PaperboyError) || thrown.code === 'SEEDS_INVALID') return thrown;
  return new PaperboyError('SEEDS_INVALID', `${place}: ${thrown.detail}`, { cause: thrown });
}

/** A mapping of a seeds file, read field by field; what nobody read is a mistake too. */
export class SeedEntry {
  readonly #place: string;
  readonly #fields: ReadonlyMap<string, unknown>;
  readonly #used = new Set<string>();

  constructor(place: string, fields: unknown) {
    this.#place = place;
    const isMapping = typeof fields === 'object' && fields !== null && !Array.isArray(fields);
    if (!isMapping) throw wrong(place, 'is not a mapping of fields');
    this.#fields = new Map(Object.entries(fields));
  }

  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined) throw this.#wrong(name, 'is missing');
    return value;
  }

  optionalText(name: string): string | undefined {
    const value = this.#take(name);
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string' || value.trim() === '') throw this.#wrong(name, 'is not a text');
    return value;
  }

  optionalNumber(name: string): number | undefined {
    const value = this.#take(name);
    if (value === undefined || value === null) return undefined;
    if (!Number.isInteger(value)) throw this.#wrong(name, 'is not a whole number');
    return Number(value);
  }

  optionalFlag(name: string): boolean | undefined {
    const value = this.#take(name);
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'boolean') throw this.#wrong(name, 'is neither true nor false');
    return value;
  }

  number(name: string): number {
    const value = this.optionalNumber(name);
    if (value === undefined) throw this.#wrong(name, 'is missing');
    return value;
  }

  choice<T extends string>(name: string, choices: readonly T[]): T {
    const value = this.text(name);
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw this.#wrong(name, `"${value}" is none of ${choices.join(', ')}`);
    return found;
  }

  /** A day such as `2026-03-10`, as its beginning in UTC. */
  optionalDay(name: string): Date | undefined {
    const value = this.optionalText(name);
    if (value === undefined) return undefined;
    const day = new Date(`${value}T00:00:00Z`);
    if (Number.isNaN(day.getTime())) throw this.#wrong(name, `"${value}" is not a day`);
    return day;
  }

  texts(name: string): string[] {
    const value = this.#take(name);
    if (!Array.isArray(value) || value.length === 0)
      throw this.#wrong(name, 'is not a list of texts');
    return value.map((item: unknown) => {
      if (typeof item !== 'string')
        throw this.#wrong(name, `${JSON.stringify(item)} is not a text`);
      return item;
    });
  }

  mapping<T>(name: string, read: (entry: SeedEntry) => T): T {
    const entry = new SeedEntry(`${this.#place}, ${name}`, this.#take(name));
    const value = read(entry);
    entry.refuseOtherFields();
    return value;
  }

  /** A field that another reader checks by itself. */
  optionalValue(name: string): unknown {
    return this.#take(name) ?? undefined;
  }

  /** Runs a check of the story's own (a query, a schedule) and adds to its error where the mistake is. */
  attempt<T>(check: () => T): T {
    try {
      return check();
    } catch (thrown) {
      throw inSeeds(this.#place, thrown);
    }
  }

  refuseOtherFields(): void {
    const other = [...this.#fields.keys()].find((name) => !this.#used.has(name));
    if (other !== undefined) throw this.#wrong(other, 'is not a field that is known here');
  }

  #take(name: string): unknown {
    this.#used.add(name);
    return this.#fields.get(name);
  }

  #wrong(name: string, what: string): PaperboyError {
    return wrong(this.#place, `"${name}" ${what}`);
  }
}
