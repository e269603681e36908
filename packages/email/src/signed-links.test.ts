import { idOf } from '@paperboy/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLinks, type TokenPurpose } from './signed-links.ts';

const secret = 'a secret of thirty-two characters';
const publicUrl = 'https://news.example.org';
const links = createLinks({ secret, publicUrl });
const purposes: TokenPurpose[] = ['preferences', 'unsubscribe', 'digest'];
const subscriber = idOf('subscriber', '123456789');
const delivery = idOf('delivery', '987654321');
const tokenOf = (url: URL) => url.pathname.split('/').at(-1) ?? '';
const token = tokenOf(links.unsubscribe(subscriber));
const anyId = fc.bigInt({ min: 1n, max: (1n << 56n) - 1n }).map(String);

test('a token is 32 signs of base64url and reads back as its id', () => {
  const holds = fc.property(anyId, (id) => {
    const made = tokenOf(links.unsubscribe(idOf('subscriber', id)));
    expect(made).toMatch(/^[\w-]{32}$/);
    expect(links.readToken('unsubscribe', made)).toEqual({ id });
  });
  fc.assert(holds);
});

test('a token works for its own purpose alone', () => {
  const made = {
    preferences: tokenOf(links.preferences(subscriber)),
    unsubscribe: token,
    digest: tokenOf(links.digest(delivery)),
  };
  for (const purpose of purposes) {
    const accepted = purposes.filter(
      (other) => links.readToken(purpose, made[other]) !== undefined,
    );
    expect(accepted).toEqual([purpose]);
  }
});

test('a token with any one bit flipped is refused', () => {
  const bytes = Buffer.from(token, 'base64url');
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    expect(links.readToken('unsubscribe', changed.toString('base64url'))).toBeUndefined();
  }
});

test.each([
  '',
  token.slice(1),
  token.slice(0, -1),
  `${token}A`,
  `${token}=`,
  ` ${token.slice(1)}`,
  token.toUpperCase(),
  '!'.repeat(32),
  '+'.repeat(32),
  'A'.repeat(32),
  '\u0000'.repeat(32),
])('the text %j is no token', (text) => {
  expect(links.readToken('unsubscribe', text)).toBeUndefined();
});

test('a token of another secret is refused', () => {
  const other = createLinks({ secret: `${secret}!`, publicUrl });
  for (const purpose of purposes) expect(other.readToken(purpose, token)).toBeUndefined();
  expect(other.readDeliveryToken(links.deliveryToken(delivery))).toBeUndefined();
});

test('raising the key version ends old links, but nobody loses the way out', () => {
  const next = createLinks({ secret, publicUrl, keyVersion: 2 });
  expect(next.readToken('preferences', tokenOf(links.preferences(subscriber)))).toBeUndefined();
  expect(next.readToken('digest', tokenOf(links.digest(delivery)))).toBeUndefined();
  expect(next.readFeedToken(tokenOf(links.feed(subscriber, 1)))).toBeUndefined();
  expect(next.readToken('unsubscribe', token)).toEqual({ id: subscriber });
  expect(links.readToken('unsubscribe', tokenOf(next.unsubscribe(subscriber)))).toBeUndefined();
  expect(next.deliveryToken(delivery)).toBe(links.deliveryToken(delivery));
  expect(next.addressHash('ada@example.com')).toEqual(links.addressHash('ada@example.com'));
});

test('a feed token carries which link it is, and is no token of another purpose', () => {
  const anyNo = fc.integer({ min: 1, max: 2 ** 24 - 1 });
  const holds = fc.property(anyId, anyNo, (id, no) => {
    const made = tokenOf(links.feed(idOf('subscriber', id), no));
    expect(made).toMatch(/^[\w-]{36}$/);
    expect(links.readFeedToken(made)).toEqual({ id, no });
  });
  fc.assert(holds);
  const made = tokenOf(links.feed(subscriber, 1));
  for (const purpose of purposes) expect(links.readToken(purpose, made)).toBeUndefined();
  for (const text of ['', token, `${token}AAAA`, made.slice(1), `${made}A`, 'A'.repeat(36)])
    expect(links.readFeedToken(text)).toBeUndefined();
  const bytes = Buffer.from(made, 'base64url');
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    expect(links.readFeedToken(changed.toString('base64url'))).toBeUndefined();
  }
});

test('a delivery token is 24 letters and digits and survives a change of case', () => {
  const holds = fc.property(anyId, (id) => {
    const made = links.deliveryToken(idOf('delivery', id));
    expect(made).toMatch(/^[a-z2-7]{24}$/);
    expect(links.readDeliveryToken(made)).toEqual({ id });
    expect(links.readDeliveryToken(made.toUpperCase())).toEqual({ id });
  });
  fc.assert(holds);
});

test('a delivery token with any sign changed is refused', () => {
  const made = links.deliveryToken(delivery);
  for (let index = 0; index < made.length; index++) {
    const changed =
      made.slice(0, index) + (made[index] === 'a' ? 'b' : 'a') + made.slice(index + 1);
    expect(links.readDeliveryToken(changed)).toBeUndefined();
  }
  for (const text of ['', made.slice(1), `${made}a`, '1'.repeat(24), token]) {
    expect(links.readDeliveryToken(text)).toBeUndefined();
  }
});

test('a token for leaving by mail has the form of a delivery token, and neither works as the other', () => {
  const leaving = links.leavingToken(subscriber);
  expect(leaving).toMatch(/^[a-z2-7]{24}$/);
  expect(links.readLeavingToken(leaving.toUpperCase())).toEqual({ id: subscriber });
  expect(links.readDeliveryToken(leaving)).toBeUndefined();
  expect(links.readLeavingToken(links.deliveryToken(delivery))).toBeUndefined();
  const later = createLinks({ secret, publicUrl, keyVersion: 9 });
  expect(later.readLeavingToken(leaving)).toEqual({ id: subscriber });
});

test('a Message-ID is a function of the delivery and carries its token', () => {
  const id = links.messageId(delivery, 'news.example.org');
  expect(id).toBe(`<d.${links.deliveryToken(delivery)}@news.example.org>`);
  expect(createLinks({ secret, publicUrl }).messageId(delivery, 'news.example.org')).toBe(id);
});

test('the way out is under 70 characters and keeps the path of the public address', () => {
  expect(links.unsubscribe(subscriber).href).toBe(`https://news.example.org/unsubscribe/${token}`);
  expect(links.unsubscribe(subscriber).href.length).toBeLessThan(70);
  const below = createLinks({ secret, publicUrl: 'https://example.org/papers?x#y' });
  expect(below.unsubscribe(subscriber).href).toBe(
    `https://example.org/papers/unsubscribe/${token}`,
  );
});

test('an address is known again in any case, by 32 bytes that do not show it', () => {
  const hash = links.addressHash('Ada@Example.com');
  expect(hash).toHaveLength(32);
  expect(hash).toEqual(links.addressHash('ada@example.com'));
  expect(hash).not.toEqual(links.addressHash('ada@example.org'));
});

test.each([
  [{ secret: 'short', publicUrl }, /secret/],
  [{ secret, publicUrl: 'news.example.org' }, /address/],
  [{ secret, publicUrl: 'ftp://news.example.org' }, /address/],
  [{ secret, publicUrl, keyVersion: 0 }, /version/],
  [{ secret, publicUrl, keyVersion: 256 }, /version/],
])('%j is refused as a setting', (settings, detail) => {
  expect(() => createLinks(settings)).toThrow(detail);
});

test('an id that does not fit is an error, not another id', () => {
  const tooLarge = idOf('subscriber', String(1n << 56n));
  expect(() => links.unsubscribe(tooLarge)).toThrow(RangeError);
});
