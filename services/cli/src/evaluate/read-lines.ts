import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { PaperboyError } from '@paperboy/core';
import { fileIn } from '../page-files.ts';

/** One line of a file of JSON lines. */
export interface FileLine {
  readonly file: string;
  readonly number: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * The objects of a file with one JSON object per line; blank lines are skipped. Throws NOT_FOUND, or USAGE with
 * file and line where a line is no object.
 */
export async function* readLines(folder: string, name: string): AsyncGenerator<FileLine> {
  const { path } = fileIn(folder, name);
  const input = createReadStream(path, 'utf8');
  let number = 0;
  try {
    for await (const text of createInterface({ input, crlfDelay: Infinity })) {
      number++;
      if (text.trim() === '') continue;
      yield { file: name, number, fields: parseObject(text, name, number) };
    }
  } catch (cause) {
    if (cause instanceof PaperboyError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (code === 'ENOENT') throw new PaperboyError('NOT_FOUND', `there is no file ${name}`);
    throw new PaperboyError('USAGE', `${name} cannot be read (${code})`, { cause });
  }
}

/** The text of a field. Throws USAGE where it is missing or something else. */
export function textField(line: FileLine, field: string): string {
  const value = line.fields[field];
  if (typeof value === 'string' && value !== '') return value;
  throw lineError(line, `"${field}" should be a text that is not empty`);
}

/** The texts of a field that may be left out. */
export function textsField(line: FileLine, field: string): readonly string[] {
  const value = line.fields[field] ?? [];
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw lineError(line, `"${field}" should be a list of ids`);
}

/** A fault of a line in a file of evaluations, as USAGE. */
export function lineError({ file, number }: FileLine, what: string): PaperboyError {
  return new PaperboyError('USAGE', `${file}, line ${number}: ${what}`);
}

function parseObject(text: string, file: string, number: number): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(number === 1 ? text.replace(/^\uFEFF/, '') : text);
  } catch {
    throw new PaperboyError('USAGE', `${file}, line ${number}: this is not JSON`);
  }
  if (isObject(value)) return value;
  throw new PaperboyError('USAGE', `${file}, line ${number}: this is no JSON object`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
