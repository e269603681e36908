import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const source = await readFile(new URL('./templates/digest.mjml', import.meta.url), 'utf8');
const [dark = ''] = /@media \(prefers-color-scheme:dark\)\{[\s\S]*?\n\}/.exec(source) ?? [];
const [inlined = ''] = /<mj-style inline="inline">[\s\S]*?<\/mj-style>/.exec(source) ?? [];

/** WCAG 2.2 contrast ratio of two `#rrggbb` colours. */
function contrast(one: string, other: string): number {
  const [light = 0, dim = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dim + 0.05);
}
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
const textColours = (css: string) =>
  [...css.matchAll(/[^-]color: ?(#[0-9a-f]{6})/g)].map((found) => found[1] ?? '');

test('light text has a contrast of 4.5:1 to its paper', () => {
  const paper = /background-color="(#[0-9a-f]{6})"/.exec(source)?.[1] ?? '';
  const colours = [
    ...textColours(inlined),
    /mj-text [^>]*[^-]color="(#[0-9a-f]{6})"/.exec(source)?.[1] ?? '',
  ];
  expect(colours.length).toBeGreaterThan(5);
  for (const colour of colours) expect(contrast(colour, paper), colour).toBeGreaterThanOrEqual(4.5);
});

test('dark text has a contrast of 4.5:1 to its paper', () => {
  const paper = /background:(#[0-9a-f]{6})/.exec(dark)?.[1] ?? '';
  expect(textColours(dark).length).toBeGreaterThanOrEqual(4);
  for (const colour of textColours(dark)) {
    expect(contrast(colour, paper), colour).toBeGreaterThanOrEqual(4.5);
  }
});

test('every class that has a colour in light has one in dark', () => {
  const coloured = [...inlined.matchAll(/\.([a-z]+)(?: a)? \{[^}]*(?:color|border)[^}]*\}/g)].map(
    (found) => found[1] ?? '',
  );
  expect(coloured).toContain('title');
  for (const name of coloured) expect(dark).toMatch(new RegExp(String.raw`\.${name}\b`));
});
