import { shorten } from '@paperboy/core';
import { type Html, html } from '../html.ts';
import type { DigestFields, FieldProblems } from '../sign-up-fields.ts';
import type { QueryPreview } from '../topic-desk.ts';
import { counted } from '../wording.ts';
import { problemLine, problemMarks, timeFields } from './digest-fields.ts';

export interface CatalogueEntry {
  readonly slug: string;
  readonly name: string;
}

/** In the order in which one looks for a name. */
export function byName<Topic extends CatalogueEntry>(topics: readonly Topic[]): Topic[] {
  return topics.toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** A query of one's own with what it would have brought, or why it cannot be read. */
export type Previewed =
  | { readonly query: string; readonly preview: QueryPreview }
  | { readonly query: string; readonly problem: string };

/** Queries of one's own that the form has room for. */
const ROWS = 3;
const TITLES = 5;

export function subscribeForm({
  fields,
  problems,
  catalogue,
  previews,
  openedAt,
}: {
  readonly fields: DigestFields;
  readonly problems: FieldProblems;
  readonly catalogue: readonly CatalogueEntry[];
  readonly previews: readonly Previewed[];
  readonly openedAt: number;
}): Html {
  const wrong = Object.values(problems).length;
  return html`<article class="sheet">
<p class="kicker">Free, no account, one click to leave</p>
<h1>Your papers, delivered</h1>
<p class="lead">Say what you read about. A digest comes at your hour with the papers on it, and with the reason for each.</p>
${wrong === 0 ? '' : html`<p class="note" role="alert">${wrong === 1 ? 'One field is' : `${wrong} fields are`} not right yet; nothing was sent.</p>`}
<form method="post" action="/subscribe" class="sign-up">
<input type="hidden" name="opened" value="${openedAt}">
<p class="trap" aria-hidden="true"><label for="website">Leave this empty</label><input id="website" name="website" tabindex="-1" autocomplete="off"></p>
${topicFields(fields, problems, catalogue)}
<div id="preview" aria-live="polite">${previewList(previews)}</div>
<button class="second" type="submit" name="do" value="preview">See what my own words would bring</button>
${timeFields(fields, problems)}
<fieldset class="fields"><legend>Where to</legend>
<p><label for="address">Your address</label><input id="address" name="address" type="email" autocomplete="email" maxlength="254" value="${fields.address}"${problemMarks(problems, 'address')}>${problemLine(problems, 'address')}</p>
<p class="hint">You get one mail with a link to confirm. Nothing else is sent before you did, and the address is used for digests alone.</p>
</fieldset>
<button type="submit" name="do" value="sign-up">Send me the confirmation</button>
</form>
</article>`;
}

/** Topics of the catalogue and words of one's own. */
export function topicFields(
  { chosen, queries }: DigestFields,
  problems: FieldProblems,
  catalogue: readonly CatalogueEntry[],
): Html {
  const rows = [...queries, ...Array.from({ length: ROWS }, () => '')].slice(
    0,
    Math.max(ROWS, queries.length),
  );
  return html`<fieldset class="fields"><legend>Topics of the catalogue</legend>
${problemLine(problems, 'chosen')}
${catalogue.length === 0 ? html`<p class="hint">The catalogue is empty; use words of your own below.</p>` : ''}
<p class="hint">What each of them finds stands under <a href="/topics">Topics</a>.</p>
<div class="picks">${catalogue.map(
    ({ slug, name }) =>
      html`<label class="choice"><input type="checkbox" name="topic" value="${slug}"${chosen.includes(slug) ? html` checked` : ''}><span>${name}</span></label>`,
  )}</div>
</fieldset>
<fieldset class="fields"><legend>In your own words</legend>
${problemLine(problems, 'queries')}
<p class="hint">Words and “phrases”, OR between alternatives, a minus before what must not stand there: <code>"flow matching" OR "rectified flow" -images</code></p>
${rows.map((query, index) => html`<p><label for="query-${index + 1}">Query ${index + 1}</label><input id="query-${index + 1}" name="query" class="query" maxlength="1000" spellcheck="false" value="${query}"${problemMarks(problems, 'queries')}></p>`)}
</fieldset>`;
}

/** What each query of one's own would have brought; also what the page's script puts in its place. */
export function previewList(previews: readonly Previewed[]): Html {
  return html`${previews.map((one) =>
    'problem' in one
      ? html`<section class="preview"><h2>${shorten(one.query, 80)}</h2><p class="note">${one.problem}</p></section>`
      : html`<section class="preview"><h2>${shorten(one.query, 80)}</h2>${previewOf(one.preview)}</section>`,
  )}`;
}

function previewOf({ papers, days, found, isTooWide, narrower, wider }: QueryPreview): Html {
  if (papers === 0)
    return html`<p class="hint">No papers are known yet to try it on; it works from the first list on.</p>`;
  const perDay = days === 0 ? 0 : found.length / days;
  const daily = perDay >= 1 ? `about ${Math.round(perDay)} a day` : 'less than one a day';
  return html`<p class="hint">${found.length === 0 ? 'None' : counted(found.length, 'paper')} of the last ${papers} would have come${found.length === 0 ? '' : `, ${daily}`}.</p>
${isTooWide ? html`<p class="note">That is a large part of all papers.${narrower ? html` Narrower: <code>${narrower.query}</code>, ${counted(narrower.found, 'paper')}.` : ''}</p>` : ''}
${wider && wider.length > 0 ? html`<p class="note">Papers also say: ${wider.slice(0, 6).map((word, index) => html`${index === 0 ? '' : ', '}<code>${word}</code>`)}.</p>` : ''}
<ol class="plain">${found.slice(0, TITLES).map(({ paperId, title, reasons }) => html`<li><a href="/papers/${paperId}">${shorten(title, 160)}</a>${reasons.slice(0, 1).map((reason) => html`<span class="reason">${reason}</span>`)}</li>`)}</ol>`;
}
