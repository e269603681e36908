/**
 * A whole enhanced code of RFC 3463. Only with a subject that exists (0 to 7), and not as a piece of an IP address
 * or a version number.
 */
const ENHANCED = /(?<![\d.])[245]\.[0-7]\.\d{1,3}(?!\d|\.\d)/g;
/** A reply code where a server's words begin: after `smtp;`, a colon, a bracket or nothing. */
const REPLY = /(?:^|[\s;:<>("'#])([245][0-5]\d)(?=[\s-]|$)/;

/**
 * The code that says most in a server's words: an enhanced one that names a reason, else one that does not (`5.0.0`),
 * else the reply code, such as `552`.
 */
export function codeIn(text: string): string | undefined {
  const codes = text.match(ENHANCED) ?? [];
  return codes.find(isSpecific) ?? codes[0] ?? REPLY.exec(text)?.[1];
}

/** A code names a reason unless its subject, or all of its detail, is zero. */
function isSpecific(code: string): boolean {
  return /^[245]\.[1-7]\.[1-9]\d{0,2}$/.test(code);
}

/** Whether the failure may pass by itself (4yz and 4.x.x). */
export function isTransient(code: string): boolean {
  return code.startsWith('4');
}

/** The one of two codes that says more; the first where both say as much. */
export function strongerCode(
  first: string | undefined,
  second: string | undefined,
): string | undefined {
  const weight = (code: string | undefined) =>
    code === undefined ? 0 : isSpecific(code) ? 3 : code.includes('.') ? 2 : 1;
  return weight(second) > weight(first) ? second : first;
}
