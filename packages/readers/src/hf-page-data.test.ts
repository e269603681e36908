import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scanForPageData, scanUtf8ForPageData } from './hf-page-data.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const TAG = '<div class="x" data-target="DailyPapers" data-props="{&quot;dailyPapers&quot;:[]}">';

/** Pieces of pages: what stands before, in and after the tag of the data, decoys among them. */
const part = fc.constantFrom(
  TAG,
  '<script>const a = \'<div data-target="DailyPapers" data-props="no">\';</script>',
  '<!-- <div data-target="DailyPapers" data-props="no"> -->',
  '<div data-props="{}" data-target="DailyPapers">',
  "<div data-target='DailyPapers' data-props='{&quot;a&quot;:1}'>",
  '<div data-target="DailyPapers">',
  '<p title="',
  '"> und Wörter, 論文 🙂 &amp; ',
  '<div data-target="Other" data-props="{}">',
  '<div data-target="DailyPapers" data-props="{&quot;t&quot;:&quot;é 🙂 &lt;&quot;} &eacute;">',
  'data-target="DailyPapers" ',
);

describe('the data found in the bytes', () => {
  test('is what the walk over the text finds, wherever it is found in the bytes', () => {
    let found = 0;
    const holds = fc.property(
      fc.array(part, { maxLength: 8 }),
      fc.nat({ max: 40_000 }),
      fc.constantFrom('a', 'é', '論', '🙂'),
      (parts, fill, letter) => {
        const page = letter.repeat(fill) + parts.join('');
        const inBytes = scanUtf8ForPageData(utf8(page));
        if (inBytes === undefined) return;
        found++;
        expect(inBytes).toEqual(scanForPageData(page));
      },
    );
    fc.assert(holds, { numRuns: 500 });
    expect(found).toBeGreaterThan(50);
  });

  test('is found whatever piece its tag begins and ends in', () => {
    const wanted = { json: '{"dailyPapers":[]}', complete: true };
    for (let before = 16_384 - TAG.length - 5; before < 16_384 + 5; before++)
      expect(scanUtf8ForPageData(utf8('x'.repeat(before) + TAG))).toEqual(wanted);
  });

  test('may be long, with letters and references across the pieces it is decoded in', () => {
    for (let shift = 0; shift < 12; shift++) {
      const props = `${'x'.repeat(shift)}${'&quot;é🙂&#39;論'.repeat(5_000)}`;
      const page = `<p>${TAG.replace(/\{.*\}/, props)}`;
      expect(scanUtf8ForPageData(utf8(page))?.json).toBe(scanForPageData(page)?.json);
      expect(scanUtf8ForPageData(utf8(page))?.json).toContain('"é🙂\'論"é');
    }
  });

  test.each([
    ['stands in a script', `<script>${TAG}</script>`],
    ['stands in a comment', `<!-- ${TAG} -->`],
    ['stands in another value', `<p title='${TAG}'>`],
    ['has no end', TAG.slice(0, -8)],
    ['has a reference that is not plain', TAG.replace('&quot;:', '&quot;&eacute;:')],
    ['comes before the name of its element', '<div data-props="{}" data-target="DailyPapers">'],
  ])('is left to the text where it %s', (_name, page) => {
    expect(scanUtf8ForPageData(utf8(page))).toBeUndefined();
  });
});
