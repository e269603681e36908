import { titleKey } from '@paperboy/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixtureText, read, readListing, titles } from '../test/support.ts';

const HEAD =
  'new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nbyAK and the research community';
const LONG = `${'A long abstract goes on about its matter, word after word, without haste. '.repeat(6)}End.`;
const OTHER = `${'Another abstract of some length speaks of other things, and takes its time. '.repeat(6)}End.`;

function page(...blocks: string[]): string {
  return [HEAD, 'Jul 31', ...blocks].join('\n\n');
}

describe('a page as it should be', () => {
  test('gives titles and abstracts in turn, with positions from 1', () => {
    const listing = readListing(fixtureText('plain-text.txt'));
    expect(titles(listing)).toEqual([
      'Lantern: Slow Decoding for Careful Answers',
      'δ-Prune: Removing Heads That Agree',
      'Maps Without Cameras',
    ]);
    expect(listing.entries.map((entry) => entry.position)).toEqual([1, 2, 3]);
    expect(listing.entries[0]?.abstract).toMatch(/^Language models answer .* when it should\.$/);
    expect(listing).toMatchObject({ format: 'plain-text', shape: 'batch', warnings: [] });
    expect(listing.cutBecause).toBeUndefined();
  });

  test('keeps its date without a year', () => {
    expect(readListing(fixtureText('plain-text.txt')).date).toEqual({ month: 2, day: 5 });
  });

  test('takes a year where one is printed', () => {
    const text = fixtureText('plain-text.txt').replace('Feb 5', 'February 5, 2026');
    expect(readListing(text).date).toEqual({ year: 2026, month: 2, day: 5 });
  });

  test('may have abstracts of one sentence, beside titles that are longer', () => {
    const title =
      'A Rather Long Title That Takes More Room Than the Sentence Which Is Its Abstract';
    const listing = readListing(page(title, 'Short one.', 'Brief', 'Also short.'));
    expect(listing.entries.map(({ title, abstract }) => [title, abstract])).toEqual([
      [title, 'Short one.'],
      ['Brief', 'Also short.'],
    ]);
  });

  test('keeps TeX, Markdown and comparison signs as written', () => {
    const abstract = String.raw`We \emph{cut} cost by 5\% (<4B), \`\`so'' **C**hinese $\mathcal{O}(n)$ & A* win.`;
    const [entry] = readListing(page(String.raw`T\"ULU & \etc`, abstract)).entries;
    expect(entry).toMatchObject({ title: String.raw`T\"ULU & \etc`, abstract });
  });
});

describe('a damaged page', () => {
  const whole = page('First Paper', LONG, 'Second Paper', OTHER);
  const wanted = readListing(whole).entries;

  test.each([
    ['CRLF line ends', whole.replaceAll('\n', '\r\n')],
    ['CR line ends', whole.replaceAll('\n', '\r')],
    ['a byte order mark', `\ufeff${whole}`],
    ['"by AK" with a space', whole.replace('byAK', 'by AK')],
    [
      'a second banner line',
      whole.replace('inbox!', 'inbox once a day!\n\nGet trending papers in your email inbox!'),
    ],
    [
      'tabs of the page',
      whole.replace('Jul 31', 'Daily\n\nWeekly\n\nMonthly\n\nTrending Papers\n\nJul 31'),
    ],
    ['tabs below the date', whole.replace('Jul 31', 'Jul 31\n\nDaily\nWeekly\nMonthly')],
    [
      'vote counts and dashes',
      whole.replaceAll(/(First|Second) Paper/g, '12\n\n-\n\n$&\n\n3\n\n—'),
    ],
    ['author counts', whole.replaceAll(' Paper', ' Paper\n\n4 authors')],
    ['author counts in the block of the title', whole.replaceAll(' Paper', ' Paper\n4 authors')],
    ['a date under each card', whole.replaceAll('End.', 'End.\n\nOct 7, 2024')],
    ['wrapped lines', whole.replaceAll(', ', ',\n').replaceAll('First ', 'First\n  ')],
    ['blank lines with blanks in them', whole.replaceAll('\n\n', '\n \t\u00a0\n\n')],
    ['a line end at the end', `${whole}\n`],
    ['NUL and bidi controls', whole.replaceAll('a', '\u202ea\0')],
  ])('with %s reads the same', (_damage, text) => {
    const listing = readListing(text);
    expect(listing.entries).toEqual(wanted);
    expect(listing.date).toEqual({ month: 7, day: 31 });
    expect(listing.cutBecause).toBeUndefined();
  });

  test('with two titles in a row has the first without an abstract', () => {
    const listing = readListing(page('Lonely Title', 'First Paper', LONG, 'Second Paper', OTHER));
    expect(listing.entries.map(({ title, abstract }) => [title, abstract])).toEqual([
      ['Lonely Title', undefined],
      ['First Paper', LONG],
      ['Second Paper', OTHER],
    ]);
    expect(listing.warnings).toEqual([expect.stringContaining('without an abstract')]);
  });

  test.each([
    ['two long paragraphs', [LONG, OTHER]],
    ['a long and a short paragraph', [LONG, 'A short paragraph ends it.']],
    ['a short and a long paragraph', ['A short paragraph opens it.', LONG]],
  ])('with %s joins them by an empty line and says so', (_name, paragraphs) => {
    const listing = readListing(page('First Paper', ...paragraphs, 'Second Paper', OTHER));
    expect(listing.entries.map(({ title, abstract }) => [title, abstract])).toEqual([
      ['First Paper', paragraphs.join('\n\n')],
      ['Second Paper', OTHER],
    ]);
    expect(listing.warnings).toEqual([expect.stringContaining('second paragraph')]);
  });

  test('without a date line is a window, warned of', () => {
    const listing = readListing(`${HEAD}\n\nFirst Paper\n\n${LONG}`);
    expect(listing).toMatchObject({ shape: 'window', warnings: ['no date line above the list'] });
    expect(listing.date).toBeUndefined();
    expect(titles(listing)).toEqual(['First Paper']);
  });

  test('with a day that no year has is a window, warned of', () => {
    const listing = readListing(whole.replace('Jul 31', 'Feb 30'));
    expect(listing).toMatchObject({ shape: 'window', warnings: ['no year has the day "Feb 30"'] });
  });

  test('cut inside an abstract keeps what is there and says that it is cut', () => {
    const listing = readListing(whole.slice(0, -30));
    expect(titles(listing)).toEqual(['First Paper', 'Second Paper']);
    expect(listing.cutBecause).toBe('the page ends inside an abstract');
  });

  test('cut inside a title does not invent a paper of that name', () => {
    const listing = readListing(page('First Paper', LONG, 'Second Pap'));
    expect(titles(listing)).toEqual(['First Paper']);
    expect(listing.cutBecause).toContain('after a title');
  });

  test('whose last abstract ends on an address is not cut', () => {
    const listing = readListing(`${whole.slice(0, -4)}Code: https://example.org/code`);
    expect(listing.cutBecause).toBeUndefined();
  });

  test('with text above the first title counts it as unreadable', () => {
    const listing = readListing(page(LONG, 'First Paper', OTHER));
    expect(titles(listing)).toEqual(['First Paper']);
    expect(listing).toMatchObject({ unreadableEntries: 1 });
    expect(listing.entries[0]?.position).toBe(2);
  });

  test('of a head alone has no entries', () => {
    expect(read(`${HEAD}\n\nJul 31`)).toMatchObject({ kind: 'unreadable', reason: 'no-entries' });
  });
});

describe('what is not taken for such a page', () => {
  test.each([
    ['prose', 'A letter to a friend.\n\nMay 5 was a fine day.\n\nWe went out.'],
    ['a note with a list of dates further down', 'Plan\n\nJul 31\n\nstart'],
  ])('%s', (_name, text) => {
    expect(read(text)).toMatchObject({ kind: 'unreadable', reason: 'unknown-format' });
  });

  test('but a list without head and date is read where the format is named', () => {
    const listing = readListing('A Paper\n\nIts abstract.\n\nB Paper\n\nIts too.', {
      format: 'plain-text',
    });
    expect(titles(listing)).toEqual(['A Paper', 'B Paper']);
  });

  test('and markup stays unread even then', () => {
    const reading = read('<!doctype html><p>Hello', { format: 'plain-text' });
    expect(reading).toMatchObject({ kind: 'unreadable', reason: 'malformed' });
  });
});

describe('for any list', () => {
  const word = fc.stringMatching(/^[A-Za-zγÜé\\${}&<*_,.:?!()-]{1,12}$/);
  /** Text with at least one word that no page furniture has. */
  const line = (max: number) =>
    fc.array(word, { maxLength: max }).map((words) => ['Of', ...words, 'kind'].join(' '));
  const papers = fc.array(fc.record({ title: line(20), abstract: line(300) }), { minLength: 1 });

  test('of titles and abstracts, the printed page reads back equal', () => {
    const holds = fc.property(papers, (list) => {
      const listing = readListing(page(...list.flatMap((paper) => [paper.title, paper.abstract])));
      expect(listing.entries.map(({ title, abstract }) => ({ title, abstract }))).toEqual(list);
      expect(listing).toMatchObject({ unreadableEntries: 0, date: { month: 7, day: 31 } });
    });
    fc.assert(holds);
  });

  test('wrapping its lines anywhere changes nothing', () => {
    const holds = fc.property(papers, fc.infiniteStream(fc.boolean()), (list, wraps) => {
      const text = page(...list.flatMap((paper) => [paper.title, paper.abstract]));
      const body = text.indexOf('Jul 31') + 'Jul 31'.length;
      const wrapped = text.slice(body).replace(/ /g, () => (wraps.next().value ? '\n' : ' '));
      expect(readListing(text.slice(0, body) + wrapped).entries).toEqual(readListing(text).entries);
    });
    fc.assert(holds);
  });
});

test('a fixture cut after any byte has no entry that the whole has not', {
  timeout: 60_000,
}, () => {
  const bytes = new TextEncoder().encode(fixtureText('plain-text.txt'));
  const whole = new Map(readListing(bytes).entries.map((entry) => [titleKey(entry.title), entry]));
  for (let end = 0; end < bytes.length; end++) {
    const reading = read(bytes.subarray(0, end));
    if (reading.kind === 'unreadable') continue;
    for (const entry of reading.entries) {
      const full = whole.get(titleKey(entry.title));
      expect(full, `cut after ${end}`).toBeDefined();
      if (entry.abstract === full?.abstract) continue;
      expect(full?.abstract).toContain(entry.abstract ?? '');
      // A cut right after a sentence, or after a closing sign, cannot be told from an end.
      const isPlainCut = !/[.!?)"]$/.test(entry.abstract ?? '');
      if (isPlainCut) expect(reading.cutBecause, `cut after ${end}`).toBeDefined();
    }
  }
});
