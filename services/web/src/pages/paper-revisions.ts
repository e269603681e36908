import type { RevisionView } from '@paperboy/store';
import { type Html, html } from '../html.ts';
import { shownChange } from '../paper-words.ts';
import { plainDay } from '../wording.ts';

/** What changed in a paper's wording and when, newest first; nothing where it never did. */
export function revisionList(revisions: readonly RevisionView[]): Html | string {
  if (revisions.length === 0) return '';
  return html`<section>
<h2>Revisions</h2>
<ol class="revisions">${revisions.map(revisionItem)}</ol>
</section>`;
}

function revisionItem({ seenOn, sourceTitle, changed, from, to }: RevisionView): Html {
  const opened = html`<p class="facts">${plainDay(seenOn)}, ${sourceTitle}: new ${changed.join(' and ')}</p>`;
  return html`<li>${opened}
${changed.includes('title') ? html`<p class="wording-title">${shownChange(from.title, to.title)}</p>` : ''}
${changed.includes('abstract') ? html`<p class="change">${shownChange(from.abstract ?? '', to.abstract ?? '')}</p>` : ''}
</li>`;
}
