import { cleanText, shorten } from '@paperboy/core';
import { decodePage } from './decode-page.ts';
import { textOfHtml } from './text-of-html.ts';

const HEAD_BYTES = 64 * 1024;
const MAX_LENGTH = 120;

/** What a page or feed calls itself near its beginning; undefined when it says nothing. */
export function pageTitle(bytes: Uint8Array, contentType?: string): string | undefined {
  const { text } = decodePage(bytes.subarray(0, HEAD_BYTES), contentType);
  const found = /^\s*[{[]/.test(text) ? jsonTitle(text) : markupTitle(text);
  const title = shorten(cleanText(found ?? ''), MAX_LENGTH);
  return /\p{L}/u.test(title) ? title : undefined;
}

/** Before the first item, whose title would be another. */
function markupTitle(text: string): string | undefined {
  const head = text.split(/<(?:item|entry)[\s>]/i, 1)[0] ?? '';
  const title = /<title(?:\s[^<>]*)?>([\s\S]{0,2000}?)<\/title>/i.exec(head)?.[1];
  if (title === undefined) return undefined;
  const cdata = /^\s*<!\[CDATA\[([\s\S]*)\]\]>\s*$/.exec(title)?.[1];
  return textOfHtml(cdata ?? textOfHtml(title));
}

function jsonTitle(text: string): string | undefined {
  const head = text.split(/"items"\s*:/, 1)[0] ?? '';
  const title = /"title"\s*:\s*("(?:[^"\\]|\\.){0,2000}")/.exec(head)?.[1];
  if (title === undefined) return undefined;
  try {
    return String(JSON.parse(title));
  } catch {
    return undefined;
  }
}
