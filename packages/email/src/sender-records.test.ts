import { expect, test } from 'vitest';
import {
  judgeDkimRecord,
  judgeDmarc,
  judgeMx,
  judgeReverse,
  judgeSpf,
  type Texts,
} from './sender-records.ts';

test.each<[Texts, string, string]>([
  [['v=spf1 include:_spf.example.net ~all', 'other=1'], 'pass', '~all'],
  [['v=spf1 redirect=_spf.example.net'], 'pass', 'redirect'],
  [[], 'fail', 'no record'],
  [['spf1 -all', 'v=spf10 -all'], 'fail', 'no record'],
  [['v=spf1 -all', 'v=spf1 mx -all'], 'fail', '2 records'],
  [['v=spf1 +all'], 'fail', 'everybody may'],
  [['v=spf1 mx all'], 'fail', 'everybody may'],
  [['v=spf1 mx ?all'], 'fail', 'no ~all or -all'],
  [['v=spf1 mx'], 'fail', 'no ~all or -all'],
  [[`v=spf1${' include:a.example'.repeat(11)} -all`], 'fail', 'asks 11 times'],
  [undefined, 'unknown', 'could not be asked'],
])('SPF %j is a %s', (texts, outcome, found) => {
  expect(judgeSpf('example.org', texts)).toMatchObject({
    outcome,
    found: expect.stringContaining(found),
  });
});

test.each<[Texts, string]>([
  [['v=DMARC1; p=none; rua=mailto:a@example.org'], 'pass'],
  [['v=DMARC1;p=reject'], 'pass'],
  [['v=DMARC1; p=whatever'], 'fail'],
  [['v=DMARC1'], 'fail'],
  [['v=DMARC1; p=none', 'v=DMARC1; p=none'], 'fail'],
  [['dmarc please'], 'fail'],
  [undefined, 'unknown'],
])('DMARC %j is a %s, and the fix never names pct', (texts, outcome) => {
  const judged = judgeDmarc('example.org', texts);
  expect(judged.outcome).toBe(outcome);
  expect(judged.fix).not.toContain('pct');
  expect(judged.fix).toContain('p=none');
});

const record = { name: 'one._domainkey.example.org', text: 'v=DKIM1; k=rsa; p=AAAA' };
test.each<[Texts, string, string]>([
  [['v=DKIM1; p=AA AA; k=rsa'], 'pass', 'the same key'],
  [['k=rsa; p=AAAA'], 'pass', 'the same key'],
  [['v=DKIM1; k=rsa; p=BBBB'], 'fail', 'another key'],
  [['v=DKIM1; k=rsa; p='], 'fail', 'withdrawn'],
  [['v=DKIM1; t=y; p=AAAA'], 'fail', 'test'],
  [['p=AAAA', 'p=BBBB'], 'fail', '2 records'],
  [[], 'fail', 'no record'],
])('a DKIM record %j is a %s: %s', (texts, outcome, found) => {
  expect(judgeDkimRecord(record, texts)).toMatchObject({
    outcome,
    found: expect.stringContaining(found),
  });
});

test('bounces need a host that takes mail', () => {
  const mx = (exchange: string) => [{ exchange, priority: 10 }];
  expect(judgeMx('example.org', mx('mx.example.org'))).toMatchObject({ outcome: 'pass' });
  for (const none of [mx(''), mx('.'), []]) {
    expect(judgeMx('example.org', none)).toMatchObject({ outcome: 'fail' });
  }
});

test('a name that does not lead back to its address is none', () => {
  const lookup = { address: '192.0.2.1', names: ['mx.example.org'], forward: ['192.0.2.1'] };
  expect(judgeReverse('mx', [lookup])).toMatchObject({ outcome: 'pass' });
  expect(judgeReverse('mx', [lookup, { ...lookup, address: '192.0.2.2' }])).toMatchObject({
    outcome: 'fail',
    found: '192.0.2.2 mx.example.org',
  });
  expect(judgeReverse('mx', [{ ...lookup, names: undefined, forward: [] }])).toMatchObject({
    outcome: 'fail',
    found: '192.0.2.1 no name',
  });
  expect(judgeReverse('mx', [])).toMatchObject({ outcome: 'fail' });
});
