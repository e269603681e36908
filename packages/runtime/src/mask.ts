/** What must not stand in a log, and what stands there instead. Order matters: logins hold an "@". */
const SECRETS: readonly (readonly [pattern: RegExp, instead: string])[] = [
  // Login of a URL: postgres://ada:secret@host
  [/(?<=\w:\/\/)[^\s/@]+@/g, '***@'],
  // Address, VERP sender or Message-ID; not `pino@10.4.0` in a path
  [/(?<!:\/\/\**)[^\s<>"()[\]:;,/]*@(?:[\p{L}\p{N}_-]+\.)+\p{L}[\p{L}\p{N}-]+/gu, '[address]'],
  // Links that work for whoever holds them
  [/(?<=\/(?:unsubscribe|confirm|preferences|digests)\/)[^\s/?#"'<>]+/g, '[token]'],
  [/(?<=[?&](?:token|signature|key|password)=)[^\s&#"'<>]+/gi, '[token]'],
  // Signed tokens are base64url: long and of mixed case, unlike hashes, UUIDs and file names.
  [/(?<![\w-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{20,}(?:\.[\w-]+)*/g, '[token]'],
];

/** Deepest nesting that is logged; what is below is named, not shown. */
const MAX_DEPTH = 5;

/** The text with addresses, tokens and logins replaced. */
export function maskText(text: string): string {
  return SECRETS.reduce((masked, [pattern, instead]) => masked.replace(pattern, instead), text);
}

/** A copy of any value fit for a log line: texts masked, errors as plain objects, depth limited. */
export function mask(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return maskText(value);
  if (typeof value === 'bigint') return String(value);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  if (value instanceof URL) return maskText(value.href);
  if (depth >= MAX_DEPTH) return Array.isArray(value) ? '[list]' : '[object]';
  if (value instanceof Error) return maskError(value, depth);
  if (Array.isArray(value)) return value.map((item) => mask(item, depth + 1));
  const entries = Object.entries(value).map(([key, item]) => [key, mask(item, depth + 1)]);
  return Object.fromEntries(entries);
}

/** The stack is kept only where no code explains the failure. */
function maskError(error: Error, depth: number): unknown {
  const code = 'code' in error ? error.code : undefined;
  const explained = typeof code === 'string' && code !== 'INTERNAL';
  return {
    ...(code === undefined ? {} : { code }),
    message: maskText(error.message),
    ...(explained || error.stack === undefined ? {} : { stack: maskText(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: mask(error.cause, depth + 1) }),
  };
}
