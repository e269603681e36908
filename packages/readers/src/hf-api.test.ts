import { isDeepStrictEqual } from 'node:util';
import { keysOf, titleKey } from '@paperboy/core';
import { describe, expect, test } from 'vitest';
import { fixture, fixtureText, read, readListing, titles } from '../test/support.ts';

const DAY = 'https://huggingface.co/api/daily_papers?date=2026-02-05';

function items(count: number): unknown[] {
  return Array.from({ length: count }, (_, index) => ({
    paper: { id: `2602.${10000 + index}`, title: `Paper ${index}`, summary: 'Says it.' },
  }));
}

function answer(value: unknown): string {
  return JSON.stringify(value);
}

describe('an answer', () => {
  test.each(['hf-api-2024.json', 'hf-api-2025.json', 'hf-api-2026.json', 'hf-api-archive.json'])(
    'of any year gives the same papers (%s)',
    (name) => {
      const listing = readListing(fixture(name));
      expect(listing).toMatchObject({ format: 'hf-api', unreadableEntries: 0, warnings: [] });
      expect(listing.entries.map((entry) => entry.ids.arxiv)).toEqual([
        '2602.90001',
        '2602.90002',
        '2602.90003',
      ]);
      expect(listing.entries.map((entry) => titleKey(entry.title))).toEqual([
        'lanternslowdecodingforcarefulanswers',
        'deltapruneremovingheadsthatagree',
        'mapswithoutcameras',
      ]);
      expect(listing.entries[1]?.abstract).toContain('no data & no training');
    },
  );

  test('gives the same keys as the page and the plain text of that day', () => {
    const [api, page] = ['hf-api-2026.json', 'hf-day.html'].map((name) =>
      readListing(fixture(name)).entries.map(keysOf),
    );
    expect(page).toEqual(api);
    const text = readListing(fixture('plain-text.txt')).entries.flatMap(keysOf);
    expect(text).toEqual(api?.map((keys) => keys.at(-1)));
  });

  test('takes the outer title, which keeps its TeX, where it is the same title', () => {
    const [, second] = readListing(fixture('hf-api-2025.json')).entries;
    expect(second?.title).toBe('$δ$-Prune: Removing Heads That Agree');
    const renamed = [
      { title: 'Quite Another', paper: { id: '2602.1', title: 'The Name', summary: 's' } },
    ];
    expect(titles(readListing(answer(renamed)))).toEqual(['The Name']);
  });

  test('marks a text that only a model wrote as a summary', () => {
    const [entry] = readListing(
      answer([{ paper: { id: '2602.90001', title: 'T', ai_summary: 'By a model.' } }]),
    ).entries;
    expect(entry).toMatchObject({ abstract: 'By a model.', textKind: 'summary' });
  });
});

describe('its day', () => {
  test('is the one on which most of its papers were listed', () => {
    const text = fixtureText('hf-api-2025.json').replace('2026-02-05T01', '2026-02-04T23');
    expect(readListing(text, { address: DAY.replace('05', '09') })).toMatchObject({
      shape: 'batch',
      date: { year: 2026, month: 2, day: 5 },
    });
  });

  test('is the one of the archive or the address in years that did not say', () => {
    expect(readListing(fixture('hf-api-archive.json')).date).toEqual({
      year: 2026,
      month: 2,
      day: 5,
    });
    expect(readListing(fixture('hf-api-2024.json'), { address: DAY })).toMatchObject({
      shape: 'batch',
      date: { year: 2026, month: 2, day: 5 },
    });
  });

  test('is unknown without either, and absences then prove nothing', () => {
    const listing = readListing(fixture('hf-api-2024.json'));
    expect(listing.date).toBeUndefined();
    expect(listing.shape).toBe('window');
  });

  test('is none for a week', () => {
    const address = 'https://huggingface.co/api/daily_papers?week=2026-W06';
    const listing = readListing(fixture('hf-api-2026.json'), { address });
    expect(listing.date).toBeUndefined();
    expect(listing.shape).toBe('window');
  });
});

describe('the limit', () => {
  test('of 50, when met exactly and none was asked for, leads to the rest', () => {
    const full = readListing(answer(items(50)), { address: DAY });
    expect([full.nextPages, full.cutBecause]).toEqual([[`${DAY}&p=1`], undefined]);
    for (const count of [49, 51]) {
      const listing = readListing(answer(items(count)), { address: DAY });
      expect([listing.nextPages, listing.cutBecause]).toEqual([[], undefined]);
    }
  });

  test('met exactly cuts a page whose address nobody knows', () => {
    expect(readListing(answer(items(50)))).toMatchObject({
      cutBecause: 'exactly the 50 entries that one answer holds',
      nextPages: [],
    });
  });

  test('asked for counts instead', () => {
    const address = `${DAY}&limit=100`;
    expect(readListing(answer(items(50)), { address }).nextPages).toEqual([]);
    const full = readListing(answer(items(100)), { address: `${address}&p=1` });
    expect([full.nextPages, full.cutBecause]).toEqual([[`${address}&p=2`], undefined]);
  });

  test('over what one answer holds is the largest there is', () => {
    const address = `${DAY}&limit=500`;
    expect(readListing(answer(items(100)), { address }).nextPages).toEqual([`${address}&p=1`]);
    expect(readListing(answer(items(99)), { address }).nextPages).toEqual([]);
  });

  test.each(['week=2026-W06', 'month=2026-02', 'date=2026-02-05&sort=trending'])(
    'of a list by %s goes on with the next page',
    (query) => {
      const address = `https://huggingface.co/api/daily_papers?${query}&limit=100&p=2`;
      const listing = readListing(answer(items(100)), { address });
      expect(listing.nextPages).toEqual([address.replace('p=2', 'p=3')]);
      expect(listing.cutBecause).toBeUndefined();
      expect(listing.shape).toBe(query.startsWith('date') ? 'batch' : 'window');
    },
  );

  test.each(['', '?sort=trending', '?sort=trending&limit=50&p=1'])(
    'does not cut a list without end (%s), which is a window',
    (query) => {
      const address = `https://huggingface.co/api/daily_papers${query}`;
      const listing = readListing(answer(items(50)), { address });
      expect(listing).toMatchObject({
        shape: 'window',
        nextPages: [],
        warnings: ['the first 50 entries of a list without end'],
      });
      expect(listing.cutBecause).toBeUndefined();
      expect(listing.date).toBeUndefined();
    },
  );

  test('is apart from the count that an archive claims', () => {
    const text = fixtureText('hf-api-archive.json').replace('"count": 3', '"count": 9');
    expect(readListing(text)).toMatchObject({ claimed: 9 });
    expect(readListing(text).cutBecause).toBeUndefined();
  });
});

describe('what is no answer', () => {
  test('Python literals are refused by name', () => {
    const python = "[{'paper': {'id': '2602.90001', 'title': \"It's\", 'summary': None}}]";
    expect(read(python)).toMatchObject({
      kind: 'unreadable',
      format: 'hf-api',
      reason: 'malformed',
      detail: expect.stringContaining('Python'),
    });
  });

  test('an error message is passed on', () => {
    expect(read('{"error":"Invalid date"}', { address: DAY })).toMatchObject({
      reason: 'malformed',
      detail: expect.stringContaining('Invalid date'),
    });
  });

  test('an empty list is an empty day where it answers for one', () => {
    expect(readListing('[]', { address: DAY })).toMatchObject({ statedEmpty: true, entries: [] });
    expect(read('[]')).toMatchObject({ reason: 'unknown-format' });
  });

  test('other JSON is of no known format', () => {
    expect(read('{"version":"1.1","items":[]}')).toMatchObject({
      reason: 'unknown-format',
    });
  });

  test('JSON with a fault in the middle is malformed, not short', () => {
    const text = fixtureText('hf-api-2026.json').replace('"2602.90002"', '2602.90002x');
    expect(read(text)).toMatchObject({ kind: 'unreadable', reason: 'malformed' });
  });

  test('100,000 open brackets are malformed', () => {
    const text = `[{"paper":{"x":${'['.repeat(100_000)}`;
    expect(read(text)).toMatchObject({ kind: 'unreadable', reason: 'malformed' });
  });
});

test.each(['hf-api-2024.json', 'hf-api-2026.json', 'hf-api-archive.json'])(
  'an answer cut after any byte keeps whole entries only and says that it is cut (%s)',
  { timeout: 60_000 },
  (name) => {
    const bytes = fixture(name);
    const whole = readListing(bytes).entries;
    const lying: number[] = [];
    let partial = 0;
    for (let end = 0; end < bytes.length; end++) {
      const reading = read(bytes.subarray(0, end));
      if (reading.kind === 'unreadable') continue;
      partial++;
      const isStart = isDeepStrictEqual(reading.entries, whole.slice(0, reading.entries.length));
      if (!isStart || reading.cutBecause === undefined) lying.push(end);
    }
    expect(lying).toEqual([]);
    expect(partial).toBeGreaterThan(bytes.length / 3);
  },
);
