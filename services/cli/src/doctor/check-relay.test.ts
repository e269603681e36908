import { expect, test } from 'vitest';
import { checkRelay } from './check-relay.ts';

type Login = 'accepted' | 'none set' | { readonly refused: string };

/** What is found of a relay off this machine that offers these, by rule. */
function found(offers: readonly string[], login: Login = 'accepted', isLocal = false) {
  const probe = {
    kind: 'reached',
    host: 'relay.example.org',
    tls: 'TLSv1.3',
    offers,
    login,
  } as const;
  const rows = checkRelay(probe, { isLocal });
  const toDo = rows.filter(({ outcome }) => outcome !== 'pass').map(({ id }) => id);
  const [first] = rows;
  const row = (id: string) => rows.find((finding) => finding.id === id) ?? first;
  return { toDo, row };
}

const ALL = [
  ...['PIPELINING', 'CHUNKING', 'DSN', '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES'],
  ...['SIZE 35882577', 'AUTH PLAIN LOGIN'],
];

test('a relay that offers all that matters leaves nothing to do', () => {
  const { toDo, row } = found(ALL);
  expect(toDo).toEqual([]);
  expect(row('relay-auth')?.found).toBe('PLAIN, LOGIN offered');
  expect(row('relay-size')?.found).toBe('SIZE 35882577');
});

test('what is not offered is told each by itself, and what it means', () => {
  const { toDo, row } = found([]);
  const names = ['pipelining', 'chunking', 'dsn', '8bitmime', 'smtputf8'];
  expect(toDo).toEqual(['relay-auth', 'relay-size', ...names.map((name) => `relay-${name}`)]);
  expect(row('relay-chunking')).toMatchObject({
    outcome: 'unknown',
    level: 'should',
    found: 'CHUNKING is not offered',
    fix: 'Nothing has to be done: a mail takes one turn to the relay more.',
  });
});

test.each([
  ['SIZE 35882577', 'pass', 'SIZE 35882577'],
  ['SIZE 200000', 'pass', 'SIZE 200000'],
  ['SIZE 199999', 'fail', 'SIZE 199999'],
  ['SIZE 0', 'pass', 'no limit'],
  ['SIZE', 'pass', 'no limit'],
  ['SIZES 1', 'unknown', 'SIZE is not offered'],
])('whether a whole digest fits is told by %s: %s', (offer, outcome, told) => {
  expect(found([offer]).row('relay-size')).toMatchObject({
    ...{ outcome, found: told, level: 'required' },
  });
});

test.each<[string, Login, boolean, string, string]>([
  ['AUTH CRAM-MD5', 'accepted', false, 'pass', 'CRAM-MD5 offered'],
  ['AUTH=LOGIN', 'accepted', false, 'pass', 'LOGIN offered'],
  ['AUTH GSSAPI NTLM', { refused: 'no' }, false, 'fail', 'GSSAPI, NTLM offered'],
  ['PIPELINING', { refused: 'no' }, false, 'fail', 'none offered'],
  ['AUTH PLAIN', 'none set', false, 'unknown', 'PLAIN offered, and SMTP_URL has no user'],
  ['AUTH PLAIN', 'none set', true, 'pass', 'PLAIN offered, and SMTP_URL has no user'],
  ['PIPELINING', 'none set', false, 'pass', 'none offered, and SMTP_URL has no user'],
])('ways to log in: %s and a login that is %s', (offer, login, isLocal, outcome, told) => {
  expect(found([offer], login, isLocal).row('relay-auth')).toMatchObject({
    ...{ outcome, found: told },
  });
});

test('nothing is told of what a relay offers that cannot be reached', () => {
  const probe = {
    kind: 'failed',
    host: 'relay.example.org',
    detail: 'Connection timeout',
  } as const;
  expect(checkRelay(probe, { isLocal: false })).toMatchObject([
    { id: 'relay-answers', outcome: 'fail', found: 'relay.example.org: Connection timeout' },
  ]);
});
