import { expect, test } from 'vitest';
import { parseAddress, parseMailbox, readableAddress } from './address.ts';

const sixtyFour = 'l'.repeat(64);
const label = 'd'.repeat(63);

test.each([
  ['ada@example.com', 'ada@example.com'],
  ['  ada@example.com\t', 'ada@example.com'],
  ['Ada.Lovelace@Example.COM', 'Ada.Lovelace@example.com'],
  ['ada+papers@example.com', 'ada+papers@example.com'],
  ['a@b.co', 'a@b.co'],
  ["o'hara@example.ie", "o'hara@example.ie"],
  ['!#$%&*+/=?^_`{|}~-@example.com', '!#$%&*+/=?^_`{|}~-@example.com'],
  ['1234567890@example.com', '1234567890@example.com'],
  ['ada@123.example.com', 'ada@123.example.com'],
  ['ada@sub-domain.example.museum', 'ada@sub-domain.example.museum'],
  [`${sixtyFour}@example.com`, `${sixtyFour}@example.com`],
  [`ada@${label}.com`, `ada@${label}.com`],
  ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
  ['ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example'],
  ['ada@BÜCHER.example', 'ada@xn--bcher-kva.example'],
  ['ada@例え.テスト', 'ada@xn--r8jz45g.xn--zckzah'],
  ['ada@例え。jp', 'ada@xn--r8jz45g.jp'],
  ['ada@почта.рф', 'ada@xn--80a1acny.xn--p1ai'],
  ['ada@한국어.example', 'ada@xn--3e0bk47br7k.example'],
])('%s is the address %s', (text, address) => {
  const read = parseAddress(text);
  expect(read).toEqual({ address, domain: address.slice(address.lastIndexOf('@') + 1) });
});

test.each([
  ['', 'no @'],
  ['ada', 'no @'],
  ['ada.example.com', 'no @'],
  ['@example.com', 'before'],
  ['ada@', 'after'],
  ['ada@example', 'no dot'],
  ['ada@localhost', 'no dot'],
  ['.ada@example.com', 'dot'],
  ['ada.@example.com', 'dot'],
  ['ada..l@example.com', 'dot'],
  ['"ada"@example.com', 'character'],
  ['"ada l"@example.com', 'character'],
  ['"a@b"@example.com', 'character'],
  ['ada l@example.com', 'character'],
  ['ada@@example.com', 'character'],
  ['ada@lab@example.com', 'character'],
  ['a,b@example.com', 'character'],
  ['a@b.org,c@d.org', 'character'],
  ['a;b@example.com', 'character'],
  ['<ada@example.com>', 'character'],
  ['Ada <ada@example.com>', 'character'],
  ['ada(comment)@example.com', 'character'],
  ['a\\b@example.com', 'character'],
  ['a:b@example.com', 'character'],
  ['[ada]@example.com', 'character'],
  ['ada@[127.0.0.1]', 'character'],
  ['ada@[IPv6:::1]', 'character'],
  ['ada@127.0.0.1', 'number'],
  ['ada@127.1', 'number'],
  ['ada@example.123', 'number'],
  ['ada@-example.com', 'not a valid name'],
  ['ada@example-.com', 'not a valid name'],
  ['ada@example..com', 'not a valid name'],
  ['ada@.example.com', 'not a valid name'],
  ['ada@example.com.', 'not a valid name'],
  ['ada@ex_ample.com', 'character'],
  ['ada@exa mple.com', 'character'],
  ['ada@example.com/x', 'character'],
  ['ada@example.com:25', 'character'],
  ['ada@%65xample.com', 'character'],
  [`${sixtyFour}l@example.com`, '64'],
  [`ada@${label}d.com`, 'not a valid name'],
  [`${sixtyFour}@${label}.${label}.${label}.com`, '254'],
  [`ada@${`${label}.`.repeat(4)}com`, 'not a valid name'],
  ['adä@example.com', '“ä”, which is not ASCII'],
  ['用户@bücher.example', 'give an address that is written in a to z'],
  ['ada\u200d@example.com', 'invisible'],
  ['ada@exam\u00adple.com', 'invisible'],
  ['ada@exam\u200bple.com', 'invisible'],
  ['ada\u202e@example.com', 'invisible'],
  ['ada@example.com\r\nBcc: evil@example.net', 'invisible'],
  ['a@example.net\r\nRCPT TO:<evil@example.org>', 'invisible'],
  ['ada\u0000@example.com', 'invisible'],
  ['ada\uff20example.com', 'no @'],
  ['ada@\uff45xample.com', 'look-alike'],
  ['ada@ex\u00b2.com', 'look-alike'],
  ['ada@ex\u0430mple.com', 'mixes alphabets'],
  ['ada@xn--exmple-4nf.com', 'mixes alphabets'],
  ['ada@\u0440\u0430\u0443\u0440\u0430\u04cf.com', 'look-alike'],
  ['ada@\u0440\u0430\u0441\u0435.com', 'look-alike'],
  ['ada@xn--a.com', 'not a valid'],
  ['ada@xn--.com', 'not a valid'],
])('%j is refused: %s', (text, problem) => {
  const read = parseAddress(text);
  expect(read).toHaveProperty('problem');
  expect('problem' in read && read.problem).toContain(problem);
});

test.each([
  ['ada@xn--bcher-kva.example', 'ada@bücher.example'],
  ['Ada@xn--80a1acny.xn--p1ai', 'Ada@почта.рф'],
  ['ada@example.com', undefined],
  // Two that look alike are told apart by how they are written.
  ['ada@xn--exmple-4nf.com', undefined],
  ['nobody', undefined],
])('%s is read as %s', (address, shown) => {
  expect(readableAddress(address)).toBe(shown);
});

test('an address is never longer than SMTP takes', () => {
  const exact = `${'l'.repeat(62)}@${label}.${label}.${'d'.repeat(60)}.co`;
  expect(exact).toHaveLength(254);
  expect(parseAddress(exact)).not.toHaveProperty('problem');
  expect(parseAddress(`${exact}m`)).toHaveProperty('problem');
});

test.each([
  ['paperboy@example.org', { address: 'paperboy@example.org', domain: 'example.org' }],
  [
    'Paperboy <paperboy@example.org>',
    { name: 'Paperboy', address: 'paperboy@example.org', domain: 'example.org' },
  ],
  [
    '"Boy, Paper" <p@example.org>',
    { name: 'Boy, Paper', address: 'p@example.org', domain: 'example.org' },
  ],
  ['<p@example.org>', { address: 'p@example.org', domain: 'example.org' }],
  [
    'Zeitungsjunge Jürgen <p@localhost>',
    { name: 'Zeitungsjunge Jürgen', address: 'p@localhost', domain: 'localhost' },
  ],
])('the mailbox %j is read', (text, mailbox) => {
  expect(parseMailbox(text)).toEqual(mailbox);
});

test.each([
  '',
  'Paperboy',
  'Paperboy <>',
  'a <b@example.org> c',
  'a <b@example.org',
  'a\r\nBcc: x <b@example.org>',
  'A <b@example.org>, C <d@example.org>',
])('the mailbox %j is refused', (text) => {
  expect(parseMailbox(text)).toHaveProperty('problem');
});
