import { describe, expect, test } from 'vitest';
import { fixtureText, read, readListing, titles } from '../test/support.ts';

const MAIL = fixtureText('arxiv-mail.txt');
const [HEADERS = '', BODY = ''] = MAIL.split(/\n\n(.*)/s);

describe('a listing mail', () => {
  test('gives each entry what its block says', () => {
    const listing = readListing(MAIL);
    expect(listing).toMatchObject({
      format: 'arxiv-mail',
      shape: 'batch',
      date: { year: 2026, month: 2, day: 5 },
      claimed: 4,
      statedEmpty: false,
      unreadableEntries: 0,
      warnings: [],
    });
    expect(listing.cutBecause).toBeUndefined();
    expect(listing.entries.map(({ section }) => section)).toEqual([
      'new',
      'new',
      'cross',
      'replace',
    ]);
    const [first, , , last] = listing.entries;
    expect(first).toMatchObject({
      position: 1,
      ids: { arxiv: '2602.90001' },
      authors: ['Ada Quill', 'José Márquez', 'Li Wen'],
      categories: ['cs.CL', 'cs.LG'],
      publishedAt: '2026-02-02T15:01:23Z',
    });
    expect(first?.abstract).toMatch(/^Language models .* when it should\.$/);
    expect(last).toMatchObject({
      ids: { arxiv: 'chao-dyn/9990001', doi: '10.1234/jed.2026.034' },
      authors: ['Paweł Łoś', 'Ines Sørby'],
      links: [{ url: 'https://arxiv.org/abs/chao-dyn/9990001' }, { rel: 'pdf' }],
    });
    expect(last?.abstract ?? last?.publishedAt).toBeUndefined();
  });

  test('reads as the page of the same day does', () => {
    const kept = (listing: ReturnType<typeof readListing>) =>
      listing.entries.map(({ publishedAt, ids, ...rest }) => ({ ...rest, arxiv: ids.arxiv }));
    expect(kept(readListing(MAIL))).toEqual(kept(readListing(fixtureText('arxiv-new.html'))));
  });

  test('keeps TeX in titles and texts and joins lines that were wrapped', () => {
    const text = MAIL.replace(
      'Title: Maps Without Cameras',
      'Title: Maps of $\\mathbb{R}^2$\n  Without {\\"U}bung',
    );
    expect(titles(readListing(text))[2]).toBe('Maps of $\\mathbb{R}^2$ Without {\\"U}bung');
  });

  test('begins a paragraph of an abstract at an indented line', () => {
    const text = MAIL.replace('\nLantern measures', '\n  Lantern measures');
    expect(readListing(text).entries[0]?.abstract).toContain('hard.\n\nLantern');
  });

  test('in the older form of its first lines is read too', () => {
    const text = MAIL.replace('arXiv:2602.90001', 'Paper: 2602.90001').replace(
      'arXiv:2602.90003 (*cross-listing*)',
      'Paper (*cross-listing*): 2602.90003',
    );
    expect(readListing(text).entries).toEqual(readListing(MAIL).entries);
  });

  test('marks a replacement of a cross-list as one', () => {
    const text = MAIL.replace('arXiv:chao-dyn/9990001', 'arXiv:chao-dyn/9990001 (*cross-listing*)');
    expect(readListing(text).entries[3]?.section).toBe('replace-cross');
  });

  test('may have sections without papers', () => {
    const crosses = MAIL.slice(MAIL.indexOf('%-%-'), MAIL.indexOf('%%--'));
    const listing = readListing(
      MAIL.replace(crosses, `${crosses.split('\n')[0]}\n`).replace('+ 1 ', '+  '),
    );
    expect(listing.entries.map(({ section }) => section)).toEqual(['new', 'new', 'replace']);
    expect(listing).toMatchObject({ claimed: 3, warnings: [] });
  });

  test('without any paper and with its end mark is empty', () => {
    const text = `${HEADERS.replace('2 new + 1 ', '0 new + ')}\n\n${'-'.repeat(78)}\n${'%-'.repeat(39)}\n${'%%%---'.repeat(13)}\n`;
    expect(readListing(text)).toMatchObject({ statedEmpty: true, entries: [], date: { day: 5 } });
    expect(read(text.replace('0 new', '7 new'))).toMatchObject({ reason: 'no-entries' });
  });
});

describe('a mail that is damaged', () => {
  test('without its end mark is cut, and loses the block it ends in', () => {
    const cut = (before: string) => readListing(MAIL.slice(0, MAIL.indexOf(before)));
    expect(titles(cut('no training'))).toEqual(['Lantern: Slow Decoding for Careful Answers']);
    expect(cut('%%%---')).toMatchObject({ cutBecause: expect.stringContaining('no end mark') });
    expect(titles(cut('%%%---'))).toHaveLength(4);
  });

  test('with fewer new papers than its subject claims has the claim', () => {
    const listing = readListing(MAIL.replace('2 new', '3 new'));
    expect([listing.claimed, listing.entries.length]).toEqual([5, 4]);
  });

  test('with a second mail below the end mark says so', () => {
    expect(readListing(MAIL + MAIL).cutBecause).toContain('4 entries below the end mark');
  });

  test('with a block without a title counts it and names the line', () => {
    const listing = readListing(MAIL.replace('Title: Maps Without Cameras\n', ''));
    expect(listing).toMatchObject({
      unreadableEntries: 1,
      warnings: ['entry 3: arXiv:2602.90003 without a Title: line'],
    });
    expect(listing.entries.map(({ position }) => position)).toEqual([1, 2, 4]);
  });

  test('with blocks that no id names is unreadable and says why', () => {
    const text = MAIL.replaceAll(/arXiv:\S+|https:\S+/g, 'arXiv:none');
    expect(read(text)).toMatchObject({
      reason: 'no-entries',
      detail: expect.stringContaining('no arXiv: line with an id'),
    });
  });
});

describe('a saved message', () => {
  const wanted = readListing(MAIL).entries;
  const utf8 = new TextEncoder().encode(BODY);
  const base64 = btoa(String.fromCharCode(...utf8)).replace(/.{76}/g, '$&\r\n');
  const quoted = [...utf8]
    .map((byte) =>
      byte === 10
        ? '\r\n'
        : byte === 0x3d || byte > 126
          ? `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
          : String.fromCharCode(byte),
    )
    .join('')
    .replace(/([^\r\n]{70})(?=[^\r\n]{5})/g, '$1=\r\n');
  const plain = (encoding: string, body: string) =>
    `Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`;
  const headers = `Received: from mail.example.org\r\n\tby mx.example.org\r\nMIME-Version: 1.0\r\n${HEADERS.replaceAll('\n', '\r\n')}`;

  test.each([
    ['with CRLF', MAIL.replaceAll('\n', '\r\n')],
    ['in 8bit', `${headers}\r\n${plain('8bit', BODY)}`],
    ['in base64', `${headers}\r\n${plain('base64', base64)}`],
    ['in quoted-printable', `${headers}\r\n${plain('quoted-printable', quoted)}`],
    ['out of a mailbox file', `From no-reply@example.org Thu Feb  5 01:31:14 2026\n${MAIL}`],
    [
      'of several parts',
      `${headers}\r\nContent-Type: multipart/alternative; boundary="b=1"\r\n\r\n--b=1\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n--b=1\r\n${plain('base64', base64)}\r\n--b=1--\r\n`,
    ],
  ])('%s reads as the listing in it', (_name, text) => {
    const listing = readListing(text);
    expect(listing.entries).toEqual(wanted);
    expect(listing).toMatchObject({ date: { day: 5 }, claimed: 4, warnings: [] });
    expect(listing.cutBecause).toBeUndefined();
  });

  test('whose encoding is damaged is cut or refused', () => {
    for (const body of [base64.slice(0, 701), '!!!!', '====', `${quoted.slice(0, 500)}=`]) {
      for (const encoding of ['base64', 'quoted-printable', 'x-odd']) {
        const reading = read(`${headers}\r\n${plain(encoding, body)}`, { format: 'arxiv-mail' });
        expect(reading.kind === 'unreadable' || reading.cutBecause).toBeTruthy();
      }
    }
  });
});
