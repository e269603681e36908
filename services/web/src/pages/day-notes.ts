import type { PageOutcome } from '@paperboy/core';
import type { DayPage, SourceTrouble } from '@paperboy/store';
import { type Html, html } from '../html.ts';
import { moment } from '../wording.ts';

/** What a verdict means to a reader; sound verdicts have nothing to tell. */
const MEANINGS: Partial<Record<PageOutcome, string>> = {
  cut: 'came cut short, so papers may be missing',
  partial: 'is still filling; what is listed later is added',
  stale: 'still shows an older page',
  broken: 'could not be read',
  blocked: 'answered with a check for robots',
};

/** Sources that need a look, so that a failure is never taken for a quiet day. */
export function troubleNotes(troubles: readonly SourceTrouble[]): Html[] {
  const [away, odd] = [
    troubles.filter(({ kind }) => kind === 'unreachable'),
    troubles.filter(({ kind }) => kind !== 'unreachable'),
  ];
  const notes = odd.map(({ sourceTitle, kind, note, since }) =>
    kind === 'unreachable' ? html`` : noteLine(sourceTitle, kind, note, since),
  );
  const first = away[0];
  if (!first) return notes;
  const names = away.map(({ sourceTitle }) => sourceTitle);
  const line = html`<p class="note"><strong>${listed(names)}</strong> did not answer${
    away.length === 1 && first.note ? ` (${first.note})` : ''
  }; last asked ${moment(first.since)}. The next run asks again.</p>`;
  return [...notes, line];
}

/** What was odd about the pages of a day, where the state of the sources does not say it already. */
export function pageNotes(pages: readonly DayPage[], troubles: readonly SourceTrouble[]): Html[] {
  return pages
    .filter(({ verdict }) => MEANINGS[verdict] !== undefined)
    .filter(
      ({ sourceName, verdict }) =>
        !troubles.some((told) => told.sourceName === sourceName && told.kind === verdict),
    )
    .map(({ sourceTitle, verdict, note }) => noteLine(sourceTitle, verdict, note));
}

function noteLine(source: string, kind: PageOutcome, note: string | null, since?: Date): Html {
  return html`<p class="note"><strong>${source}</strong> ${MEANINGS[kind] ?? kind}${
    note ? ` (${note})` : ''
  }${since ? html`; seen ${moment(since)}` : ''}.</p>`;
}

function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
