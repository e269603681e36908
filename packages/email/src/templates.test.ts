import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkTemplate } from './check-template.ts';
import { compileMjml } from './compile-mjml.ts';
import { digest, edition, envelope, from, paper, publicUrl } from './digest.fixture.ts';
import { createDigestRenderer } from './digest.ts';
import { readMessage } from './read-message.ts';
import { PIECES } from './template-pieces.ts';

const ours = await readFile(new URL('./templates/digest.mjml', import.meta.url), 'utf8');
const page = await readFile(new URL('../../../docs/templates.md', import.meta.url), 'utf8');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paperboy-templates-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function rendererOf(source: string) {
  await writeFile(join(folder, 'digest.mjml'), source);
  return createDigestRenderer({ publicUrl, from, templates: folder });
}

/** What is said of our template with one place of it changed. */
async function saidOf(found: string, changed: string): Promise<string> {
  expect(ours).toContain(found);
  const refused = await rendererOf(ours.replace(found, () => changed)).then(
    () => 'nothing',
    (error: Error) => error.message,
  );
  return refused.replaceAll(`${folder}/`, '');
}

/** Line and column of a text in our template, as an editor counts them. */
function placeOf(text: string): string {
  const before = ours.slice(0, ours.indexOf(text));
  return `digest.mjml:${before.split('\n').length}:${before.length - before.lastIndexOf('\n')}`;
}

test('our own template has nothing wrong', () => {
  expect(checkTemplate(ours)).toEqual([]);
});

test('the worked example of the page is a template that mails are made of', async () => {
  const [, diff = ''] = /```diff\n([\s\S]*?)```/.exec(page) ?? [];
  const changes = [...diff.matchAll(/^-(.*)\n\+(.*)$/gm)];
  expect(changes).toHaveLength(3);
  let source = ours;
  for (const [, taken = '', given = ''] of changes) {
    expect(source).toContain(taken);
    source = source.replace(taken, () => given);
  }
  const renderer = await rendererOf(source);
  const papers = [paper(1)];
  const parts = renderer.prepare(edition(papers));
  const mail = await readMessage(renderer.assemble(parts, digest(papers), envelope()));
  expect(mail.html).toContain('<h1 class="name"');
  expect(mail.html).toContain('>The Lab Reader</h1>');
  expect(mail.html).toContain('color:#1f5e3a');
  expect(mail.html).toContain('#8fd0a6!important');
  expect(mail.html).not.toMatch(/#8f2d17;?"[^>]*>Sparse/);
  expect(mail.html).toContain('Paper 1 on gates');
});

test('the page lists every piece with its slots, in their order', () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| ([^|]*?) ?\|/gm)].map(([, name, slots]) => [
    name,
    [...(slots ?? '').matchAll(/`(\w+)`/g)].map(([, slot]) => slot),
  ]);
  expect(Object.fromEntries(rows)).toEqual(PIECES);
});

test('the page shows what is said of a mistake', async () => {
  const said = await saidOf(
    'first" dir="auto"><a href="{{url}}">{{title}}',
    'first" dir="auto"><a href="{{url}}">{{titel}}',
  );
  const shown = [...page.matchAll(/^mail-templates\/(digest\.mjml.*)$/gm)].map(([, line]) => line);
  expect(said).toBe(`TEMPLATE_INVALID: ${shown.join('\n  ')}`);
});

test.each([
  [
    'an unknown slot',
    '{{authors}}',
    '{{author}}',
    'cut:authors has no slot {{author}}; it has {{authors}}',
  ],
  [
    'a slot in a piece that has none',
    '<!--cut:cardClose-->',
    '<!--cut:cardClose-->{{title}}',
    'cut:cardClose has no slot {{title}}; it has no slots',
  ],
  ['a missing slot', '{{authors}}', 'somebody', 'cut:authors lacks its slot {{authors}}'],
  ['a missing piece', '<!--cut:kicker-->', '', 'cut:kicker is missing'],
  ['an unknown piece', '<!--cut:kicker-->', '<!--cut:kickers-->', 'no piece is called cut:kickers'],
  [
    'a piece twice',
    '<!--cut:kicker-->',
    '<!--cut:kicker--><!--cut:kicker-->',
    'cut:kicker stands here a second time',
  ],
  [
    'a script',
    '{{lead}}',
    '{{lead}}<script>alert(1)</script>',
    '<script: no mail client runs or loads this',
  ],
  ['a handler', '<h1 class', '<h1 onclick="x()" class', 'onclick=": no mail client runs a script'],
  [
    'a script as an address',
    'href="{{online}}"',
    'href="javascript:x" title="{{online}}"',
    'no address of this kind is sent',
  ],
  [
    'another file',
    '<mj-section>',
    '<mj-section><mj-include path="/etc/passwd" />',
    '<mj-include: other files are not read',
  ],
  [
    'text as an address',
    'href="{{url}}?want=like"',
    'href="{{describes}}" title="{{url}}"',
    '{{describes}} is no address and stands in href',
  ],
  [
    'a slot without quotes',
    'dir="auto">{{topic}}',
    'title={{topic}}>{{topic}}',
    '{{topic}} stands in a tag outside of quotes',
  ],
  [
    'a slot in a style',
    '<p class="body" dir="auto">{{text}}',
    '<p style="color:{{text}}">{{text}}',
    '{{text}} stands in a style',
  ],
  ['a slot in a style sheet', '.ask a{', '/*{{date}}*/.ask a{', '{{date}} stands in a style sheet'],
  [
    'no way out at the top',
    'href="{{unsubscribe}}"',
    'title="{{unsubscribe}}"',
    'the link to unsubscribe needs href="{{unsubscribe}}"',
  ],
  [
    'no way out in the foot',
    '<a class="quiet" href="{{url}}">{{label}}',
    '<a class="quiet" title="{{url}}">{{label}}',
    'by which readers leave, needs href="{{url}}"',
  ],
  ['an unknown tag', '<mj-section>', '<mj-section><mj-nothing />', 'mj-nothing'],
  ['an attribute in the wrong place', '<mj-section>', '<mj-section colour="red">', 'colour'],
  ['a slot where mjml keeps nothing', '<mj-section>\n', '<mj-section title="x">\n', 'title'],
  [
    'much above the way out',
    '<mj-table',
    `<mj-text>${'far '.repeat(1_000)}</mj-text><mj-table`,
    'bytes after <body>; 3000 are allowed',
  ],
  [
    'a frame without room',
    '{{promise}}',
    `{{promise}}${'wide '.repeat(10_000)}`,
    'what stands around the papers has',
  ],
])('%s is refused', async (_, found, changed, message) => {
  expect(await saidOf(found, changed)).toContain(message);
});

test('a mistake is told with its line and column', async () => {
  expect(await saidOf('{{authors}}', '{{author}}')).toContain(
    `${placeOf('{{authors}}')} cut:authors has`,
  );
  expect(await saidOf('<mj-section>', '<mj-section colour="red">')).toMatch(/digest\.mjml:\d+ /);
});

test('all mistakes are told at once, in their order', async () => {
  const said = await saidOf(
    '<!--cut:kicker--><p class="sans kicker accent" dir="auto">{{topics}}',
    '<!--cut:kickers--><p onclick="x">{{topic}}',
  );
  expect(said.split('\n').length).toBeGreaterThan(2);
  expect(said).toMatch(/kickers[\s\S]*onclick[\s\S]*cut:kicker is missing/);
});

test('slots in comments count for nothing', async () => {
  const renderer = await rendererOf(
    ours.replace('<mj-body', () => '<!-- {{nothing}} <script> -->\n<mj-body'),
  );
  const mail = await readMessage(
    renderer.assemble(renderer.prepare(edition([])), digest([]), envelope()),
  );
  expect(mail.html).not.toContain('{{nothing}}');
});

test('a folder without a template is refused by name', async () => {
  await expect(
    createDigestRenderer({ publicUrl, from, templates: join(folder, 'none') }),
  ).rejects.toThrow(/^TEMPLATE_INVALID: cannot read .*none.digest\.mjml \(ENOENT\)/);
});

test('what is no mjml at all is refused', async () => {
  await expect(rendererOf('hello')).rejects.toThrow(/TEMPLATE_INVALID: .*cut:section is missing/s);
});

test('our own template stands compiled beside it; after a change: node packages/email/src/compile-own-template.ts', async () => {
  const file = new URL('./templates/digest.compiled.json', import.meta.url);
  const { html } = await compileMjml(ours);
  const sourceHash = createHash('sha256').update(ours).digest('hex');
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ sourceHash, html });
});
