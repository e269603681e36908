import { PaperboyError } from '@paperboy/core';
import { saveImportDraft, takeImportDraft } from '@paperboy/store';
import { Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { type Html, html } from '../html.ts';
import type { Site } from '../layout.ts';
import { counted } from '../wording.ts';
import type { RowTopic } from './csv-topics.ts';
import { type Fate, judgeReaders, takeInReaders } from './import-readers.ts';
import {
  type AdminContext,
  adminForm,
  adminPage,
  adminTable,
  changing,
  field,
  mark,
} from './shell.ts';
import { MOST_ROWS, type ReaderRow } from './subscriber-csv.ts';
import type { AdminEnv } from './visitor.ts';

type ImportDeps = Pick<WebDeps, 'db' | 'links' | 'topics' | 'log'>;

/** Readers from a file: told row by row what would happen, then taken in by a second press. */
export function importPages({ db, links, topics, log }: ImportDeps, site: Site): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();

  routes.get('/admin/subscribers/import', (c) => c.html(page(c, site, uploadForm(c))));

  routes.post('/admin/subscribers/import', async (c) => {
    const csv = await uploaded(c);
    const fates = await judgeReaders(db, links, csv);
    const madeBy = c.get('visitor').name;
    const draft = fates.some(({ kind }) => kind === 'add')
      ? await saveImportDraft(db, { madeBy, csv })
      : undefined;
    return c.html(page(c, site, dryRun(c, fates, draft)));
  });

  routes.post('/admin/subscribers/import/confirm', async (c) => {
    if ((await field(c, 'agreed')) !== 'yes')
      throw new PaperboyError('USAGE', 'Tick the box: only people who agreed may be mailed.');
    const madeBy = c.get('visitor').name;
    const id = await field(c, 'draft');
    const { fates, added } = await changing({ db }, c, async (tx, note) => {
      const csv = await takeImportDraft(tx, { id, madeBy });
      if (csv === undefined)
        throw new PaperboyError(
          'NOT_FOUND',
          'This list was taken in already, or is over an hour old.',
        );
      // Judged again: somebody may have left meanwhile.
      const judged = await judgeReaders(tx, links, csv);
      const count = await takeInReaders(tx, { links, topics }, judged);
      await note('import', counted(count, 'subscriber'), { became: 'active' });
      return { fates: judged, added: count };
    });
    if (added > 0) {
      await topics
        .matchPast()
        .catch((error: unknown) => log.warn('admin.match-past-failed', { error }));
    }
    const rest = fates.filter(({ kind }) => kind !== 'add');
    return c.html(
      page(
        c,
        site,
        html`<p class="note" role="status">${counted(added, 'reader')} taken in.</p>
${rest.length > 0 ? fateTable(rest) : ''}
<p class="onward"><a href="/admin/subscribers">To the subscribers</a></p>`,
      ),
    );
  });

  return routes;
}

/** The text of the file. Throws USAGE where there is none or its letters cannot be read. */
async function uploaded(c: AdminContext): Promise<string> {
  const file = (await c.req.formData()).get('file');
  if (!(file instanceof File) || file.size === 0)
    throw new PaperboyError('USAGE', 'Choose a file.');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    throw new PaperboyError(
      'USAGE',
      'The file is not UTF-8. Save it as "CSV UTF-8" and try again.',
    );
  }
}

function page(c: AdminContext, site: Site, content: Html): Html {
  const body = html`<h1>Import subscribers</h1>${content}`;
  return adminPage(c, site, { title: 'Import subscribers', place: 'subscribers', body });
}

function uploadForm(c: AdminContext): Html {
  return html`<p class="lead">A CSV file with a heading row. First you are shown what would happen to each row; nothing is changed by that.</p>
${adminForm(
  c,
  '/admin/subscribers/import',
  html`<p><label for="file">File, up to ${MOST_ROWS.toLocaleString('en-GB')} rows</label> <input id="file" name="file" type="file" accept=".csv,text/csv" required></p><button>Show what would happen</button>`,
  { isUpload: true },
)}
${adminTable(
  'Columns',
  ['Column', 'Holds', 'If empty'],
  [
    ['address', 'a mail address', 'the row is refused'],
    ['topics', 'slugs of the catalogue or queries, with ; between them', 'the row is refused'],
    [
      'names',
      'what they call these topics, in the same order',
      'as in the catalogue, or by their words',
    ],
    ['strictness', 'wide, normal or strict, in the same order', 'normal'],
    ['cadence', 'daily or weekly', 'daily'],
    ['weekdays', 'such as mon-fri, or mon,thu', 'every day; Monday for weekly'],
    ['hour', '0 to 23, in their zone', '7'],
    ['zone', 'such as Europe/London', 'UTC'],
    ['recurring', 'off, trending or all', 'trending'],
    ['max_papers', '1 to 100', '20'],
    ['quiet_days', 'silence, or note: one line when nothing was found', 'silence'],
    ['mail_format', 'html, or text: plain text alone', 'html'],
  ],
  '',
)}`;
}

function dryRun(c: AdminContext, fates: readonly Fate[], draft: string | undefined): Html {
  const of = (kind: Fate['kind']) => fates.filter((fate) => fate.kind === kind).length;
  return html`<p class="lead">${counted(of('add'), 'reader')} would be added. Left out: ${of('known')} here already, ${of('suppressed')} that must not be mailed, ${of('refused')} that cannot be read. Nothing has changed yet.</p>
${
  draft === undefined
    ? html`<p class="onward"><a href="/admin/subscribers/import">Choose another file</a></p>`
    : adminForm(
        c,
        '/admin/subscribers/import/confirm',
        html`<input type="hidden" name="draft" value="${draft}">
<label class="choice"><input type="checkbox" name="agreed" value="yes" required><span>All of them have agreed to be mailed, and I can show it.</span></label>
<button>Add ${counted(of('add'), 'reader')}</button>`,
      )
}
${fateTable(fates)}`;
}

/** Topics, and what else they would be mailed that most are not. */
function wishLine({ topics, quietDays, mailFormat }: ReaderRow): string {
  const unusual = [
    ...(mailFormat === 'text' ? ['plain text alone'] : []),
    ...(quietDays === 'note' ? ['a line on quiet days'] : []),
  ];
  return [topics.map(topicLine).join('; '), ...unusual].join(' · ');
}

function topicLine({ text, name, strictness }: RowTopic): string {
  const how = strictness === undefined || strictness === 'normal' ? '' : ` (${strictness})`;
  return `${name ?? text}${how}`;
}

const SHOWN = 1_000;

/** What needs a look stands first. */
function fateTable(fates: readonly Fate[]): Html {
  const order = ['refused', 'suppressed', 'known', 'add'] as const;
  const sorted = order.flatMap((kind) => fates.filter((fate) => fate.kind === kind));
  const rows = sorted
    .slice(0, SHOWN)
    .map(({ kind, row }) => [
      row.line,
      row.address,
      mark(
        kind === 'add' ? 'added' : kind,
        kind === 'refused' || kind === 'suppressed' ? 'bad' : 'good',
      ),
      'problem' in row ? row.problem : kind === 'known' ? 'stays as it is' : wishLine(row),
    ]);
  return html`${adminTable('Row by row', ['Line', 'Address', 'Outcome', 'Why, or what they get'], rows, 'The file has no rows.')}
${sorted.length > SHOWN ? html`<p class="small">And ${counted(sorted.length - SHOWN, 'row')} more.</p>` : ''}`;
}
