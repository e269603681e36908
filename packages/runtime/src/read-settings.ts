import { readFileSync, statSync } from 'node:fs';
import { PaperboyError } from '@paperboy/core';
import {
  defaultValue,
  type Environment,
  type Setting,
  type Settings,
  settingsByName,
  visitSettings,
} from './settings.ts';

/**
 * Reads all settings from the environment; an empty variable counts as absent. Throws one
 * SETTING_INVALID with a line for every mistake; unknown `PAPERBOY_*` variables are mistakes too.
 */
export function readSettings(env: Environment): Settings {
  const mistakes: string[] = [];
  const settings = visitSettings((setting) => {
    const given = textOf(setting, env, mistakes);
    if (given === '') return defaultValue(setting, env);
    const value = setting.parser.read(given);
    if (value !== undefined) return value;
    mistakes.push(refusal(setting, given));
    return defaultValue(setting, env);
  });
  mistakes.push(...unknownVariables(env));
  if (mistakes.length > 0) throw new PaperboyError('SETTING_INVALID', mistakes.join('\n'));
  return settings;
}

/** The text of a variable, or of the file its `_FILE` twin names (how containers are given secrets). */
function textOf(setting: Setting<unknown>, env: Environment, mistakes: string[]): string {
  const given = env[setting.variable]?.trim() ?? '';
  const fileVariable = `${setting.variable}_FILE`;
  const file = setting.secret ? (env[fileVariable] ?? '') : '';
  if (file === '') return given;
  if (given !== '') {
    mistakes.push(`${setting.variable} and ${fileVariable} are both set; keep one`);
    return given;
  }
  try {
    if (setting.guardsFile && isOpenToAll(file)) {
      mistakes.push(`${fileVariable}: everybody on this machine can read "${file}"; chmod 600 it`);
    }
    return readFileSync(file, 'utf8').trim();
  } catch {
    mistakes.push(`${fileVariable}: "${file}" cannot be read`);
    return '';
  }
}

/** The group may read it: orchestrators give files to a process by its group. Windows has no such modes. */
function isOpenToAll(file: string): boolean {
  return process.platform !== 'win32' && (statSync(file).mode & 0o007) !== 0;
}

function refusal(setting: Setting<unknown>, given: string): string {
  const shown = setting.secret ? 'the given text' : `"${given.slice(0, 80).replace(/\s+/g, ' ')}"`;
  return `${setting.variable}: ${shown} is not ${setting.parser.expects}`;
}

/** Read by the tests, not by the program. */
const TEST_VARIABLE = /^PAPERBOY_(?:CAPTURES|TEST_\w+)$/;

/** Kubernetes gives each pod the addresses of its services: a service `paperboy-web` makes these. */
const SERVICE_LINK = /^PAPERBOY_(?:\w+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT(?:_\d+_\w+)?)$/;

function unknownVariables(env: Environment): string[] {
  const known = settingsByName().flatMap(([, { variable, secret }]) =>
    secret ? [variable, `${variable}_FILE`] : [variable],
  );
  return Object.keys(env)
    .filter((name) => name.startsWith('PAPERBOY_') && !known.includes(name))
    .filter((name) => !TEST_VARIABLE.test(name) && !SERVICE_LINK.test(name))
    .map((name) => {
      const near = nearest(name, known);
      return `${name} is not a setting${near === undefined ? '' : `; did you mean ${near}?`}`;
    });
}

/** The known name within a third of the name's length in typing mistakes. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((other) => ({ other, distance: editDistance(name, other) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= name.length / 3 ? best.other : undefined;
}

/** Levenshtein's distance: letters to add, drop or change. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...to].entries()) {
      const changed = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
