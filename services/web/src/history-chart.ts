import { type Html, html } from './html.ts';
import {
  type PaperHistory,
  paperHistory,
  type Sighted,
  type SourceHistory,
  votesOf,
} from './paper-history.ts';
import { counted, dayText, plainDay } from './wording.ts';

/** In units of the drawing, which is stretched to its place. */
const WIDTH = 600;
const HEIGHT = 60;
/** Room for the dots at the edges. */
const EDGE = 6;

/**
 * A paper's positions, and its upvotes where they were counted, over time: a drawing for each source, told in a
 * sentence; the table beside it has every number. Nothing where no source listed it on two days.
 */
export function historyFigures(appearances: readonly Sighted[]): Html | string {
  const history = paperHistory(appearances);
  if (history === undefined) return '';
  return html`${history.sources.map((source) => sourceFigure(source, history))}`;
}

function sourceFigure(source: SourceHistory, { from, to }: PaperHistory): Html {
  const { title, standings } = source;
  const lowest = Math.max(2, ...standings.map(({ position }) => position));
  const places = standings.map(({ at, position, isNext }) => ({
    at,
    share: (position - 1) / (lowest - 1),
    isNext,
  }));
  const votes = votesOf(source);
  return html`<figure class="way">
<div class="plot">
<span class="scale" aria-hidden="true">no. 1</span>
<span class="scale least" aria-hidden="true">no. ${lowest}</span>
${drawing(places, 'place', `Positions on ${title} from ${dayText(from)} to ${dayText(to)}: ${positionsInWords(source)}`)}
</div>
${votes.length < 2 ? '' : votesPlot(votes, title)}
<p class="span" aria-hidden="true">${plainDay(from)} ${plainDay(to)}</p>
<figcaption><strong>${title}</strong>: ${positionsInWords(source)}.${votes.length < 2 ? '' : ` ${votesInWords(votes)}.`}</figcaption>
</figure>`;
}

function votesPlot(votes: readonly { at: number; upvotes: number }[], title: string): Html {
  const most = Math.max(1, ...votes.map(({ upvotes }) => upvotes));
  const points = votes.map(({ at, upvotes }) => ({ at, share: 1 - upvotes / most, isNext: true }));
  return html`<div class="plot votes">
<span class="scale" aria-hidden="true">${counted(most, 'upvote')}</span>
${drawing(points, 'vote', `${votesInWords(votes)} on ${title}`)}
</div>`;
}

/** `listed on 5 days, first as no. 12, last as no. 3, best no. 1`. */
function positionsInWords({ standings }: SourceHistory): string {
  const positions = standings.map(({ position }) => position);
  const ends = `first as no. ${positions[0]}, last as no. ${positions.at(-1)}`;
  return `listed on ${counted(positions.length, 'day')}, ${ends}, best no. ${Math.min(...positions)}`;
}

/** `Upvotes from 3 to 40, at most 41`. */
function votesInWords(votes: readonly { upvotes: number }[]): string {
  const counts = votes.map(({ upvotes }) => upvotes);
  const [last, most] = [counts.at(-1) ?? 0, Math.max(...counts)];
  return `Upvotes from ${counts[0]} to ${last}${most > last ? `, at most ${most}` : ''}`;
}

/** A line through what followed on one another, with a dot for each; a gap where it was away. */
function drawing(
  points: readonly { at: number; share: number; isNext: boolean }[],
  kind: 'place' | 'vote',
  label: string,
): Html {
  const placed = points.map(({ at, share, isNext }) => {
    const place = `${round(EDGE + at * (WIDTH - 2 * EDGE))} ${round(EDGE + share * (HEIGHT - 2 * EDGE))}`;
    return { place, isNext };
  });
  const line = placed.map(
    ({ place, isNext }, index) => `${index > 0 && isNext ? 'L' : 'M'}${place}`,
  );
  return html`<svg viewbox="0 0 ${WIDTH} ${HEIGHT}" preserveaspectratio="none" role="img" aria-label="${label}"><path class="line ${kind}" d="${line.join('')}"></path><path class="dots ${kind}" d="${placed.map(({ place }) => `M${place}h0`).join('')}"></path></svg>`;
}

const round = (value: number) => Math.round(value * 10) / 10;
