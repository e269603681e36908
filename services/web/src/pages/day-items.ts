import { daysAbsent, type ListedOn, TRENDING } from '@paperboy/core';
import type { ListedPaper } from '@paperboy/store';
import { dotted, type Html, html } from '../html.ts';
import { linkMarks, moveMark, upvoteMark } from '../paper-marks.ts';
import { shownText, shownTitle } from '../paper-words.ts';
import { authorsLine, counted, shortDay, times } from '../wording.ts';

/** Where and under what a paper is shown. */
export interface ItemContext {
  readonly day: ListedOn;
  readonly sourceTitle: string;
  /** Titles of the day's other lists that show it. */
  readonly alsoOn: readonly string[];
  /** Level of its heading: one below the source's or the section's. */
  readonly level: 3 | 4;
}

/** About three lines. */
const TEXT_LENGTH = { lead: 520, new: 300, recurring: 160 } as const;

/** The first paper of the day, set larger. */
export function leadItem(paper: ListedPaper, context: ItemContext): Html {
  return item('lead-story', paper, context, TEXT_LENGTH.lead);
}

/** A paper that this day showed first. */
export function newItem(paper: ListedPaper, context: ItemContext): Html {
  return item('story', paper, context, TEXT_LENGTH.new);
}

/** Shorter, as its reader may know it, with its past first. */
export function recurringItem(paper: ListedPaper, context: ItemContext): Html {
  return item('story', paper, context, TEXT_LENGTH.recurring, pastOf(paper, context.day));
}

function item(
  kind: string,
  paper: ListedPaper,
  context: ItemContext,
  textLength: number,
  past?: Html,
): Html {
  const title = shownTitle(paper.title);
  const { abstract: text, textKind } = paper;
  const authors = authorsLine(paper.authors);
  return html`<li class="${kind}">
${heading(context.level, html`<a href="/papers/${paper.paperId}">${title}</a>`)}
${past ? html`<p class="past">${past}</p>` : ''}
${authors === '' ? '' : html`<p class="by">${authors}</p>`}
${text === null ? '' : html`<p class="text">${shownText({ text, textKind }, textLength)}</p>`}
<p class="facts">${facts(paper, context, title)}</p>
</li>`;
}

function heading(level: ItemContext['level'], content: Html): Html {
  return level === 3 ? html`<h3>${content}</h3>` : html`<h4>${content}</h4>`;
}

function facts(paper: ListedPaper, { sourceTitle, alsoOn }: ItemContext, title: string): Html {
  const again = paper.isNew && paper.timesSeen > 1 ? `seen ${times(paper.timesSeen)} so far` : '';
  return dotted([
    html`${sourceTitle}, no. ${paper.position}`,
    moveMark(paper),
    upvoteMark(paper.upvotes),
    alsoOn.length > 0 && `also on ${alsoOn.join(', ')}`,
    paper.isNew && alsoOn.length === 0 && again,
    ...linkMarks(paper.links, title),
  ]);
}

/** `seen 3 times`, `first 14 Mar`, `back after 83 days`. */
function pastOf(paper: ListedPaper, day: ListedOn): Html {
  const { position, timesSeen, firstSeenOn, lastSeenOn } = paper;
  const away = daysAbsent({ listedOn: day, position, ...(lastSeenOn && { lastSeenOn }) }) ?? 0;
  return dotted([
    `seen ${times(timesSeen)}`,
    html`first ${shortDay(firstSeenOn, day)}`,
    away >= TRENDING.absentDays
      ? `back after ${counted(away, 'day')}`
      : lastSeenOn !== null &&
        lastSeenOn !== firstSeenOn &&
        html`last ${shortDay(lastSeenOn, day)}`,
  ]);
}
