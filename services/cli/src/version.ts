import { readFileSync } from 'node:fs';

/** Of this Paperboy, such as `0.1.0`. */
export function version(): string {
  const file = new URL('../../../package.json', import.meta.url);
  return /"version": "([^"]+)"/.exec(readFileSync(file, 'utf8'))?.[1] ?? 'unknown';
}
