import { expect, test } from 'vitest';
import {
  day,
  digest,
  edition,
  envelope,
  from,
  links,
  message,
  paper,
  paperId,
  publicUrl,
  renderer,
  today,
} from './digest.fixture.ts';
import { createDigestRenderer } from './digest.ts';
import { MAX_HTML_BYTES, MOST_MESSAGE_BYTES } from './digest-body.ts';
import { readMessage } from './read-message.ts';
import { LEFT_TOPICS } from './wording.ts';

const seen = {
  timesSeen: 3,
  firstSeenOn: day('2025-12-18'),
  lastSeenBeforeOn: day('2025-12-18'),
  seenOn: [day('2025-12-18'), today],
  climbed: 12,
};
const papers = [
  paper(1, { upvotes: 128 }),
  paper(2, { textKind: 'summary', authors: ['Ada', 'Ben', 'Cleo', 'Dan'] }),
  paper(3, seen),
];
const raw = message(papers, 1);
const mail = await readMessage(raw);
const [head = ''] = raw.toString('latin1').split('\r\n\r\n');
const named = (name: string) =>
  mail.headers
    .filter(([header]) => header.toLowerCase() === name.toLowerCase())
    .map(([, value]) => value);

test.each([
  'From',
  'To',
  'Subject',
  'Date',
  'Message-ID',
  'MIME-Version',
  'Content-Type',
  'List-Id',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'List-Help',
  'List-Subscribe',
  'List-Archive',
  'Feedback-ID',
  'Auto-Submitted',
])('there is exactly one %s', (name) => {
  expect(named(name)).toHaveLength(1);
  expect(head.match(new RegExp(`^${name}:`, 'gim'))).toHaveLength(1);
});

test('text alone is the text of the other format, under the same headers but for its type', async () => {
  const of = (format: 'html' | 'text') =>
    renderer.assemble(renderer.prepare(edition(papers)), digest(papers, 1, { format }), envelope());
  const text = of('text');
  const [alone, both] = await Promise.all([text, of('html')].map(readMessage));
  expect(alone?.html).toBeUndefined();
  expect(alone?.text?.trimEnd()).toBe(both?.text?.trimEnd());
  const isOfContent = ([header]: readonly [string, string]) => /^content-/i.test(header);
  const kept = (message: typeof alone) => message?.headers.filter((one) => !isOfContent(one));
  expect(kept(alone)).toEqual(kept(both));
  expect(alone?.headers.filter(isOfContent).map(([, value]) => value)).toEqual([
    'text/plain; charset=utf-8',
    'quoted-printable',
  ]);
  // RFC 6376, 3.4.4: no empty line ends a body, one line end does.
  expect(text.toString('latin1')).toMatch(/[^\r\n]\r\n$/);
});

test('a Precedence stands beside Auto-Submitted where it is wished, and nowhere else', async () => {
  const said = await createDigestRenderer({ publicUrl, from, precedence: 'bulk' });
  const [bulk = '', plain] = [said, renderer].map((one) =>
    one.assemble(one.prepare(edition(papers)), digest(papers, 1), envelope()).toString('latin1'),
  );
  expect(bulk).toContain('\r\nAuto-Submitted: auto-generated\r\nPrecedence: bulk\r\n');
  expect(plain).not.toMatch(/^Precedence/m);
});

test('the headers say who sends what to whom, and how to leave', () => {
  const { href } = links.unsubscribe(idOfAda());
  expect(mail.from).toBe('Paperboy <paperboy@news.example.org>');
  expect(mail.to).toEqual(['ada@example.com']);
  expect(mail.subject).toBe('2 new on Sparse attention · 11 Mar');
  expect(mail.date).toEqual(new Date('2026-03-11T07:30:00Z'));
  expect(mail.messageId).toMatch(/^<d\.[a-z2-7]{24}@news\.example\.org>$/);
  expect(named('List-Id')).toEqual(['Paperboy daily digest <daily.paperboy.news.example.org>']);
  expect(named('List-Unsubscribe')).toEqual([`<${href}>`]);
  expect(named('List-Unsubscribe-Post')).toEqual(['List-Unsubscribe=One-Click']);
  expect(mail.listUnsubscribe?.href).toBe(href);
  expect(named('Auto-Submitted')).toEqual(['auto-generated']);
  expect(named('Feedback-ID')[0]?.split(':')).toEqual([
    '2026-03-11',
    'daily',
    'digest',
    'paperboy',
  ]);
  expect(named('Reply-To')).toEqual([]);
});

test('both ways to leave stand in one line, https first', () => {
  const unsubscribeMailto = new URL('mailto:unsubscribe+abc@news.example.org');
  const bytes = renderer.assemble(
    renderer.prepare(edition(papers)),
    digest(papers),
    envelope({ unsubscribeMailto }),
  );
  expect(bytes.toString('latin1')).toMatch(
    /^List-Unsubscribe: <https:[^>]+>, <mailto:unsubscribe\+abc@news\.example\.org>\r$/m,
  );
});

test('a reply address and a postal address are shown when they are set', async () => {
  const replyTo = { address: 'editor@news.example.org', domain: 'news.example.org' };
  const own = await createDigestRenderer({
    publicUrl,
    from,
    replyTo,
    postalAddress: '12 Example Lane',
  });
  const read = await readMessage(
    own.assemble(own.prepare(edition(papers)), digest(papers), envelope()),
  );
  expect(read.headers).toContainEqual(['Reply-To', 'editor@news.example.org']);
  expect(read.html).toContain('12 Example Lane');
  expect(read.text).toContain('12 Example Lane');
});

test('lines end in CRLF alone, are ASCII, and are short', () => {
  const text = raw.toString('latin1');
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  expect(text.endsWith('\r\n')).toBe(true);
  const [, ...body] = text.split('\r\n\r\n');
  for (const line of text.split('\r\n')) expect(line).toMatch(/^[\x20-\x7e\t]{0,998}$/);
  for (const line of body.join('\r\n\r\n').split('\r\n'))
    expect(line.length).toBeLessThanOrEqual(76);
});

test('the text part comes before the HTML part, both in UTF-8 and quoted-printable', () => {
  const text = raw.toString('latin1');
  const types = [...text.matchAll(/^Content-Type: (.*)\r$/gm)].map((found) => found[1]);
  expect(types.slice(1)).toEqual(['text/plain; charset=utf-8', 'text/html; charset=utf-8']);
  expect(text.match(/^Content-Transfer-Encoding: quoted-printable\r$/gm)).toHaveLength(2);
  const boundary = /boundary="([^"]+)"/.exec(types[0] ?? '')?.[1] ?? 'none';
  expect(text.split(`--${boundary}`)).toHaveLength(4);
});

test('equal arguments give equal bytes, another delivery another boundary', () => {
  expect(message(papers, 1).equals(raw)).toBe(true);
  const parts = renderer.prepare(edition(papers));
  const other = renderer.assemble(
    parts,
    digest(papers, 1),
    envelope({ messageId: '<d.other@news.example.org>' }),
  );
  expect(other.toString('latin1')).toContain('boundary="=_d.other"');
});

test('a digest is the same after another one was written between', () => {
  const parts = renderer.prepare(edition(papers));
  const first = renderer.assemble(parts, digest(papers, 1), envelope());
  renderer.assemble(parts, digest(papers.slice(0, 1)), envelope({ to: 'ben@example.com' }));
  expect(first.equals(raw)).toBe(true);
  expect(renderer.assemble(parts, digest(papers, 1), envelope()).equals(raw)).toBe(true);
});

test('both parts have the same links', () => {
  const html = [...(mail.html ?? '').matchAll(/href="([^"]*)"/g)].map((found) =>
    found[1]?.replaceAll('&amp;', '&'),
  );
  const text = [...(mail.text ?? '').matchAll(/https?:\/\/\S+/g)].map((found) => found[0]);
  // The page of one paper's buttons; a link in the HTML names the button it is about.
  const pages = html.map((url) => url?.replace(/\?want=\w+$/, ''));
  expect(new Set(text)).toEqual(new Set(pages));
  expect(html).toContain('https://arxiv.org/pdf/2603.10001');
  expect(html).toContain(`${publicUrl}/papers/3`);
});

test.each([
  ['Paper 1 on gates that skip attention', 2],
  ['Mira Okafor, Jonas Lindqvist', 2],
  ['Ada, Ben, Cleo + 1 more', 1],
  ['3rd time · first seen 18 Dec 2025 · back after 83 days · up 12 places', 1],
  ['Matches “attention”: title, 2 times in the abstract', 3],
  ['128 upvotes', 1],
  ['2 new papers and 1 seen before, for Sparse attention', 1],
  ['Wednesday, 11 March 2026', 1],
  [
    'You get this daily digest because you follow “Sparse attention”, “Robots that walk” with Paperboy.',
    1,
  ],
])('both parts say “%s”', (fact, least) => {
  const html = (mail.html ?? '').replace(/<[^>]*>/g, '');
  const text = (mail.text ?? '').replace(/\s+/g, ' ');
  for (const part of [html, text])
    expect(part.split(fact).length).toBeGreaterThan(Math.min(least, 1));
});

test('new and recurring stand apart, and a recurring paper is short', () => {
  for (const part of [mail.html ?? '', mail.text ?? '']) {
    const [fresh = '', recurring = ''] = part.split(/seen before(?=<|: 1 paper)/i);
    expect(fresh).toContain('Paper 1 on gates');
    expect(fresh).not.toContain('Paper 3 on gates that skip attention</a>');
    expect(recurring).toContain('Paper 3 on gates');
    expect(recurring).not.toContain('A gate beside each head');
  }
});

test('a summary is marked as one, an abstract is not', () => {
  expect(mail.html?.match(/>Summary</g)).toHaveLength(1);
  expect(mail.text?.match(/^Summary: /gm)).toHaveLength(1);
});

test('new papers stand under their best topic, with the others beside them', async () => {
  const items = (ids: number[], labels: string[]) =>
    ids.map((id) => ({ paperId: paperId(id), why: [], labels }));
  const read = await readMessage(
    message(papers, 0, {
      sections: [
        { kind: 'new', topic: 'Sparse attention', items: items([1], ['Robots that walk']) },
        { kind: 'new', topic: 'Robots that walk', items: items([2], []) },
        { kind: 'recurring', items: items([3], ['Sparse attention', 'Robots that walk']) },
      ],
    }),
  );
  const headings = [...(read.html ?? '').matchAll(/<h([1-6])[^>]*>(.*?)<\/h\1>/g)].map(
    ([, rank, text = '']) => `${rank} ${text.replace(/<[^>]*>/g, '')}`,
  );
  expect(headings).toEqual([
    '1 Paperboy',
    '2 New',
    '3 Sparse attention',
    '4 Paper 1 on gates that skip attention',
    '3 Robots that walk',
    '4 Paper 2 on gates that skip attention',
    '2 Seen before',
    '3 Paper 3 on gates that skip attention',
  ]);
  expect(read.html).toContain('>2 papers<');
  expect(read.html).toContain('>Also: Robots that walk</p>');
  expect(read.html).toContain('>Sparse attention · Robots that walk</p>');
  expect(read.text).toMatch(/^NEW: 2 PAPERS\n=+\n\nSparse attention\n-{16}\n\nPaper 1/m);
  expect(read.text).toContain('Also: Robots that walk');
  expect(read.text).toContain('Topics: Sparse attention, Robots that walk');
});

test('what a paper was for that nobody follows any more is said as it is', async () => {
  const item = { paperId: paperId(1), why: [], labels: [] };
  const sections = [{ kind: 'new' as const, topic: LEFT_TOPICS, items: [item] }];
  const read = await readMessage(message(papers, 0, { sections }));
  expect(read.html).toContain('>Topics you have left since<');
  expect(read.subject).toBe('1 new on Sparse attention and 1 more · 11 Mar');
});

test('the days a paper was listed are drawn, and told in words', () => {
  const [strip = ''] = /<table class="ticks"[\s\S]*?<\/table>/.exec(mail.html ?? '') ?? [];
  expect(strip).toContain('aria-label="Listed on 18 Dec 2025 and 11 Mar"');
  const widths = [...strip.matchAll(/<td class="([a-z ]+)"[^>]*? width="(\d+)"/g)];
  expect(widths.map(([, kind, width]) => `${kind} ${width}`)).toEqual([
    'tick 4',
    'gap 124',
    'tick now 4',
  ]);
  expect(mail.text).toContain('Listed on 18 Dec 2025 and 11 Mar');
});

test('a weekly digest opens with its week, day by day and topic by topic', async () => {
  const week = [
    paper(1, { firstSeenOn: day('2026-03-06') }),
    paper(2, { firstSeenOn: day('2026-03-11') }),
    paper(3, { firstSeenOn: day('2026-03-11') }),
    paper(4, { firstSeenOn: day('2026-03-04') }),
  ];
  const found = [
    { topic: 'Robots that walk', papers: [paperId(1)] },
    { topic: 'Sparse attention', papers: [paperId(2), paperId(3), paperId(4)] },
  ];
  const parts = renderer.prepare({ ...edition(week), cadence: 'weekly' });
  const read = await readMessage(renderer.assemble(parts, digest(week, 0, { found }), envelope()));
  const [table = ''] = /<table[^>]*border-collapse[\s\S]*?<h2/.exec(read.html ?? '') ?? [];
  const rows = table
    .split('<tr>')
    .map((row) =>
      [...row.replaceAll('<br>', ' ').matchAll(/>([^<]+)</g)]
        .map(([, cell]) => cell?.trim())
        .filter(Boolean),
    );
  expect(rows).toContainEqual([
    'Topic',
    'Thu 5',
    'Fri 6',
    'Sat 7',
    'Sun 8',
    'Mon 9',
    'Tue 10',
    'Wed 11',
  ]);
  expect(rows).toContainEqual(['Sparse attention', '·', '·', '·', '·', '·', '·', '2']);
  expect(rows).toContainEqual(['All topics', '·', '1', '·', '·', '·', '·', '2']);
  expect(table).toMatch(/<th[^>]* scope="row"[^>]*>Robots that walk</);
  expect(table.match(/class="column"/g)).toHaveLength(7);
  expect(read.text).toMatch(/^THE WEEK: 3 NEW PAPERS$/m);
  expect(read.text).toMatch(/^Robots that walk {13}\. {6}1 {6}\./m);
  expect(read.text).toMatch(/^All topics {19}0 {6}1( {6}0){4} {6}2$/m);
  expect(read.html?.indexOf('The week')).toBeLessThan(read.html?.indexOf('>New<') ?? 0);
});

test('a daily digest, and a week without new papers, draw nothing', async () => {
  expect(mail.html).not.toContain('class="column"');
  const parts = renderer.prepare({ ...edition(papers), cadence: 'weekly' });
  const old = renderer.assemble(parts, digest(papers, 3, { found: [] }), envelope());
  expect((await readMessage(old)).html).not.toContain('class="column"');
});

test('the way out stands near the top of both parts and again at the end', () => {
  const { href } = links.unsubscribe(idOfAda());
  const body = mail.html?.slice(mail.html.indexOf('<body')) ?? '';
  expect(body.indexOf(href)).toBeLessThan(3000);
  expect(body.lastIndexOf(href)).toBeGreaterThan(body.indexOf('Paper 3 on gates'));
  expect(mail.text?.indexOf(href)).toBeLessThan(300);
});

test('the HTML is a whole document with language, title, headings and presentation tables', () => {
  const html = mail.html ?? '';
  expect(html).toMatch(/^<!doctype html>\n<html lang="en" dir="ltr"/);
  expect(html).toContain(`<title>${mail.subject}</title>`);
  expect(html).toContain('<meta name="color-scheme" content="light dark">');
  expect(html).toContain('<meta name="supported-color-schemes" content="light dark">');
  expect(html).toContain('@media (prefers-color-scheme:dark)');
  expect([...html.matchAll(/<h([1-6])/g)].map((found) => found[1])).toEqual([
    '1',
    '2',
    '3',
    '4',
    '4',
    '2',
    '3',
  ]);
  for (const table of html.match(/<table[^>]*>/g) ?? [])
    expect(table).toMatch(/role="presentation"|role="img" aria-label="Listed on /);
  expect(html).not.toContain('{{');
  expect(html).not.toContain('<!--cut');
});

test('nothing is loaded from anywhere', () => {
  expect(mail.html).not.toMatch(/<(?:img|script|link|iframe|object|embed|form|base)\b/i);
  expect(mail.html).not.toMatch(/src=|url\(|@import|@font-face/i);
});

test('an inbox shows the first titles, then blanks', () => {
  const [, preheader = ''] =
    /<div style="display:none;[^>]*>([^<]*)<\/div>/.exec(mail.html ?? '') ?? [];
  const [shown = '', ...blanks] = preheader.split('\u034f\u2007');
  expect(shown).toContain('Paper 1 on gates');
  expect(shown.length).toBeGreaterThanOrEqual(40);
  expect(shown.length).toBeLessThanOrEqual(90);
  expect(blanks).toHaveLength(80);
});

test('200 long papers stay below the size at which mails are clipped, in both parts alike', async () => {
  const long = Array.from({ length: 200 }, (_, index) =>
    paper(index + 1, {
      title: `${index} ${'Überlange Titel '.repeat(40)}`,
      text: 'ausführlich '.repeat(500),
      authors: Array.from({ length: 50 }, () => 'Łukasz Überlang '.repeat(8)),
    }),
  );
  const bytes = message(long, 20, { more: 7 });
  const html = bytes.subarray(bytes.lastIndexOf('\r\n\r\n<!doctype') + 4).length;
  expect(html).toBeGreaterThan(MAX_HTML_BYTES * 0.9);
  expect(html).toBeLessThanOrEqual(MAX_HTML_BYTES + 100);
  expect(bytes.length).toBeLessThanOrEqual(MOST_MESSAGE_BYTES);
  const read = await readMessage(bytes);
  const shown = read.html?.match(/<h4/g)?.length ?? 0;
  expect(shown).toBeGreaterThan(10);
  for (const part of [read.html, read.text])
    expect(part).toContain(`and ${207 - shown} more online`);
  expect(read.text?.match(/^History: /gm)).toHaveLength(shown);
  expect(read.html).toMatch(/<\/html>\s*$/);
  expect(read.html).not.toContain('Seen before');
});

test('twenty papers of usual length fit', () => {
  const usual = Array.from({ length: 20 }, (_, index) =>
    paper(index + 1, { text: 'A gate beside each head. '.repeat(40) }),
  );
  expect(message(usual).toString('latin1')).not.toContain('more online');
});

test('a paper asks what its reader thinks of it, where there is a place to say so', async () => {
  for (const want of ['like', 'dislike', 'save']) {
    expect(mail.html).toContain(`href="${publicUrl}/digests/TOKEN/papers/1?want=${want}"`);
  }
  expect(mail.text).toContain(`Like, not for me, save: ${publicUrl}/digests/TOKEN/papers/1`);
  const { sections } = digest(papers);
  const silent = sections.map(({ items, ...section }) => {
    return { ...section, items: items.map(({ feedbackUrl: _, ...item }) => item) };
  });
  const read = await readMessage(message(papers, 0, { sections: silent }));
  expect(read.html).not.toContain('Not for me');
  expect(read.text).not.toContain('not for me');
});

test('the first paper says more than those after it, in both parts', async () => {
  const sentence = (name: string) => `${name} ${'word '.repeat(26)}end.`;
  const text = ['First', 'Second', 'Third'].map(sentence).join(' ');
  const read = await readMessage(message([paper(1, { text }), paper(2, { text })]));
  const [title, lead = '', other = ''] = (read.html ?? '').split('<h4');
  expect(title).not.toContain('First word');
  expect(lead).toContain(`${sentence('First')} ${sentence('Second')}`);
  expect(other).toContain(sentence('First'));
  expect(other).not.toContain('Second');
  expect((read.text ?? '').match(/Second word/g)).toHaveLength(1);
});

test('TeX is printed, as no mail client sets it', async () => {
  const tex = {
    title: String.raw`$\gamma$-Gates in $\mathcal{O}(n^2)$`,
    text: String.raw`We save 5\% of it.`,
  };
  const read = await readMessage(message([paper(1, tex)]));
  for (const part of [read.html, read.text]) {
    expect(part).toContain('γ-Gates in O(n²)');
    expect(part).toContain('We save 5% of it.');
  }
  expect(read.html).toContain('>γ-Gates in O(n²) ·');
});

test('what one client alone needs stands in the head, where the others pass over it', () => {
  const [head = ''] = (mail.html ?? '').split('</head>');
  expect(head).toContain(
    '<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">',
  );
  expect(head).toMatch(
    /<!--\[if mso\]><style>\*\{font-family:Georgia[^<]*\.ticks td[^<]*<\/style><!\[endif\]-->/,
  );
});

test('papers left out by limits are told, with where they are', async () => {
  const read = await readMessage(message(papers, 1, { more: 4 }));
  expect(read.html).toMatch(
    /href="https:\/\/news\.example\.org\/days\/2026-03-11"[^>]*>and 4 more online</,
  );
  expect(read.text).toContain('and 4 more online');
});

test('what was odd about the sources is one quiet line in both parts', async () => {
  const note = 'The list of Hugging Face was cut short: 50 of 50 read.';
  const parts = renderer.prepare(edition(papers, [note]));
  const read = await readMessage(renderer.assemble(parts, digest(papers), envelope()));
  expect(read.html).toContain(note);
  expect(read.text).toContain(note);
});

test('a digest without papers says so in one line', async () => {
  const parts = renderer.prepare(edition([]));
  const read = await readMessage(renderer.assemble(parts, digest([]), envelope()));
  expect(read.subject).toBe('Nothing new on Sparse attention and 1 more · 11 Mar');
  expect(read.text?.match(/nothing new/gi)).toHaveLength(1);
  for (const part of [read.html, read.text])
    expect(part).toContain('Nothing new for your topics today.');
});

test('a day on which a list could not be read is never called quiet', async () => {
  const note = 'Hugging Face: the list could not be read';
  for (const cadence of ['daily', 'weekly'] as const) {
    const parts = renderer.prepare({ ...edition([], [note]), cadence });
    const read = await readMessage(renderer.assemble(parts, digest([]), envelope()));
    expect(read.subject).toBe('Not every list was read · 11 Mar');
    for (const part of [read.html, read.text]) {
      expect(part?.replace(/\s+/g, ' ')).toContain('but not every list could be read in full.');
      expect(part).toContain(note);
      expect(part).not.toMatch(/nothing new|quiet day/i);
    }
  }
});

test('links of other schemes are dropped, and a title without a link stays', async () => {
  const odd = paper(1, {
    links: [
      { rel: 'page', url: 'javascript:alert(1)' },
      { rel: 'pdf', url: 'data:text/html,x' },
    ],
    url: 'ftp://example.org/',
  });
  const read = await readMessage(message([odd]));
  expect(read.html).not.toMatch(/javascript:|data:text|ftp:/);
  expect(read.text).not.toMatch(/javascript:|data:text|ftp:/);
  expect(read.html).toMatch(/<h4[^>]*>Paper 1 on gates that skip attention<\/h4>/);
});

test('a digest that names a paper of another edition cannot be built', () => {
  const parts = renderer.prepare(edition(papers));
  expect(() => renderer.assemble(parts, digest([paper(9)]), envelope())).toThrow(
    /INTERNAL: paper 9/,
  );
  expect(parts.edition.date).toBe(today);
  expect(paperId(9)).toBe('9');
});

test.each([
  { to: 'a@example.net\r\nBcc: evil@example.org' },
  { to: 'a@example.net, evil@example.org' },
  { to: 'Ada <ada@example.com>' },
  { to: 'ada@Example.COM' },
  { messageId: '<a@b>\r\nX: y' },
  { messageId: 'no brackets' },
  { unsubscribeUrl: new URL(`https://example.org/${'x'.repeat(1000)}`) },
])('the envelope %j is refused as the fault of that message', (own) => {
  const parts = renderer.prepare(edition(papers));
  expect(() => renderer.assemble(parts, digest(papers), envelope(own))).toThrow(
    /^INTERNAL: cannot build/,
  );
});

function idOfAda() {
  const token = links.readToken(
    'unsubscribe',
    envelope().unsubscribeUrl.pathname.slice('/unsubscribe/'.length),
  );
  if (token === undefined) throw new TypeError('the fixture has no valid link');
  return token.id;
}
