import { stripControls } from '@paperboy/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../../test/support/any-text.ts';
import { digest, edition, envelope, paper, renderer } from './digest.fixture.ts';
import { readMessage } from './read-message.ts';

/** Tags and comments as a browser's tokenizer finds them in the data state (WHATWG HTML 13.2.5), names only. */
function tags(html: string): string[] {
  const found = html.matchAll(/<!--[\s\S]*?-->|<[!?/]?[a-z](?:[^>"']|"[^"]*"|'[^']*')*>?/gi);
  return [...found].map(([tag]) =>
    tag.startsWith('<!--') ? tag : (/^<\/?[^\s>]+/.exec(tag)?.[0] ?? ''),
  );
}
function attributeNames(html: string): string[] {
  return [...html.matchAll(/\s([a-z:-]+)="[^"]*"/gi)].map((found) => found[1] ?? '');
}
function textOf(html: string): string {
  const entities: Record<string, string> = {
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    '#39': "'",
    ensp: ' ',
  };
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/&(#39|amp|lt|gt|quot|ensp);/g, (all, name: string) => entities[name] ?? all);
}

const PAYLOADS = [
  '</td><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  "$& $1 $` $' $$",
  '{{title}} {{why}} {{',
  ']]> --> <!-- <![CDATA[',
  '<!--cut:why--><!--cut:end-->',
  '<mj-include path="/etc/passwd" />',
  '<mj-raw><script></mj-raw>',
  '&lt;b&gt; &amp;amp; &#60;script&#62;',
  '\u202egnihsif\u202c \u2066x\u2069',
  'nul \u0000 esc \u001b del \u007f c1 \u0085',
  'lone \ud800 and \udc00 halves',
  '👩‍🔬 emoji 😀 and Ünïcödé 文字',
  'x'.repeat(10_000),
  `${'word '.repeat(2_000)}end`,
  '=?UTF-8?Q?=0D=0ABcc:?= evil',
  'line\r\n.\r\nbreak\r\nFrom ada',
  '<a href="javascript:alert(1)">x</a>',
];

async function render(text: string) {
  const card = paper(1, { title: text, authors: [text], text });
  const own = {
    sections: [
      {
        kind: 'new' as const,
        topic: text,
        items: [{ paperId: card.paperId, why: [text], labels: [text] }],
      },
    ],
    topicNames: [text],
  };
  const parts = renderer.prepare(edition([card], [text]));
  const bytes = renderer.assemble(parts, digest([card], 0, own), envelope());
  return { bytes, mail: await readMessage(bytes) };
}
const plain = await render('plain');

async function expectNothingAdded(text: string): Promise<void> {
  const { bytes, mail } = await render(text);
  expect(tags(mail.html ?? '')).toEqual(tags(plain.mail.html ?? ''));
  expect(attributeNames(mail.html ?? '')).toEqual(attributeNames(plain.mail.html ?? ''));
  expect(mail.headers.map(([name]) => name)).toEqual(plain.mail.headers.map(([name]) => name));
  expect(bytes.toString('latin1').replaceAll('\r\n', '')).not.toMatch(/[\r\n]|[^\x20-\x7e\t]/);
  for (const part of [mail.html, mail.text]) {
    expect(part?.replace(/[\n\r\t]/g, '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
  }
}

test.each(PAYLOADS)('nothing of %j becomes markup or a header', expectNothingAdded);

test('no text from outside becomes markup or a header', async () => {
  const visible = fc
    .array(fc.oneof(anyText({ maxLength: 40 }), fc.constantFrom(...PAYLOADS)), {
      minLength: 1,
      maxLength: 4,
    })
    .map((pieces) => `text ${pieces.join(' ')}`);
  await fc.assert(fc.asyncProperty(visible, expectNothingAdded), { numRuns: 60 });
});

test('a text comes through both parts as it was, but for controls', async () => {
  const anyLine = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
  const holds = fc.asyncProperty(anyLine, async (line) => {
    const { mail } = await render(line);
    const shown = stripControls(line);
    const compact = (text: string) => text.replace(/\s+/g, '');
    expect(compact(textOf(mail.html ?? ''))).toContain(
      compact(`Matches:${shown}`).slice('Matches:'.length),
    );
    expect(compact(mail.text ?? '')).toContain(compact(shown));
  });
  await fc.assert(holds, { numRuns: 60 });
});
