import { shorten } from '@paperboy/core';
import { type FoundPaper, MARK_END, MARK_START } from '@paperboy/store';
import { dotted, type Html, html } from '../html.ts';
import { authorsLine, plainDay } from '../wording.ts';

const TITLE_LENGTH = 400;

/** A paper that a search found, with what was found marked. */
export function foundItem(paper: FoundPaper): Html {
  const authors = authorsLine(paper.authors);
  return html`<li class="story">
<h3><a href="/papers/${paper.paperId}">${marked(paper.title.length > TITLE_LENGTH ? unmarked(paper.title) : paper.title)}</a></h3>
${authors === '' ? '' : html`<p class="by">${authors}</p>`}
${paper.excerpt === '' ? '' : html`<p class="text">${paper.textKind === 'summary' ? html`<span class="label">Summary</span> ` : ''}${marked(paper.excerpt)} …</p>`}
<p class="facts">${dotted([html`First listed ${plainDay(paper.firstSeenOn)}`, paper.categories?.join(', ')])}</p>
</li>`;
}

/** Text with marks as markup: each piece is escaped on its own. */
function marked(text: string): Html {
  const [start = '', ...rest] = text.split(MARK_START);
  return html`${start}${rest.map((piece) => {
    const [inside = '', ...after] = piece.split(MARK_END);
    return html`<mark>${inside}</mark>${after.join('')}`;
  })}`;
}

function unmarked(text: string): string {
  return shorten(text.replaceAll(MARK_START, '').replaceAll(MARK_END, ''), TITLE_LENGTH);
}
