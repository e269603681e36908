import { withoutComments } from './fields.ts';

const ADDRESS = /[^\s<>()[\]:;,"'@|=]{1,64}@[\p{L}\p{N}.-]{1,255}/gu;

/** An address of a field such as `rfc822; <ada@example.com> (forwarded)`, with or without its type and brackets. */
export function recipientIn(field: string): string | undefined {
  const value = withoutComments(field)
    .replace(/^[\w-]{1,20}[ \t]*;/, '')
    .trim();
  const quoted = /^<?("[^"]{1,64}"@[\p{L}\p{N}.-]{1,255})>?$/u.exec(value)?.[1];
  return quoted ?? addressesIn(value)[0];
}

/** Every address in a text, in order, each once. */
export function addressesIn(text: string): string[] {
  const found = new Map<string, string>();
  for (const [address] of text.matchAll(ADDRESS)) {
    const clean = address.replace(/[.-]+$/, '').replace(/^[*.-]+/, '');
    if (/^[^@]+@[^@]+$/.test(clean) && !found.has(clean.toLowerCase())) {
      found.set(clean.toLowerCase(), clean);
    }
  }
  return [...found.values()];
}
