import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { PaperboyError } from '@paperboy/core';
import ipaddr from 'ipaddr.js';

/** Names that resolve inside a machine or its network by convention (RFC 6761, 6762, 8375, ICANN's .internal). */
const INNER_NAME = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home\.arpa)$/;

/** All of IPv6 that is given out to anybody (RFC 4291, 2.4); the rest is reserved or local. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');
/** Networks that reach IPv4 by translation use this prefix (RFC 6052); 64:ff9b:1::/48 is for local use. */
const TRANSLATED_IPV4 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/** Whether an address lies in the public unicast space; mapped and translated IPv4 is judged by what it means. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.range() === 'unicast';
  if (parsed.match(TRANSLATED_IPV4))
    return isPublicAddress(parsed.toByteArray().slice(-4).join('.'));
  return parsed.range() === 'unicast' && parsed.match(GLOBAL_IPV6);
}

/** Refuses what is no plain web address, in private networks too. Throws PAGE_FORBIDDEN. */
export function checkWebUrl(url: URL): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw forbidden(url, `${url.protocol} is not fetched`);
  // It would be stored and shown with every attempt.
  if (url.username || url.password) throw forbidden(url, 'the address carries a login');
}

/**
 * Refuses addresses that lead into private networks: ports of other services, inner names, and literal hosts
 * in every spelling (the URL parser turns `0x7f.1` or `2130706433` into `127.0.0.1`). A literal never reaches
 * the connect hook, so it is judged here, again for each redirect. Throws PAGE_FORBIDDEN.
 */
export function checkPublicUrl(url: URL): void {
  checkWebUrl(url);
  if (!['', '80', '443'].includes(url.port))
    throw forbidden(url, 'only ports 80 and 443 are fetched');
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (INNER_NAME.test(host)) throw forbidden(url, 'a name of the local network');
  if (ipaddr.isValid(host) && !isPublicAddress(host))
    throw forbidden(url, 'not an address of the public network');
}

function forbidden(url: URL, why: string): PaperboyError {
  return new PaperboyError('PAGE_FORBIDDEN', `${url.host || url.protocol}: ${why}`);
}

/** Finds all addresses of a host name. */
export type Resolve = (
  hostname: string,
  options: { all: true; family: 0 | 4 | 6 },
) => Promise<{ address: string; family: number }[]>;

/**
 * A connect hook that lets only public addresses through. The name is asked for once, and the socket connects
 * to exactly what was checked, so an answer that changes between check and use gains nothing.
 * Gives PAGE_FORBIDDEN when no address is public.
 */
export function lookupPublic(resolve: Resolve = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    const family = options.family === 4 || options.family === 6 ? options.family : 0;
    publicAddresses(resolve, hostname, family).then(
      ([first, ...rest]) => {
        if (options.all) callback(null, [first, ...rest]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, options.all ? [] : ''),
    );
  };
}

type Address = Awaited<ReturnType<Resolve>>[number];

async function publicAddresses(
  resolve: Resolve,
  hostname: string,
  family: 0 | 4 | 6,
): Promise<[Address, ...Address[]]> {
  const addresses = await resolve(hostname, { all: true, family });
  const [first, ...rest] = addresses.filter(({ address }) => isPublicAddress(address));
  if (!first)
    throw new PaperboyError('PAGE_FORBIDDEN', `${hostname} resolves into a private network`);
  return [first, ...rest];
}
