import { isIP } from 'node:net';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';

/**
 * The network that a request comes from, as it is counted and noted: an IPv4 /24, an IPv6 /64, never a whole address.
 * A proxy on this machine is believed when it names its client.
 */
export function networkOf(c: Context): string {
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings>;
  const peer = incoming?.socket.remoteAddress ?? '';
  const named = c.req.header('X-Forwarded-For')?.split(',').at(-1)?.trim() ?? '';
  return shortened(isLoopback(peer) && isIP(named) ? named : peer);
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address);
}

/** `192.0.2.0/24`, `2001:db8:0:1::/64`; `unknown` for what is no address. */
export function shortened(address: string): string {
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+)\.\d+$/i.exec(address)?.[1];
  if (v4 !== undefined) return `${v4}.0/24`;
  if (isIP(address) !== 6) return 'unknown';
  const [head = '', tail] = address.toLowerCase().replace(/%.*/, '').split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  const missing = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array.from({ length: missing }, () => '0'), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
