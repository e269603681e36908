import type { LookupAddress } from 'node:dns';
import { lookup as dnsLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { PaperboyError } from '@paperboy/core';
import ipaddr from 'ipaddr.js';

/** Names that resolve inside a machine or its network by convention (RFC 6761, RFC 8375, RFC 9476). */
const INNER_NAME = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home\.arpa)$/;

/** Whether an address lies in the public unicast space; mapped and translated IPv4 is judged by what it maps to. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() === 'unicast') return true;
  return (
    parsed.kind() === 'ipv6' &&
    parsed.range() === 'rfc6052' &&
    isPublicAddress(embeddedIpv4(address))
  );
}

/** The IPv4 address in the low 32 bits of a translated IPv6 one (RFC 6052). */
function embeddedIpv4(address: string): string {
  return ipaddr.parse(address).toByteArray().slice(-4).join('.');
}

/**
 * Refuses addresses that lead into private networks: schemes, credentials, ports and literal hosts in every
 * spelling (the URL parser turns `0x7f.1` or `2130706433` into `127.0.0.1`). A literal never reaches the
 * connect hook, so it is judged here, again for each redirect. Throws PAGE_FORBIDDEN.
 */
export function checkPublicUrl(url: URL): void {
  const forbidden = (why: string) =>
    new PaperboyError('PAGE_FORBIDDEN', `${url.host || url.href}: ${why}`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw forbidden(`${url.protocol} is not fetched`);
  if (url.username || url.password) throw forbidden('the address carries a login');
  if (url.port !== '') throw forbidden('only ports 80 and 443 are fetched');
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (INNER_NAME.test(host)) throw forbidden('a name of the local network');
  if (ipaddr.isValid(host) && !isPublicAddress(host))
    throw forbidden('not an address of the public network');
}

/**
 * Resolves a host for a connection and lets only public addresses through. The socket connects to exactly
 * what was checked, so an answer that changes between check and use gains nothing.
 */
export const lookupPublic: LookupFunction = (hostname, options, callback) => {
  resolvePublic(hostname, options.family === 4 || options.family === 6 ? options.family : 0).then(
    (addresses) => {
      const [first] = addresses;
      if (options.all) callback(null, addresses);
      else if (first) callback(null, first.address, first.family);
    },
    (error: NodeJS.ErrnoException) => callback(error, options.all ? [] : ''),
  );
};

async function resolvePublic(hostname: string, family: 0 | 4 | 6): Promise<LookupAddress[]> {
  const addresses = await dnsLookup(hostname, { all: true, family });
  const open = addresses.filter(({ address }) => isPublicAddress(address));
  if (open.length === 0)
    throw new PaperboyError('PAGE_FORBIDDEN', `${hostname} resolves into a private network`);
  return open;
}
