import { type ListedOn, type Strictness, shorten } from '@paperboy/core';
import type { PastProgress, Subscriber, savedPapers } from '@paperboy/store';
import { QUERY_MAX_CHARACTERS } from '@paperboy/topics';
import type { FollowedField } from '../followed-fields.ts';
import { type Html, html } from '../html.ts';
import { shownTitle } from '../paper-words.ts';
import { queryMistakes } from '../query-mistakes.ts';
import { maskedAddress } from '../reader-link.ts';
import type { DigestFields, FieldProblems } from '../sign-up-fields.ts';
import { counted, dayText, moment, plainDay } from '../wording.ts';
import { problemLine, problemMarks, timeFields } from './digest-fields.ts';
import type { Previews } from './previews.ts';
import { feedSection } from './private-feed.ts';
import { relatedWordsPath } from './related-words.ts';
import { type CatalogueEntry, enterButton, previewField, topicFields } from './subscribe-form.ts';

export interface PreferencesContent {
  readonly token: string;
  readonly reader: Subscriber;
  /** The topics they follow, as the fields for them stand. */
  readonly followed: readonly FollowedField[];
  readonly fields: DigestFields;
  readonly problems: FieldProblems;
  readonly previews: Previews;
  /** What was done a moment ago, in a sentence. */
  readonly done: string | undefined;
  /** Topics that are not followed yet. */
  readonly catalogue: readonly CatalogueEntry[];
  readonly saved: Awaited<ReturnType<typeof savedPapers>>;
  /** `day` is the one that each is called by. */
  readonly digests: readonly {
    readonly path: string;
    readonly day: ListedOn;
    readonly papers: number;
  }[];
  /** No digest was made yet. */
  readonly isFirst: boolean;
  /** New topics that the papers of the past weeks are being matched for. */
  readonly past: PastProgress;
  /** The address of their feed without its ending, where they have one. */
  readonly feed: string | undefined;
  readonly leavePath: string;
  /** In days. */
  readonly pauses: readonly number[];
}

const STRICTNESS: Readonly<Record<Strictness, string>> = {
  wide: 'More papers, some beside the point',
  normal: 'What fits well',
  strict: 'Only what fits best',
};

/** A reader's own page: what they follow and when it comes, as a form, and all that is kept about them. */
export function preferencesForm(content: PreferencesContent): Html {
  const { token, reader, followed, fields, problems, done, catalogue, isFirst, leavePath } =
    content;
  const isAdding = fields.chosen.length > 0 || fields.queries.some((query) => query !== '');
  const wrong = Object.keys(problems).length > 0;
  const action = `/preferences/${token}`;
  return html`<article class="sheet">
<p class="kicker">${maskedAddress(reader.address)}</p>
<h1>Your digests</h1>
${done === undefined ? '' : html`<p class="note" role="status">${done}</p>`}
${wrong ? html`<p class="note" role="alert">Something is not right yet; nothing was saved.</p>` : ''}
${standing(content)}
${isFirst && reader.state === 'active' ? html`<form method="post" action="${action}"><p>Do you want your first digest now, and the next ones at your hour?</p><button type="submit" name="do" value="first">Send me the first one now</button></form>` : ''}
<form method="post" action="${action}" class="sign-up" data-preview="${action}/preview">
${enterButton('save')}
<fieldset class="fields"><legend>Topics you follow</legend>
${pastNote(content)}
${problemLine(problems, 'edits')}
${followed.length === 0 ? html`<p class="hint">None.</p>` : followed.map((topic) => followedTopic(topic, content))}
</fieldset>
<details${isAdding || problems.queries ? html` open` : ''}><summary>Follow more</summary>${topicFields(fields, problems, catalogue)}</details>
${previewField(content.previews)}
${timeFields(fields, problems)}
<button type="submit" name="do" value="save">Save</button>
</form>
${pauseForm(content)}
${readerPapers(content)}
${reader.state === 'left' ? '' : feedSection(action, content.feed)}
<section><h2>Yours to take, yours to end</h2>
<ul class="plain">
<li><a href="${leavePath}">Leave Paperboy</a></li>
<li><a href="${action}/export.json">Download everything kept about you</a></li>
<li><a href="${action}/erase">Erase everything</a></li>
</ul></section>
</article>`;
}

function followedTopic(
  { topicId, name, query, edited, strictness, isDropped }: FollowedField,
  { token, problems }: PreferencesContent,
): Html {
  const named = shorten(name, 80);
  const words =
    edited === undefined
      ? query !== name && html`<p class="hint"><code>${shorten(query, 300)}</code></p>`
      : html`<p><label for="edit-${topicId}">In your own words<span class="aside">: ${named}</span></label><input id="edit-${topicId}" name="edit-${topicId}" class="query" maxlength="${QUERY_MAX_CHARACTERS}" spellcheck="false" value="${edited}"${queryMistakes(edited) && problemMarks(problems, 'edits')}></p>`;
  return html`<div class="followed">
<h2>${shorten(name, 120)}</h2>
${words}
<p><label for="strictness-${topicId}">How strictly<span class="aside">: ${named}</span></label><select id="strictness-${topicId}" name="strictness-${topicId}">${Object.entries(STRICTNESS).map(([value, label]) => html`<option value="${value}"${value === strictness ? html` selected` : ''}>${label}</option>`)}</select></p>
<p class="hint"><a href="${relatedWordsPath('preferences', token, topicId)}">Related words<span class="aside"> of ${named}</span></a></p>
<label class="choice"><input type="checkbox" name="drop-${topicId}"${isDropped ? html` checked` : ''}><span>Stop following<span class="aside">: ${named}</span></span></label>
</div>`;
}

function pastNote({ past: { topics, done, papers } }: PreferencesContent): Html | '' {
  if (topics === 0) return '';
  const far = papers === 0 ? '' : `; ${done} of ${papers} are done`;
  return html`<p class="hint">The papers of the last weeks are being matched for ${counted(topics, 'new topic')}${far}.</p>`;
}

/** Why nothing comes, where nothing does. */
function standing({ reader }: PreferencesContent): Html | '' {
  if (reader.state === 'left') {
    return html`<p class="note">You have left, and nothing is sent. To come back, <a href="/subscribe">sign up</a> once more.</p>`;
  }
  if (reader.state === 'paused') {
    return reader.pausedUntil
      ? html`<p class="note">Paused until ${moment(reader.pausedUntil)}.</p>`
      : html`<p class="note">Paused, as your mailbox took no mail.</p>`;
  }
  return reader.suppressedFor === null
    ? ''
    : html`<p class="note">Nothing is sent to this address: ${reader.suppressedFor}.</p>`;
}

function pauseForm({ token, reader, pauses }: PreferencesContent): Html | '' {
  if (reader.state === 'left') return '';
  const action = `/preferences/${token}`;
  if (reader.state === 'paused') {
    return reader.pausedUntil
      ? html`<section><h2>Pause</h2><form method="post" action="${action}"><button class="second" type="submit" name="do" value="resume">End the pause</button></form></section>`
      : '';
  }
  return html`<section><h2>Pause</h2><form class="fields" method="post" action="${action}">
<p><label for="days">Send nothing for</label><select id="days" name="days">${pauses.map((days) => html`<option value="${days}">${days} days</option>`)}</select></p>
<button class="second" type="submit" name="do" value="pause">Pause</button></form></section>`;
}

function readerPapers({ saved, digests }: PreferencesContent): Html {
  const mark = ({ isSaved, vote, changed, changedOn }: PreferencesContent['saved'][number]) =>
    [
      isSaved && 'saved',
      vote === 'like' && 'liked',
      changedOn && `new ${changed?.join(' and ')} on ${dayText(changedOn)}`,
    ]
      .filter(Boolean)
      .join(', ');
  return html`<section><h2>Saved and liked</h2>
${saved.length === 0 ? html`<p class="hint">Nothing yet; each paper of a digest has the buttons.</p>` : html`<ul class="plain">${saved.map((paper) => html`<li><a href="/papers/${paper.paperId}">${shownTitle(paper.title, 160)}</a> <span class="hint">${mark(paper)}</span></li>`)}</ul>`}
</section>
<section><h2>Past digests</h2>
${digests.length === 0 ? html`<p class="hint">None yet.</p>` : html`<ul class="days">${digests.map(({ path, day, papers }) => html`<li><a href="${path}">${plainDay(day)}</a> <span class="hint">${counted(papers, 'paper')}</span></li>`)}</ul>`}
</section>`;
}
