import { describe, expect, test } from 'vitest';
import { habitsOf, knownSource, nameFrom } from './known-sites.ts';

describe('a list on a site whose ways are known is watched at its best address', () => {
  const HF_DAY = 'https://huggingface.co/api/daily_papers?date={date}&limit=100';
  test.each([
    ['https://arxiv.org/list/cs.CL/recent', 'https://rss.arxiv.org/rss/cs.CL', 'arxiv-cs-cl'],
    ['https://arxiv.org/list/cs.CL/new?show=50', 'https://rss.arxiv.org/rss/cs.CL', 'arxiv-cs-cl'],
    ['http://www.arxiv.org/list/stat.ML', 'https://rss.arxiv.org/rss/stat.ML', 'arxiv-stat-ml'],
    ['https://arxiv.org/archive/astro-ph', 'https://rss.arxiv.org/rss/astro-ph', 'arxiv-astro-ph'],
    ['http://export.arxiv.org/rss/cs.LG', 'https://rss.arxiv.org/rss/cs.LG', 'arxiv-cs-lg'],
    [
      'https://rss.arxiv.org/atom/cs.CL+cs.LG',
      'https://rss.arxiv.org/rss/cs.CL+cs.LG',
      'arxiv-cs-cl-cs-lg',
    ],
    [
      'http://arxiv.org/api/query?search_query=cat:cs.CL&max_results=100',
      'https://export.arxiv.org/api/query?search_query=cat:cs.CL&max_results=100',
      'arxiv-cat-cs-cl',
    ],
    ['https://huggingface.co/papers', HF_DAY, 'hf-daily'],
    ['https://huggingface.co/papers/date/2026-02-05', HF_DAY, 'hf-daily'],
    ['https://huggingface.co/api/daily_papers?date=2026-02-05', HF_DAY, 'hf-daily'],
    [
      'https://huggingface.co/papers/trending',
      'https://huggingface.co/papers/trending',
      'hf-trending',
    ],
    [
      'https://www.biorxiv.org/collection/cancer-biology',
      'https://connect.biorxiv.org/biorxiv_xml.php?subject=cancer_biology',
      'biorxiv-cancer-biology',
    ],
    [
      'https://www.medrxiv.org/',
      'https://connect.medrxiv.org/medrxiv_xml.php?subject=all',
      'medrxiv-all',
    ],
  ])('%s is %s', (given, url, name) => {
    expect(knownSource(given)).toMatchObject({ url, name });
  });

  test.each([
    'https://arxiv.org/abs/2602.90001',
    'https://arxiv.org/list/cs.CL/2601',
    'https://arxiv.org.example.org/list/cs.CL/new',
    'https://huggingface.co/papers?q=maps',
    'https://huggingface.co/papers/week/2026-W06',
    'https://huggingface.co/api/daily_papers?week=2026-W06',
    'https://www.biorxiv.org/content/10.1101/2026.02.01.790001v1',
    'ftp://arxiv.org/list/cs.CL/new',
    'nonsense',
  ])('%s is left as it is', (given) => {
    expect(knownSource(given)).toBeUndefined();
  });
});

test('arXiv is asked when its feeds have changed, in its own zone, and its wording goes first', () => {
  const arxiv = knownSource('https://arxiv.org/list/cs.CL/new');
  expect(arxiv).toMatchObject({ cron: '30 0,6 * * mon-fri', zone: 'America/New_York' });
  const order = (['arxiv-api', 'arxiv-feed', 'hf-api', 'hf-page', 'feed'] as const).map(
    (format) => habitsOf(format).textPriority,
  );
  expect(order).toEqual(order.toSorted((a, b) => b - a));
});

test.each([
  ['Journal of Café Studies: Ünïcode & more', 'journal-of-cafe-studies-unicode-more'],
  ['  ', 'source'],
  ['日本', 'source'],
  [`${'a'.repeat(47)}-b`, 'a'.repeat(47)],
])('%s gives a name that a source may have', (text, name) => {
  expect(nameFrom(text)).toBe(name);
});
