import { caniemail } from 'caniemail';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import { expect, test } from 'vitest';
import { readMessage } from './read-message.ts';
import { MESSAGES } from './rendered.fixture.ts';

const parts = await Promise.all(
  MESSAGES.map(async ([name, raw]) => [name, (await readMessage(raw)).html ?? ''] as const),
);

const validator = new HtmlValidate(
  new StaticConfigLoader({
    root: true,
    extends: ['html-validate:document', 'html-validate:a11y'],
    // The compiler of the template marks the mail as an article by its role.
    rules: { 'prefer-native-element': 'off', 'close-order': 'error' },
  }),
);

test.each(parts)('%s is valid and accessible HTML', async (_, html) => {
  const { results } = await validator.validateString(html);
  const found = results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message }) => `${ruleId}: ${message}`),
  );
  expect(found).toEqual([]);
  expect(html.length).toBeGreaterThan(5_000);
});

test.each([
  ['a heading that is left out', '<h2', '<h5', /heading/],
  ['a document without a type', '<!doctype html>', '', /doctype/],
  ['a tag that is not closed', '</h1>', '', /close|h1/],
  ['a picture without words for it', '<h1', '<img src="a.png"><h1', /h37/],
])('%s would be found', async (_, found, changed, rule) => {
  const html = parts[0]?.[1] ?? '';
  expect(html).toContain(found);
  const { results } = await validator.validateString(html.replace(found, changed));
  expect(
    JSON.stringify(
      results.flatMap(({ messages }) =>
        messages.map(({ ruleId, message }) => `${ruleId} ${message}`),
      ),
    ),
  ).toMatch(rule);
});

/** Features that some client of those we look at leaves out or does differently, and why that does no harm. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  // Some drop the style sheet of the head: dark colours, phone sizes and frames of buttons are lost, no word is.
  'style sheet': [
    ...['<style> element', '@media', '!important keyword', 'color-scheme meta tag'],
    ...['Chaining selectors', 'Class selector', 'Descendant combinator'],
    ...['ID selector', 'Type selector'],
  ],
  // Outlook on Windows lays out as Word does, and Yahoo takes heights for least heights.
  measures: [
    ...['width attribute', 'width property', 'height attribute', 'height property', 'max-width'],
    ...['margin', 'padding', 'line-height', 'font-size', 'text-align', 'align attribute'],
    ...['max-height property', 'overflow', 'display', 'display:none', 'table-layout'],
  ],
  // What is lost is an ornament.
  looks: [
    ...['background', 'border', 'border-radius', 'font-weight', 'letter-spacing', 'outline'],
    ...['text-decoration', 'text-transform', 'text-wrap', 'word-break', 'word-spacing'],
  ],
  // For those who listen; a client that takes them out leaves the text.
  'accessible names': [
    ...['aria-label attribute', 'role attribute', 'lang attribute', 'dir attribute', 'direction'],
    '<body> element',
  ],
};
const CLIENTS = ['gmail.*', 'outlook.*', 'apple-mail.*', 'yahoo.*'] as const;

function unsupported(html: string): string[] {
  const { issues } = caniemail({ clients: [...CLIENTS], html });
  const found = [...issues.errors.values(), ...issues.warnings.values()].flat();
  const allowed = new Set(Object.values(ALLOWED).flat());
  return [...new Set(found.map(({ title }) => title))].filter((title) => !allowed.has(title));
}

test.each(parts)('%s uses nothing that a large client shows wrong', (_, html) => {
  expect(unsupported(html)).toEqual([]);
});

test.each([
  ['a grid', '<div style="display:grid;gap:4px">', 'display:grid'],
  [
    'a picture in another format',
    '<img src="https://example.org/a.avif" alt="">',
    'AVIF image format',
  ],
  ['a shadow', '<p style="box-shadow:0 0 3px #000">', 'box-shadow'],
])('%s would be found', (_, markup, feature) => {
  expect(unsupported(`<html><body>${markup}</body></html>`)).toContain(feature);
});
