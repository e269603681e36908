import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ChecklistRow, checkMessage } from './checklist.ts';
import type { MessageFacts } from './checklist-message.ts';
import { confirmationMessage, makeConfirmationId } from './confirmation.ts';
import { digest, edition, envelope, paper, renderer } from './digest.fixture.ts';

const papers = [paper(1), paper(2), paper(3, { timesSeen: 3 })];
const raw = renderer.assemble(
  renderer.prepare(edition(papers)),
  digest(papers, 1),
  envelope({ unsubscribeMailto: new URL('mailto:unsubscribe+abc@news.example.org') }),
);
const signature = (own = '') =>
  [
    'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=news.example.org; s=one;',
    ' h=From:From:To:Subject:Date:Message-ID:List-Unsubscribe:',
    '  List-Unsubscribe-Post;',
    ` bh=YWJj;${own} b=YWJj`,
    '',
  ].join('\r\n');
const signed = `${signature()}${raw.toString('latin1')}`;
const facts: MessageFacts = {
  envelope: { from: 'bounces+abcdefgh234567@news.example.org', to: ['ada@example.com'] },
  ourDomain: 'news.example.org',
  dkim: { result: 'pass', keyBits: 2048 },
};

const check = (text: string, known: MessageFacts = facts) =>
  checkMessage(Buffer.from(text, 'latin1'), known);
const rowOf = (rows: readonly ChecklistRow[], id: string) => rows.find((row) => row.id === id);

test('a digest as it is sent passes every row', async () => {
  const rows = await check(signed);
  expect(rows.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
  expect(rows.length).toBeGreaterThan(35);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  for (const { rule, fix, found } of rows)
    for (const text of [rule, fix, found]) expect(text).not.toBe('');
});

test('a digest of text alone passes every row, one that lost its HTML does not', async () => {
  const alone = renderer.assemble(
    renderer.prepare(edition(papers)),
    digest(papers, 1, { format: 'text' }),
    envelope({ unsubscribeMailto: new URL('mailto:unsubscribe+abc@news.example.org') }),
  );
  const rows = await check(`${signature()}${alone.toString('latin1')}`);
  expect(rows.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
  const withoutWay = alone.toString('latin1').replace(/^Unsubscribe: .*$/gm, '');
  const lost = await check(signed.replace('Content-Type: text/html', 'Content-Type: text/x-html'));
  const failed = (of: readonly ChecklistRow[]) =>
    of.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);
  expect(failed(await check(`${signature()}${withoutWay}`))).toContain('leave-early');
  expect(failed(lost)).toEqual(expect.arrayContaining(['leave-early', 'text-part', 'language']));
});

test('without a signature one row fails, or is unknown where the relay signs', async () => {
  const ids = [
    'dkim-aligned',
    'dkim-key',
    'from-oversigned',
    'one-click-signed',
    'signature-lasting',
  ];
  for (const [relaySigns, outcome] of [
    [false, 'fail'],
    [true, 'unknown'],
  ] as const) {
    const rows = await check(raw.toString('latin1'), { ...facts, relaySigns });
    expect(rowOf(rows, 'dkim')?.outcome).toBe(outcome);
    for (const id of ids) expect([id, rowOf(rows, id)?.outcome]).toEqual([id, 'unknown']);
  }
});

test('what the bytes do not tell is unknown', async () => {
  const rows = await check(signed, {});
  const unknown = rows.filter(({ outcome }) => outcome === 'unknown').map(({ id }) => id);
  expect(unknown).toEqual(['dkim', 'dkim-key', 'verp']);
});

/** What happens to a message, and the rows that notice; no other row does. */
const DAMAGE: readonly [name: string, damage: (text: string) => string, ids: readonly string[]][] =
  [
    [
      'a second From',
      (text) => `From: evil@example.net\r\n${text}`,
      ['single-headers', 'from-answerable', 'dkim-aligned'],
    ],
    ['no Date', (text) => text.replace(/^Date:.*\r\n/m, ''), ['single-headers', 'date']],
    ['a date of another form', (text) => text.replace(/^Date:.*$/m, 'Date: 2026-03-11'), ['date']],
    [
      'a From that takes no answer',
      (text) => text.replace('<paperboy@', '<no-reply@'),
      ['from-answerable'],
    ],
    [
      'a Message-ID of somebody',
      (text) => text.replace(/^(Message-ID: <d\.\w+@).*>/m, '$1example.net>'),
      ['message-id'],
    ],
    [
      'a long line',
      (text) => text.replace(/\r\n\r\n/, `\r\nX-Long: ${'x'.repeat(1_000)}\r\n\r\n`),
      ['line-length'],
    ],
    ['a bare LF', (text) => text.replace(/\r\n$/, '\n\r\n'), ['crlf']],
    [
      'a letter that is not ASCII',
      (text) => text.replace('Auto-Submitted', 'X-Name: J\xf6rg\r\nAuto-Submitted'),
      ['ascii'],
    ],
    [
      'a long subject',
      (text) => text.replace(/^Subject: /m, `Subject: ${'words '.repeat(9)}`),
      ['subject'],
    ],
    ['no subject', (text) => text.replace(/^Subject: .*$/m, 'Subject: '), ['subject']],
    [
      'no one-click header',
      (text) => text.replace(/^List-Unsubscribe-Post: .*\r\n/m, ''),
      ['one-click'],
    ],
    [
      'a way out over http alone',
      (text) => text.replace(/^(List-Unsubscribe: <http)s/m, '$1'),
      ['one-click', 'unsubscribe-line', 'leave-early'],
    ],
    [
      'no way out by mail',
      (text) => text.replace(/^(List-Unsubscribe: <[^>]*>), .*$/m, '$1'),
      ['unsubscribe-line'],
    ],
    [
      'a folded way out',
      (text) => text.replace(/^(List-Unsubscribe: <[^>]*>,) /m, '$1\r\n '),
      ['unsubscribe-line'],
    ],
    [
      'a long way out',
      (text) => text.replaceAll('/unsubscribe/', `/${'deep/'.repeat(6)}unsubscribe/`),
      ['unsubscribe-length'],
    ],
    [
      'another list',
      (text) => text.replace(/^(List-Id: .*)news\.example\.org>/m, '$1example.net>'),
      ['list-id'],
    ],
    ['no List-Help', (text) => text.replace(/^List-Help: .*\r\n/m, ''), ['list-headers']],
    ['no List-Subscribe', (text) => text.replace(/^List-Subscribe: .*\r\n/m, ''), ['list-headers']],
    [
      'no Auto-Submitted',
      (text) => text.replace(/^Auto-Submitted: .*\r\n/m, ''),
      ['auto-submitted'],
    ],
    [
      'a short Feedback-ID',
      (text) => text.replace(/^(Feedback-ID: )[^:]*:/m, '$1'),
      ['feedback-id'],
    ],
    ['no MIME-Version', (text) => text.replace(/^MIME-Version: .*\r\n/m, ''), ['mime']],
    [
      'a picture from elsewhere',
      (text) => inBody(text, '<img alt=3D"" src=3D"https://example.net/p.gif">'),
      ['no-remote'],
    ],
    [
      'a background from elsewhere',
      (text) => inBody(text, '<i style=3D"background:url(//example.net/b)">b</i>'),
      ['no-remote'],
    ],
    ['a picture without alt', (text) => inBody(text, '<img src=3D"data:,">'), ['images']],
    ['a script', (text) => inBody(text, '<script>1</script>'), ['no-active']],
    [
      'a link of another scheme',
      (text) => inBody(text, '<a href=3D"javascript:1">run</a>'),
      ['link-schemes'],
    ],
    [
      'a link that the text has not',
      (text) => inBody(text, '<a href=3D"https://example.net/only">only here</a>'),
      ['text-part'],
    ],
    [
      'a link that says nothing',
      (text) => inBody(text, '<a href=3D"https://arxiv.org/pdf/2603.10001">here</a>'),
      ['link-texts'],
    ],
    [
      'a table that is none',
      (text) => inBody(text, '<table><tr><td>x</td></tr></table>'),
      ['layout-tables'],
    ],
    ['a gap in the headings', (text) => inBody(text, '<h6>deep</h6>'), ['headings']],
    ['faint text', (text) => inBody(text, '<i style=3D"color:#eeeeee">faint</i>'), ['contrast']],
    ['no language', (text) => text.replace(/ lang=3D"en"/g, ''), ['language']],
    ['no dark mode', (text) => text.replaceAll('color-scheme', 'colour-scheme'), ['dark-mode']],
    ['a large part', (text) => inBody(text, `${'<b>large</b>=\r\n'.repeat(8_000)}`), ['html-size']],
    [
      'a large part before the foot',
      (text) => text.replace('<h2', `=\r\n${'<b>large</b>=\r\n'.repeat(8_000)}<h2`),
      ['html-size', 'leave-early'],
    ],
  ];

/** Right before the end of the HTML part, as quoted-printable. */
function inBody(text: string, markup: string): string {
  return text.replace('</body>', `=\r\n${markup}=\r\n</body>`);
}

describe('a row fails for what is wrong, and for nothing else', () => {
  test.each(DAMAGE)('%s', async (_, damage, ids) => {
    const damaged = damage(signed);
    expect(damaged).not.toBe(signed);
    const rows = await check(damaged);
    const failed = rows.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);
    expect(failed.sort()).toEqual([...ids].sort());
  });
});

test.each([
  ['dkim', { dkim: { result: 'fail', reason: 'body hash did not verify' } }, signed],
  ['dkim-key', { dkim: { result: 'pass', keyBits: 1024 } }, signed],
  ['dkim-aligned', {}, signed.replace('d=news.example.org', 'd=relay.example.net')],
  ['from-oversigned', {}, signed.replace('From:From', 'From')],
  [
    'one-click-signed',
    {},
    signed.replace(/List-Unsubscribe:\r\n {2}List-Unsubscribe-Post/, 'List-Id'),
  ],
  ['signature-lasting', {}, signed.replace(' bh=', ' l=100; bh=')],
  ['verp', { envelope: { from: 'paperboy@news.example.org', to: [] } }, signed],
] as const)('%s fails where the signature or the envelope is wrong', async (id, own, text) => {
  const rows = await check(text, { ...facts, ...own });
  expect(rows.filter(({ outcome }) => outcome === 'fail').map((row) => row.id)).toEqual([id]);
});

test('the signature of our own domain counts, wherever it stands', async () => {
  const relays = signature().replaceAll('news.example.org', 'relay.example.net');
  for (const text of [relays + signed, signed.replace(/^/, '')]) {
    expect(rowOf(await check(text), 'dkim-aligned')).toMatchObject({ outcome: 'pass' });
  }
});

describe('a confirmation', () => {
  const token = 'dG9rZW4tb2YtdGhlLXRlc3Rz';
  const made = confirmationMessage({
    from: { address: 'paperboy@news.example.org', domain: 'news.example.org', name: 'Paperboy' },
    to: 'ada@example.com',
    messageId: makeConfirmationId({ domain: 'news.example.org' }),
    date: new Date('2026-03-11T07:30:00Z'),
    confirmUrl: new URL(`https://news.example.org/confirm/${token}`),
    publicUrl: 'https://news.example.org',
    postalAddress: '12 Example Lane',
  });
  const sent = `${signature()}${made.toString('latin1')}`;
  const own = {
    ...facts,
    envelope: { from: 'paperboy@news.example.org', to: ['ada@example.com'] },
  };

  test('passes the rules that it has, and is held to none of a list', async () => {
    const rows = await check(sent, own);
    expect(rows.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
    const ids = rows.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['no-list', 'confirm-link', 'dkim', 'contrast']));
    for (const id of ['one-click', 'list-id', 'leave-early', 'verp']) expect(ids).not.toContain(id);
  });

  test.each<[string, (text: string) => string, readonly string[]]>([
    ['a List-Id', (text) => text.replace('To: ', 'List-Id: <a.example.org>\r\nTo: '), ['no-list']],
    ['a copy', (text) => text.replace('To: ', 'Cc: eve@example.net\r\nTo: '), ['one-recipient']],
    ['two recipients', (text) => text.replace('To: ', 'To: eve@example.net, '), ['one-recipient']],
    [
      'another page beside the one that confirms',
      (text) => inBody(text, '<a href=3D"https://example.net/shop">shop</a>'),
      ['confirm-link', 'text-part'],
    ],
    [
      'another confirmation',
      (text) => inBody(text, '<a href=3D"https://news.example.org/confirm/other">or this</a>'),
      ['confirm-link', 'text-part'],
    ],
    [
      'nothing that confirms',
      (text) => text.replaceAll('/confirm/', '/somewhere/'),
      ['confirm-link'],
    ],
    [
      'the link far down',
      (text) => text.replace('<h1', `=\r\n${'<b>large</b>=\r\n'.repeat(400)}<h1`),
      ['confirm-link'],
    ],
  ])('fails with %s', async (_, damage, ids) => {
    const damaged = damage(sent);
    expect(damaged).not.toBe(sent);
    const failed = (await check(damaged, own)).filter(({ outcome }) => outcome === 'fail');
    expect(failed.map(({ id }) => id).sort()).toEqual([...ids].sort());
  });
});

test('any bytes have a checklist, each row with an outcome', async () => {
  const anyBytes = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.nat(signed.length).map((end) => Buffer.from(signed.slice(0, end), 'latin1')),
  );
  const holds = fc.asyncProperty(anyBytes, async (bytes) => {
    const rows = await checkMessage(bytes, {});
    for (const { outcome } of rows) expect(['pass', 'fail', 'unknown']).toContain(outcome);
  });
  await fc.assert(holds, { numRuns: 150 });
});
