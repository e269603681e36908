import type { FeedbackAction } from '@paperboy/store';
import { type Html, html } from '../html.ts';
import { renderPage, type Site } from '../layout.ts';
import { shownTitle } from '../paper-words.ts';
import type { DigestPaper } from '../reader-digest.ts';

interface Choice {
  readonly action: FeedbackAction;
  readonly label: string;
}

/** What can be said of a paper now: what was said can be taken back. */
function choicesOf({ feedback }: DigestPaper): Choice[] {
  const { vote, savedAt } = feedback;
  return [
    vote === 'like'
      ? { action: 'no-vote', label: 'Take back the like' }
      : { action: 'like', label: 'Like' },
    vote === 'dislike'
      ? { action: 'no-vote', label: 'Take back “not for me”' }
      : { action: 'dislike', label: 'Not for me' },
    savedAt === null
      ? { action: 'save', label: 'Save' }
      : { action: 'unsave', label: 'Remove from saved' },
  ];
}

/** The buttons under a paper of a digest. Each names its paper to those who listen. */
export function feedbackForm(token: string, paper: DigestPaper, wanted?: FeedbackAction): Html {
  const { paperId, title } = paper.card;
  const named = shownTitle(title, 80);
  return html`<form class="feedback" method="post" action="/digests/${token}/papers/${paperId}">${choicesOf(
    paper,
  ).map(
    ({ action, label }) =>
      html`<button${action === wanted ? '' : html` class="second"`} type="submit" name="action" value="${action}">${label}<span class="aside">: ${named}</span></button> `,
  )}</form>`;
}

const DONE: Readonly<Record<FeedbackAction, string>> = {
  like: 'Liked. From your next digest on, papers like it come earlier in the topics it was found for.',
  dislike:
    'Noted: not for you. From your next digest on, papers like it come later in the topics it was found for, or not at all; those with your words in the title still come.',
  'no-vote': 'Taken back. Your next digest is made as if you had said nothing.',
  save: 'Saved: it stands under “Saved and liked” on the page of your preferences, which every digest links to. It changes nothing in your digests.',
  unsave: 'No longer saved.',
};

/** Asks what a link of the mail stood for, or says what was done and offers to undo it. */
export function feedbackPage(
  site: Site,
  {
    token,
    paper,
    wanted,
    done,
  }: {
    readonly token: string;
    readonly paper: DigestPaper;
    readonly wanted: FeedbackAction | undefined;
    readonly done: FeedbackAction | undefined;
  },
): Html {
  const title = shownTitle(paper.card.title, 200);
  const body = html`<article class="notice">
<p class="kicker">${done === undefined ? 'What do you think of it?' : 'Thank you'}</p>
<h1>${title}</h1>
${done === undefined ? '' : html`<p role="status">${DONE[done]}</p>`}
${feedbackForm(token, paper, done === undefined ? wanted : undefined)}
${done === undefined && !isSaid(paper) ? html`<p class="small quiet">Nothing has changed yet.</p>` : ''}
<p><a href="/digests/${token}">Back to the digest</a></p>
</article>`;
  return renderPage(site, { title: title.slice(0, 120), width: 'narrow', body });
}

function isSaid({ feedback }: DigestPaper): boolean {
  return feedback.vote !== null || feedback.savedAt !== null;
}
