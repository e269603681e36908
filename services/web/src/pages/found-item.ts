import { type FoundPaper, MARK_START } from '@paperboy/store';
import { dotted, type Html, html } from '../html.ts';
import { shownMarks } from '../paper-words.ts';
import { authorsLine, plainDay } from '../wording.ts';

const TITLE_LENGTH = 400;

/** Whether an excerpt leaves out the words before it: common words at its edge are left out too. */
function beginsInside(excerpt: string): boolean {
  return /^\p{Ll}/u.test(excerpt.replace(MARK_START, ''));
}

/** A paper that a search found, with what was found marked. */
export function foundItem(paper: FoundPaper): Html {
  const authors = authorsLine(paper.authors);
  return html`<li class="story">
<h3><a href="/papers/${paper.paperId}">${shownMarks(paper.title, TITLE_LENGTH)}</a></h3>
${authors === '' ? '' : html`<p class="by">${authors}</p>`}
${paper.excerpt === '' ? '' : html`<p class="text">${paper.textKind === 'summary' ? html`<span class="label">Summary</span> ` : ''}${beginsInside(paper.excerpt) ? '… ' : ''}${shownMarks(paper.excerpt)} …</p>`}
<p class="facts">${dotted([html`First listed ${plainDay(paper.firstSeenOn)}`, paper.categories?.join(', ')])}</p>
</li>`;
}
