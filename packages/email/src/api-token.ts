import { createHash, randomBytes } from 'node:crypto';

const BYTES = 32;
/** Its beginning lets scanners for leaked secrets, and people, see what it is. */
const FORM = /^pb_[\w-]{43}$/;

/** A new token for programs: 256 random bits, of which the database keeps the digest alone. */
export function makeApiToken(): { readonly token: string; readonly hash: Buffer } {
  const token = `pb_${randomBytes(BYTES).toString('base64url')}`;
  return { token, hash: digestOf(token) };
}

/** What the database knows of a token; undefined for a text that is none. */
export function apiTokenHash(text: string): Buffer | undefined {
  return FORM.test(text) ? digestOf(text) : undefined;
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
