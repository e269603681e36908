import type { LookupAddress, LookupOptions } from 'node:dns';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkPublicUrl,
  checkWebUrl,
  isPublicAddress,
  lookupPublic,
  type Resolve,
} from './public-network.ts';

const refusal = (address: string, check = checkPublicUrl) => {
  try {
    check(new URL(address));
    return 'fetched';
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
};
const isForbidden = expect.stringMatching(/^PAGE_FORBIDDEN: /);

describe('an address is refused when it names', () => {
  test.each([
    // one 32-bit number, hexadecimal, octal, short and full-width spellings of 127.0.0.1
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0x7f000001/',
    'http://017700000001/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://127.0.0.1./',
    'http://①②⑦.⓪.⓪.①/',
    'http://127。0。0。1/',
    'http://%31%32%37.0.0.1/',
    'http://0/',
    'http://0.0.0.0/',
    'http://255.255.255.255/',
    'http://169.254.169.254/latest/meta-data/',
    'http://10.1.2.3/',
    'http://172.16.0.1/',
    'http://172.31.255.255/',
    'http://192.168.1.1/',
    'http://100.64.0.1/',
    'http://100.127.255.255/',
    'http://198.18.0.1/',
    'http://192.0.2.1/',
    'http://224.0.0.1/',
    'http://240.0.0.1/',
  ])('a private IPv4 address: %s', (address) => {
    expect(refusal(address)).toEqual(isForbidden);
  });

  test.each([
    'http://[::]/',
    'http://[::1]/',
    'http://[::ffff:7f00:1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:10.0.0.1]/',
    'http://[::7f00:1]/',
    'http://[::ffff:0:7f00:1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[64:ff9b:1::808:808]/',
    'http://[fc00::1]/',
    'http://[fd00::1]/',
    'http://[fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]/',
    'http://[fe80::1]/',
    'http://[febf::1]/',
    'http://[fec0::1]/',
    'http://[ff02::1]/',
    'http://[2002:7f00:1::]/',
    'http://[2002:808:808::]/',
    'http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/',
    'http://[2001:db8::1]/',
    'http://[100::1]/',
    'http://[5f00::1]/',
    'http://[4000::1]/',
  ])('a private, reserved or tunnelled IPv6 address: %s', (address) => {
    expect(refusal(address)).toEqual(isForbidden);
  });

  test.each([
    'http://localhost/',
    'http://LOCALHOST/',
    'http://localhost./',
    'http://papers.localhost/',
    'http://metadata.google.internal/',
    'http://printer.local/',
    'http://router.lan/',
    'http://nas.home.arpa/',
  ])('the inside of a network: %s', (address) => {
    expect(refusal(address)).toEqual(isForbidden);
  });

  test.each([
    'http://papers.example:22/',
    'http://papers.example:8080/',
    'https://papers.example:5432/',
  ])('a port of another service: %s', (address) => {
    expect(refusal(address)).toEqual(
      `PAGE_FORBIDDEN: ${new URL(address).host}: only ports 80 and 443 are fetched`,
    );
  });

  test.each([
    'http://reader@papers.example/',
    'http://:secret@papers.example/',
    'https://reader:secret@papers.example/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,papers',
    'ftp://papers.example/',
    'gopher://papers.example/',
    'blob:https://papers.example/1',
  ])('a login or another scheme, in private networks too: %s', (address) => {
    expect(refusal(address)).toEqual(isForbidden);
    expect(refusal(address, checkWebUrl)).toEqual(isForbidden);
  });
});

test('a refusal does not repeat the login it refuses', () => {
  expect(refusal('https://reader:secret@papers.example/')).not.toMatch(/reader|secret/);
});

test.each([
  'http://papers.example/',
  'https://papers.example./list',
  'https://papers.example:443/',
  'https://papers.example:80/',
  'http://papers.example:443/',
  'https://localhost.example/',
  'https://internal-papers.example/',
  'http://93.184.216.34/',
  'http://0x5d.0xb8d822/',
  'http://[2606:2800:220:1:248:1893:25c8:1946]/',
  'http://[::ffff:5db8:d822]/',
  'http://[64:ff9b::5db8:d822]/',
  'https://bücher.example/',
])('an address of the public network is fetched: %s', (address) => {
  expect(refusal(address)).toBe('fetched');
});

/** RFC 6890 and its updates: first address, prefix length. */
const PRIVATE_IPV4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
const number = (address: string) =>
  address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
const dotted = (address: number) =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
const lengthOf = (prefix: number) => 2 ** (32 - prefix);

/** Any address of any of the ranges; both ends come up often. */
const anyPrivateIpv4 = fc
  .constantFrom(...PRIVATE_IPV4)
  .chain(([first, prefix]) =>
    fc.integer({ min: number(first), max: number(first) + lengthOf(prefix) - 1 }),
  );

test('no address of a private range passes, in any spelling', () => {
  const isRefused = fc.property(anyPrivateIpv4, (address) => {
    const plain = dotted(address);
    const [high, low] = [
      Math.floor(address / 65_536).toString(16),
      (address % 65_536).toString(16),
    ];
    const [a = 0, b = 0, c = 0, d = 0] = plain.split('.').map(Number);
    const spellings = [
      plain,
      `${address}`,
      `0x${address.toString(16)}`,
      `0${address.toString(8)}`,
      `${a}.${address % 2 ** 24}`,
      `${a}.${b}.${c * 256 + d}`,
      `0x${a.toString(16)}.0${b.toString(8)}.${c}.${d}`,
      `[::ffff:${plain}]`,
      `[::ffff:${high}:${low}]`,
      `[::${high}:${low}]`,
      `[64:ff9b::${high}:${low}]`,
      `[2002:${high}:${low}::1]`,
    ];
    expect(isPublicAddress(plain)).toBe(false);
    for (const host of spellings)
      expect([host, refusal(`http://${host}/`)]).toEqual([host, isForbidden]);
  });
  fc.assert(isRefused, { numRuns: 300 });
});

test('each range ends where it should', () => {
  const isInRange = (address: number) =>
    PRIVATE_IPV4.some(
      ([first, prefix]) => address >= number(first) && address < number(first) + lengthOf(prefix),
    );
  for (const [first, prefix] of PRIVATE_IPV4) {
    for (const edge of [number(first), number(first) + lengthOf(prefix)]) {
      for (const address of [edge - 1, edge].filter((each) => each >= 0 && each < 2 ** 32))
        expect([dotted(address), isPublicAddress(dotted(address))]).toEqual([
          dotted(address),
          !isInRange(address),
        ]);
    }
  }
});

test.each(['', 'papers.example', '300.1.1.1', '1.2.3.4.5', ':::', 'not an address'])(
  'what is no address is not a public one: "%s"',
  (text) => {
    expect(isPublicAddress(text)).toBe(false);
  },
);

/** Calls the connect hook as Node's sockets do. */
function look(hostname: string, options: LookupOptions, resolve?: Resolve) {
  return new Promise<{ error: unknown; address: string | LookupAddress[]; family?: number }>(
    (done) => {
      lookupPublic(resolve)(hostname, options, (error, address, family) =>
        done({ error, address, ...(family !== undefined && { family }) }),
      );
    },
  );
}
const answering =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

describe('the connect hook', () => {
  test('refuses a name that the system resolves to loopback', async () => {
    for (const all of [true, false]) {
      const { error } = await look('localhost', { all });
      expect(error).toMatchObject({ code: 'PAGE_FORBIDDEN' });
    }
  });

  test('lets only the public ones of several addresses through', async () => {
    const mixed = answering('10.0.0.1', '93.184.216.34', '::1', '2606:2800:220:1::1');
    expect(await look('papers.example', { all: true }, mixed)).toEqual({
      error: null,
      address: [
        { address: '93.184.216.34', family: 4 },
        { address: '2606:2800:220:1::1', family: 6 },
      ],
    });
    expect(await look('papers.example', {}, mixed)).toEqual({
      error: null,
      address: '93.184.216.34',
      family: 4,
    });
  });

  test('asks once, so that a name that changes its answer is connected to what was checked', async () => {
    const answers = [answering('93.184.216.34'), answering('127.0.0.1')];
    const rebinding: Resolve = (...question) =>
      answers.shift()?.(...question) ?? Promise.reject(new Error('asked too often'));
    const first = await look('rebinding.example', { all: true }, rebinding);
    expect(first.address).toEqual([{ address: '93.184.216.34', family: 4 }]);
    const second = await look('rebinding.example', { all: true }, rebinding);
    expect(second.error).toMatchObject({ code: 'PAGE_FORBIDDEN' });
  });

  test('asks for the family that the socket wants', async () => {
    const asked: unknown[] = [];
    const resolve: Resolve = async (_hostname, { family }) => {
      asked.push(family);
      return [{ address: '93.184.216.34', family: 4 }];
    };
    for (const family of [4, 6, 0, undefined] as const)
      await look('papers.example', { ...(family !== undefined && { family }) }, resolve);
    expect(asked).toEqual([4, 6, 0, 0]);
  });

  test("hands the resolver's own error on, and refuses a name without addresses", async () => {
    const failing: Resolve = async () => {
      throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
    };
    expect((await look('papers.example', {}, failing)).error).toMatchObject({ code: 'ENOTFOUND' });
    expect((await look('papers.example', {}, answering())).error).toMatchObject({
      code: 'PAGE_FORBIDDEN',
    });
  });
});
