import type { PaperCard } from '@paperboy/store';
import { describeStored } from '@paperboy/topics';
import { dotted, type Html, html } from '../html.ts';
import { linkMarks } from '../paper-marks.ts';
import { shownText, shownTitle } from '../paper-words.ts';
import { authorsLine, counted, fullDay } from '../wording.ts';

const TEXT_LENGTH = 300;

/** A paper of a topic: whether it is new or was listed again, and why it is there. */
export function matchItem(paper: PaperCard): Html {
  const title = shownTitle(paper.title);
  const { abstract: text, textKind } = paper;
  const authors = authorsLine(paper.authors);
  const isNew = paper.daysSeen <= 1;
  return html`<li class="story">
<p class="facts"><span class="label ${isNew ? 'fresh' : 'again'}">${isNew ? 'New' : 'Recurring'}</span> ${dotted(
    [
      fullDay(paper.firstSeenOn),
      !isNew && html`on ${counted(paper.daysSeen, 'day')}, last ${fullDay(paper.lastSeenOn)}`,
    ],
  )}</p>
<h3><a href="/papers/${paper.paperId}">${title}</a></h3>
${authors === '' ? '' : html`<p class="by">${authors}</p>`}
${text === null ? '' : html`<p class="text">${shownText({ text, textKind }, TEXT_LENGTH)}</p>`}
<p class="why">${describeStored(paper.reasons).map((reason) => html`<span class="reason">${reason}</span>`)}</p>
<p class="facts">${dotted(linkMarks(paper.links, title))}</p>
</li>`;
}
