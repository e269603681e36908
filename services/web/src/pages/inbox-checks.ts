import type { ChecklistRow, SpamVerdict } from '@paperboy/email';
import { type Html, html } from '../html.ts';

/** Where Gmail has surely not cut a message off yet, and where it does: its own words are "near 102 kB". */
const CLIP = { safe: 90_000, near: 102_000 } as const;

export interface ShownChecks {
  readonly id: string;
  readonly rows: readonly ChecklistRow[];
  readonly htmlBytes: number | undefined;
  /** Undefined until it is asked for. */
  readonly spam: SpamVerdict | undefined;
}

/** The checklist in a few words, for the head of a message. */
export function checksSummary(rows: readonly ChecklistRow[]): string {
  const { required, should, unknown, passed } = sorted(rows);
  return [
    required.length > 0
      ? `${required.length} required ${required.length === 1 ? 'rule fails' : 'rules fail'}`
      : '',
    should.length > 0 ? `${should.length} to improve` : '',
    unknown.length > 0 ? `${unknown.length} unknown` : '',
    `${passed.length} passed`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** What large receivers would make of a message, worst first, each with what to do. */
export function checksView({ id, rows, htmlBytes, spam }: ShownChecks): Html {
  const { required, should, unknown, passed } = sorted(rows);
  const isConfirmation = rows.some(({ only }) => only === 'confirmation');
  const asked = isConfirmation
    ? 'of mail that a person has just asked for, and that belongs to no list'
    : 'of bulk senders';
  return html`<p class="facts">What a message can show of what large receivers ask ${asked}, as it would be at one of them: ${checksSummary(rows)}. The rest, such as DNS and the relay, is looked at by <code>paperboy doctor</code>.</p>
${clipMeter(htmlBytes)}
${spamNote(id, spam)}
${group('Required', required)}
${group('To improve', should)}
${group('Not told by the message', unknown)}
${
  passed.length === 0
    ? ''
    : html`<section><h2>Passed <span class="count">${passed.length}</span></h2>
<ul class="checks">${passed.map((row) => html`<li>${mark(row)} ${row.rule} <span class="found">${row.found}</span></li>`)}</ul></section>`
}`;
}

function group(heading: string, rows: readonly ChecklistRow[]): Html | '' {
  if (rows.length === 0) return '';
  return html`<section><h2>${heading} <span class="count">${rows.length}</span></h2>
<ul class="checks">${rows.map(
    (row) => html`<li>${mark(row)} ${row.rule} <span class="found">${row.found}</span>
<span class="fix">${row.fix}</span></li>`,
  )}</ul></section>`;
}

const WORDS = { pass: 'Pass', fail: 'Fail', unknown: 'Unknown' } as const;

/** A rule that is not required warns; `paperboy doctor` has the same words. */
function mark({ outcome, level }: ChecklistRow): Html {
  if (outcome === 'fail' && level === 'should')
    return html`<strong class="mark warn">Warn</strong>`;
  return html`<strong class="mark ${outcome}">${WORDS[outcome]}</strong>`;
}

function clipMeter(bytes: number | undefined): Html | '' {
  if (bytes === undefined) return '';
  const size = `${(bytes / 1_000).toFixed(1)} kB`;
  return html`<p class="meter"><label for="clip">HTML: ${size} of ${CLIP.safe / 1_000} kB; Gmail clips near ${CLIP.near / 1_000} kB</label>
<meter id="clip" min="0" max="${CLIP.near}" high="${CLIP.safe}" optimum="0" value="${Math.min(bytes, CLIP.near)}">${size}</meter></p>`;
}

function spamNote(id: string, spam: SpamVerdict | undefined): Html {
  if (spam === undefined) {
    return html`<p class="facts"><a href="/inbox/${id}/checks?spam=yes">Ask SpamAssassin for its score</a>, if it is installed here; it takes a few seconds.</p>`;
  }
  switch (spam.kind) {
    case 'absent':
      return html`<p class="note">SpamAssassin is not installed here. On Debian: <code>apt install spamassassin spamc</code>.</p>`;
    case 'failed':
      return html`<p class="note">SpamAssassin gave no score: ${spam.reason}.</p>`;
    case 'scored':
      return html`<p class="note">SpamAssassin scores it ${spam.score.toFixed(1)}; spam begins at ${spam.threshold.toFixed(1)}, and 0.5 is a good aim. ${spam.rules.length === 0 ? 'No rule hit.' : `Rules: ${spam.rules.join(', ')}.`}</p>`;
  }
}

function sorted(rows: readonly ChecklistRow[]) {
  const failed = rows.filter(({ outcome }) => outcome === 'fail');
  return {
    required: failed.filter(({ level }) => level === 'required'),
    should: failed.filter(({ level }) => level === 'should'),
    unknown: rows.filter(({ outcome }) => outcome === 'unknown'),
    passed: rows.filter(({ outcome }) => outcome === 'pass'),
  };
}
