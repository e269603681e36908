import { readPage } from '@paperboy/readers';
import { Parser } from 'htmlparser2';
import type { Bench } from './bench.ts';
import { hfPage, papers } from './data.ts';

/**
 * Reads a listing page from bytes to entries. The limit finds and parses the same data and stops there: a
 * streaming parser that ends at the attribute, then `JSON.parse`, without looking at a single paper.
 */
export const bench: Bench = {
  name: 'parse',
  unit: 'papers',
  sizes: [100],
  quickSizes: [20],
  bars: [
    {
      id: '5',
      text: 'page parse >= 0.8x of htmlparser2 + JSON.parse',
      kind: 'bar',
      holds: (ratio) => ratio >= 0.8,
    },
    { id: '5M', text: 'the same >= 1.2x', kind: 'moonshot', holds: (ratio) => ratio >= 1.2 },
  ],
  async setUp(size) {
    const list = papers(size, 5);
    const bytes = new TextEncoder().encode(hfPage(list));
    // Some pages per call, so that one call is long against the clock's grain.
    const pages = 10;
    let titles: readonly string[] = [];
    let items = 0;
    return {
      ours() {
        for (let page = 0; page < pages; page++) {
          const reading = readPage({ bytes });
          titles = reading.kind === 'listing' ? reading.entries.map((entry) => entry.title) : [];
        }
        return pages * size;
      },
      limit() {
        for (let page = 0; page < pages; page++) items = streamItems(bytes);
        return pages * size;
      },
      check() {
        const wanted = list.map((paper) => paper.title);
        if (items !== size) throw new Error(`the limit found ${items} items of ${size}`);
        if (JSON.stringify(titles) !== JSON.stringify(wanted)) {
          throw new Error(`read ${titles.length} titles of ${size}, or other ones`);
        }
      },
    };
  },
};

const CHUNK_BYTES = 64 * 1024;

function streamItems(bytes: Uint8Array): number {
  let props: string | undefined;
  const parser = new Parser({
    onopentag(_name, attributes) {
      if (attributes['data-target'] === 'DailyPapers') props ??= attributes['data-props'];
    },
  });
  const decoder = new TextDecoder();
  for (let at = 0; at < bytes.length && props === undefined; at += CHUNK_BYTES) {
    parser.write(decoder.decode(bytes.subarray(at, at + CHUNK_BYTES), { stream: true }));
  }
  const data: unknown = JSON.parse(props ?? '{}');
  const isPage = typeof data === 'object' && data !== null && 'dailyPapers' in data;
  return isPage && Array.isArray(data.dailyPapers) ? data.dailyPapers.length : 0;
}
