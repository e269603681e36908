import { type Html, html } from '../html.ts';
import type { DigestFields, FieldName, FieldProblems } from '../sign-up-fields.ts';
import { zoneOptions } from '../zones.ts';

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** A field's problem, where it has one, tied to it for those who listen. */
export function problemLine(problems: FieldProblems, field: FieldName): Html | '' {
  const problem = problems[field];
  return problem === undefined
    ? ''
    : html`<span class="problem" id="${field}-problem">${problem}</span>`;
}

/** Attributes of a field that may be wrong. */
export function problemMarks(problems: FieldProblems, field: FieldName): Html | '' {
  return problems[field] === undefined
    ? ''
    : html` aria-invalid="true" aria-describedby="${field}-problem"`;
}

/** When digests come and how long they are: the same for whoever signs up and whoever changes it. */
export function timeFields(fields: DigestFields, problems: FieldProblems): Html {
  const { rhythm, weekday, hour, zone, maxPapers, recurring, quiet, format } = fields;
  const choice = (name: string, value: string, now: string, label: string, hint = '') =>
    html`<label class="choice"><input type="radio" name="${name}" value="${value}"${value === now ? html` checked` : ''}><span>${label}${hint === '' ? '' : html` <span class="hint">${hint}</span>`}</span></label>`;
  const option = (value: string, now: string, label: string) =>
    html`<option value="${value}"${value === now ? html` selected` : ''}>${label}</option>`;
  return html`<fieldset class="fields"><legend>When</legend>
${problemLine(problems, 'rhythm')}
${rhythm === 'as-now' ? choice('rhythm', 'as-now', rhythm, 'On the weekdays it comes on now') : ''}
${choice('rhythm', 'workdays', rhythm, 'Monday to Friday')}
${choice('rhythm', 'daily', rhythm, 'Every day')}
${choice('rhythm', 'weekly', rhythm, 'Once a week, on the day below')}
<p><label for="weekday">Day of a weekly digest</label><select id="weekday" name="weekday">${WEEKDAYS.map((name, index) => option(String(index + 1), weekday, name))}</select></p>
<p><label for="hour">Hour</label><select id="hour" name="hour"${problemMarks(problems, 'hour')}>${Array.from({ length: 24 }, (_, at) => option(String(at), hour, `${String(at).padStart(2, '0')}:00`))}</select>${problemLine(problems, 'hour')}</p>
<p><label for="zone">Time zone</label><select id="zone" name="zone"${problemMarks(problems, 'zone')}>${zoneOptions(zone)}</select>${problemLine(problems, 'zone')}</p>
</fieldset>
<fieldset class="fields"><legend>How much</legend>
<p><label for="papers">Papers in a mail, at most</label><input id="papers" name="papers" type="number" min="1" max="100" value="${maxPapers}"${problemMarks(problems, 'maxPapers')}>${problemLine(problems, 'maxPapers')}</p>
<p class="hint">What is over stands on the digest’s own page.</p>
</fieldset>
<fieldset class="fields"><legend>Papers that come back</legend>
${problemLine(problems, 'recurring')}
${choice('recurring', 'trending', recurring, 'Only those that climb or return', 'at most three, in a section of their own')}
${choice('recurring', 'all', recurring, 'Every one', 'each time it is listed again')}
${choice('recurring', 'off', recurring, 'None', 'each paper once, ever')}
</fieldset>
<fieldset class="fields"><legend>Days without a paper for you</legend>
${problemLine(problems, 'quiet')}
${choice('quiet', 'silence', quiet, 'No mail')}
${choice('quiet', 'note', quiet, 'One line', 'so that you know it was looked')}
</fieldset>
<fieldset class="fields"><legend>How it looks</legend>
${problemLine(problems, 'format')}
${choice('format', 'html', format, 'Like a page', 'with the same in plain text beside it')}
${choice('format', 'text', format, 'Plain text alone')}
</fieldset>`;
}
