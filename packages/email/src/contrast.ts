/** Red, green and blue from 0 to 255. */
export type Rgb = readonly [number, number, number];

/** A colour as style attributes of mails write it: `#abc`, `#aabbcc` or `rgb(1, 2, 3)`; undefined for all others. */
export function parseColor(text: string | undefined): Rgb | undefined {
  const trimmed = text?.trim().toLowerCase() ?? '';
  const short = /^#([\da-f])([\da-f])([\da-f])$/.exec(trimmed);
  if (short) return toRgb(short.slice(1).map((digit) => Number.parseInt(digit + digit, 16)));
  const long = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/.exec(trimmed);
  if (long) return toRgb(long.slice(1).map((digits) => Number.parseInt(digits, 16)));
  const named = /^rgb\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*\)$/.exec(trimmed);
  if (named) return toRgb(named.slice(1).map(Number));
  if (trimmed === 'white') return [255, 255, 255];
  return trimmed === 'black' ? [0, 0, 0] : undefined;
}

/** The contrast ratio of two colours, 1 to 21 (WCAG 2.2, 1.4.3). */
export function contrastOf(one: Rgb, other: Rgb): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

function toRgb([red = 0, green = 0, blue = 0]: readonly number[]): Rgb {
  return [red, green, blue];
}
