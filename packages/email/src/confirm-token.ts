import { createHash, randomBytes } from 'node:crypto';

const BYTES = 16;
const FORM = /^[\w-]{22}$/;

/** A new token for one mail: 128 random bits, of which the database keeps the digest alone. */
export function makeConfirmToken(): { readonly token: string; readonly hash: Buffer } {
  const token = randomBytes(BYTES).toString('base64url');
  return { token, hash: digestOf(token) };
}

/** What the database knows of a token; undefined for a text that is none. */
export function confirmTokenHash(text: string): Buffer | undefined {
  return FORM.test(text) ? digestOf(text) : undefined;
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
