import { isIP } from 'node:net';

/** Names that lead somewhere else on every network (RFC 6761, 6762, 8375). */
const LOCAL_NAMES =
  /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|private|test|home\.arpa)$/i;

/**
 * Whether pages of other sites may read what the API tells everybody. On a public host they may: it is what anybody is
 * told, cookies have no part in it, and a token is never among what they may send. On a machine or network of one's own
 * they may not, as a page could then read through its visitor's browser what it cannot reach itself.
 */
export function isOpenToOrigins(publicUrl: string): boolean {
  const { protocol, hostname } = new URL(publicUrl);
  const isAddress = isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
  return (
    protocol === 'https:' && hostname.includes('.') && !isAddress && !LOCAL_NAMES.test(hostname)
  );
}
