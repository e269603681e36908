import { QUERY_MAX_CHARACTERS } from '@paperboy/topics';
import { type Html, html } from '../html.ts';
import { queryMistakes } from '../query-mistakes.ts';
import type { DigestFields, FieldProblems } from '../sign-up-fields.ts';
import { problemLine, problemMarks, timeFields } from './digest-fields.ts';
import { type Previews, previewList } from './previews.ts';

export interface CatalogueEntry {
  readonly slug: string;
  readonly name: string;
  /** The heading it stands under. */
  readonly field: string | null;
}

/** Queries of one's own that the form has room for. */
const ROWS = 3;

/** The form for new readers, with what was typed and what is wrong with it. `openedAt` is in milliseconds. */
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
  readonly previews: Previews;
  readonly openedAt: number;
}): Html {
  const wrong = Object.values(problems).length;
  return html`<article class="sheet">
<p class="kicker">Free, no account, one click to leave</p>
<h1>Your papers, delivered</h1>
<p class="lead">Say what you read about. A digest comes at your hour with the papers on it, and with the reason for each.</p>
${wrong === 0 ? '' : html`<p class="note" role="alert">${wrong === 1 ? 'One field is' : `${wrong} fields are`} not right yet; nothing was sent.</p>`}
<form method="post" action="/subscribe" class="sign-up" data-preview="/subscribe/preview" data-guess-zone>
${enterButton('enter')}
<input type="hidden" name="opened" value="${openedAt}">
<p class="trap" aria-hidden="true"><label for="website">Leave this empty</label><input id="website" name="website" tabindex="-1" autocomplete="off"></p>
${topicFields(fields, problems, catalogue)}
${previewField(previews)}
${timeFields(fields, problems)}
<fieldset class="fields"><legend>Where to</legend>
<p><label for="address">Your address</label><input id="address" name="address" type="email" autocomplete="email" maxlength="254" value="${fields.address}"${problemMarks(problems, 'address')}>${problemLine(problems, 'address')}</p>
<p class="hint">You get one mail with a link to confirm. Nothing else is sent before you did, and the address is used for digests alone.</p>
</fieldset>
<button type="submit" name="do" value="sign-up">Send me the confirmation</button>
</form>
</article>`;
}

/** What Enter presses in a field; those who listen or tab come to the buttons that say what they do. */
export function enterButton(value: string): Html {
  return html`<button class="aside" type="submit" name="do" value="${value}" tabindex="-1" aria-hidden="true">Enter</button>`;
}

/** The place of a preview and the button for it; the page's script fills it while one chooses. */
export function previewField(previews: Previews): Html {
  return html`<div id="preview" aria-live="polite">${previewList(previews)}</div>
<button class="second" type="submit" name="do" value="preview">See what this would bring</button>`;
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
<p class="hint">What each of them finds stands under <a href="/topics">Topics</a>. None fits? <a href="#query-1">Write words of your own.</a></p>
<div class="picks">${[...Map.groupBy(catalogue, ({ field }) => field ?? 'Other topics')].map(
    ([field, topics]) => html`<h2>${field}</h2>
${topics.map(
  ({ slug, name }) =>
    html`<label class="choice"><input type="checkbox" name="topic" value="${slug}"${chosen.includes(slug) ? html` checked` : ''}><span>${name}</span></label>`,
)}`,
  )}</div>
</fieldset>
<fieldset class="fields"><legend>In your own words</legend>
${problemLine(problems, 'queries')}
<p class="hint">Words and “phrases”, OR between alternatives, a minus before what must not stand there: <code>"flow matching" OR "rectified flow" -images</code></p>
${rows.map((query, index) => html`<p><label for="query-${index + 1}">Query ${index + 1}</label><input id="query-${index + 1}" name="query" class="query" maxlength="${QUERY_MAX_CHARACTERS}" spellcheck="false" value="${query}"${queryMistakes(query) && problemMarks(problems, 'queries')}></p>`)}
</fieldset>`;
}
