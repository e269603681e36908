import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BOUNCE_ADDRESS, type BounceFixture, RETURNED, TOKEN } from './bounce.fixture.ts';
import type { Finding } from './finding.ts';
import { AUTO_REPLIES, COMPLAINTS, NO_BOUNCES } from './others.fixture.ts';
import { PROSE } from './prose.fixture.ts';
import { PROVIDERS } from './providers.fixture.ts';
import { RARER } from './rarer.fixture.ts';
import { readReport } from './read-report.ts';
import { REPORTS } from './reports.fixture.ts';

const BOUNCES = [...REPORTS, ...PROSE, ...RARER, ...PROVIDERS];
const ALL = [...BOUNCES, ...COMPLAINTS, ...AUTO_REPLIES, ...NO_BOUNCES];
const LINE_ENDS = { LF: '\n', CRLF: '\r\n', CR: '\r' } as const;

const read = (raw: string, { envelopeFrom }: Partial<BounceFixture> = {}) =>
  readReport(Buffer.from(raw, 'utf8'), envelopeFrom === undefined ? {} : { from: envelopeFrom });

const rowOf = ({ kind, reason, status, recipient }: Finding) => [kind, reason, status, recipient];
const expectedOf = ({ expected }: BounceFixture) =>
  expected.map(([kind, reason, status, recipient]) => [kind, reason, status, recipient]);

test('there are bounces of every system in the table, each under a name of its own', () => {
  expect(BOUNCES.length).toBeGreaterThanOrEqual(145);
  expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length);
});

describe.each(Object.entries(LINE_ENDS))('with line ends of %s', (_, end) => {
  test.each(ALL.map((fixture) => [fixture.name, fixture] as const))(
    '%s',
    async (_name, fixture) => {
      const { findings } = await read(fixture.raw.replaceAll('\n', end), fixture);
      expect(findings.map(rowOf)).toEqual(expectedOf(fixture));
    },
  );
});

describe('whose it is', () => {
  test.each([...BOUNCES, ...COMPLAINTS].map((fixture) => [fixture.name, fixture] as const))(
    '%s carries the token of its delivery',
    async (_name, { raw }) => {
      expect((await read(raw)).deliveryTokens).toContain(TOKEN);
    },
  );

  test('the address that it came to counts more than what it returns', async () => {
    const other = 'b'.repeat(24);
    const [report] = REPORTS;
    const { deliveryTokens } = await readReport(Buffer.from(report?.raw ?? ''), {
      from: '',
      to: [`bounce+${other}@bounces.example.org`],
    });
    expect(deliveryTokens).toEqual([other, TOKEN]);
  });

  test('the envelope id is enough where nothing else is returned', async () => {
    const raw = REPORTS.find(({ raw: text }) => text.includes('Original-Envelope-Id'))?.raw ?? '';
    const bare = raw
      .replaceAll(BOUNCE_ADDRESS, 'bounce@bounces.example.org')
      .replaceAll(`<d.${TOKEN}@example.org>`, '<other@example.org>');
    expect((await read(bare)).deliveryTokens).toEqual([TOKEN]);
  });

  test('a message to the leaving address carries the token of whoever leaves, and no bounce', async () => {
    const raw = `From: x@example.net\nTo: unsubscribe+${TOKEN}@bounces.example.org\n\nplease`;
    const { leavingTokens, deliveryTokens } = await read(raw);
    expect({ leavingTokens, deliveryTokens }).toEqual({
      leavingTokens: [TOKEN],
      deliveryTokens: [],
    });
  });
});

describe('damage', () => {
  const kinds = ['hard', 'soft', 'complaint', 'auto-reply', 'not-a-bounce'];
  const sound = ({ findings }: Awaited<ReturnType<typeof read>>) => {
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.length).toBeLessThanOrEqual(100);
    for (const { kind } of findings) expect(kinds).toContain(kind);
    return findings;
  };

  test('a report cut at any byte is still read, and what was cut away is never made up', async () => {
    const [postfix] = REPORTS;
    const bytes = Buffer.from(postfix?.raw ?? '');
    for (let end = 0; end <= bytes.length; end += 1) {
      const findings = sound(await readReport(bytes.subarray(0, end)));
      for (const { recipient } of findings) {
        if (recipient !== undefined) expect('ada@example.net').toContain(recipient.slice(0, 3));
      }
    }
  });

  test('every fixture cut at many places, with flipped bytes and swapped line ends', async () => {
    const damage = fc.record({
      fixture: fc.constantFrom(...ALL),
      cut: fc.double({ min: 0, max: 1, noNaN: true }),
      flips: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 30 }),
      swaps: fc.array(fc.tuple(fc.nat(), fc.constantFrom('\r', '\r\n', '\n\r', '\0')), {
        maxLength: 10,
      }),
    });
    const holds = fc.asyncProperty(damage, async ({ fixture, cut, flips, swaps }) => {
      const lines = fixture.raw.split('\n');
      const ends = lines.map((_, at) => swaps.find(([place]) => place % lines.length === at)?.[1]);
      const text = lines.map((line, at) => line + (ends[at] ?? '\n')).join('');
      const bytes = Buffer.from(text.slice(0, Math.ceil(text.length * cut)));
      for (const [place, mask] of flips) {
        if (bytes.length > 0)
          bytes[place % bytes.length] = (bytes[place % bytes.length] ?? 0) ^ mask;
      }
      sound(await readReport(bytes));
    });
    await fc.assert(holds, { numRuns: 500 });
  });

  test('no cut, flip or swap makes a bounce of what is none', async () => {
    const people = NO_BOUNCES.filter(({ envelopeFrom = '' }) => envelopeFrom !== '');
    const holds = fc.asyncProperty(
      fc.constantFrom(...people),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async ({ raw, envelopeFrom }, cut) => {
        const { findings } = await read(raw.slice(0, Math.ceil(raw.length * cut)), {
          envelopeFrom,
        });
        expect(findings.map(({ kind }) => kind)).not.toContain('hard');
      },
    );
    await fc.assert(holds, { numRuns: 200 });
  });

  test('any bytes at all', async () => {
    const holds = fc.asyncProperty(fc.uint8Array({ maxLength: 4_000 }), async (bytes) => {
      sound(await readReport(bytes));
    });
    await fc.assert(holds, { numRuns: 500 });
  });

  test('a report on five hundred recipients gives a hundred', async () => {
    const groups = Array.from(
      { length: 500 },
      (_, n) => `Final-Recipient: rfc822; r${n}@example.net\nAction: failed\nStatus: 5.1.1\n`,
    );
    const raw = `From: MAILER-DAEMON@x.example\nContent-Type: message/delivery-status\n\n${groups.join('\n')}`;
    expect(sound(await read(raw))).toHaveLength(100);
  });

  test.each([
    ['brackets', '('.repeat(2 ** 20)],
    ['blanks', ' '.repeat(2 ** 20)],
    ['dots and letters', 'a.'.repeat(2 ** 19)],
    ['address signs', 'a@'.repeat(2 ** 19)],
    ['line ends', '\r'.repeat(2 ** 20)],
    ['words of many reasons', 'mailbox user account address '.repeat(2 ** 15)],
    ['failure words', 'could not delivery '.repeat(2 ** 15)],
    ['headers', 'X: y\n'.repeat(2 ** 17)],
    ['parts', '--b\n\n'.repeat(2 ** 17)],
  ])('a mebibyte of %s is read like any other', async (_, filling) => {
    const head = `Return-Path: <>\nFrom: MAILER-DAEMON@x.example\nSubject: Undelivered\nContent-Type: multipart/mixed; boundary=b\n`;
    sound(await read(`${head}X-Filled: ${filling}\n\nx`));
    sound(await read(`${head}\n--b\n\n${filling}\n--b--\n`));
    sound(await read(`From: MAILER-DAEMON@x.example\nSubject: Undelivered\n\n${filling}`));
    const status = `Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; ${filling}\nAction: failed\nDiagnostic-Code: smtp; 550 ${filling}`;
    sound(await read(status));
  });

  test('the returned message alone says nothing', async () => {
    expect((await read(RETURNED)).findings.map(({ kind }) => kind)).toEqual(['not-a-bounce']);
  });
});
