import { type Html, html } from './html.ts';
import { papersIn, type Week } from './weeks.ts';
import { counted, fullDay, monthOf, plainDay } from './wording.ts';

/** In units of the drawing, which is stretched to its place. */
const STEP = 10;
const BAR = 7;
const HEIGHT = 60;

/** Bars alone, for where the numbers stand beside them in words; nothing where there is nothing to draw. */
export function sparkline(weeks: readonly Week[]): Html | '' {
  if (papersIn(weeks) === 0) return '';
  return html`<svg class="spark" viewbox="0 0 ${weeks.length * STEP} ${HEIGHT}" preserveaspectratio="none" aria-hidden="true" focusable="false">${bars(weeks)}</svg>`;
}

/** Papers per week drawn, told in one sentence, and as a table for who wants the numbers. `name` is whose they are. */
export function weeklyFigure(weeks: readonly Week[], name: string): Html {
  const most = Math.max(1, ...weeks.map(({ papers }) => papers));
  const [first] = weeks;
  const last = weeks.at(-1);
  if (!first || !last) return html``;
  return html`<figure class="volume">
<div class="plot">
<span class="scale" aria-hidden="true">${most}</span>
<svg viewbox="0 0 ${weeks.length * STEP} ${HEIGHT}" preserveaspectratio="none" role="img" aria-label="Papers per week for ${name}: ${inWords(weeks)}">${bars(weeks)}</svg>
</div>
<p class="span" aria-hidden="true"><span>${monthOf(first.week)}</span> <span>${monthOf(last.week)}</span></p>
<figcaption>${sentence(weeks)}</figcaption>
<details class="folded">
<summary>Week by week</summary>
<div class="scroll" role="region" aria-label="Papers per week" tabindex="0"><table>
<thead><tr><th scope="col">Week of</th><th scope="col" class="figure">Papers</th></tr></thead>
<tbody>${weeks.toReversed().map(({ week, papers }) => html`<tr><td>${fullDay(week)}</td><td class="figure">${papers}</td></tr>`)}</tbody>
</table></div>
</details>
</figure>`;
}

/** `12 papers in 26 weeks, 3 in the last`. */
export function inWords(weeks: readonly Week[]): string {
  const all = papersIn(weeks);
  if (all === 0) return `no papers in ${weeks.length} weeks`;
  return `${counted(all, 'paper')} in ${weeks.length} weeks, ${weeks.at(-1)?.papers ?? 0} in the last`;
}

function sentence(weeks: readonly Week[]): Html {
  const all = papersIn(weeks);
  if (all === 0) return html`No papers in these ${weeks.length} weeks.`;
  const most = weeks.reduce((best, one) => (one.papers >= best.papers ? one : best));
  return html`${counted(all, 'paper')} in ${weeks.length} weeks; most in the week of ${plainDay(most.week)}, with ${most.papers}.`;
}

/** A week without papers keeps a line on the ground, so that a gap is seen as one. A path for each kind of bar. */
function bars(weeks: readonly Week[]): Html {
  const most = Math.max(1, ...weeks.map(({ papers }) => papers));
  const drawn = weeks.map(({ papers }, index) => {
    const height = papers === 0 ? 1 : Math.max(3, Math.round((papers / most) * HEIGHT));
    const kind = papers === 0 ? 'none' : index === weeks.length - 1 ? 'last' : 'week';
    const bar = `M${index * STEP + (STEP - BAR) / 2} ${HEIGHT}v-${height}h${BAR}v${height}z`;
    return { kind, bar };
  });
  const ofKind = Map.groupBy(drawn, ({ kind }) => kind);
  return html`${[...ofKind].map(([kind, of]) => html`<path class="${kind}" d="${of.map(({ bar }) => bar).join('')}"></path>`)}`;
}
