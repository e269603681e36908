import { idOf, type PaperId, parseListedOn } from '@paperboy/core';
import {
  createDigestRenderer,
  createLinks,
  type DigestContent,
  type PaperCard,
  parseMailbox,
  readMessage,
} from '@paperboy/email';
import mjml2html from 'mjml';
import type { Bench } from './bench.ts';
import { papers, SUBJECT_PHRASES, type SyntheticPaper } from './data.ts';

const PAPERS = 20;
/** Papers of the edition: each digest is another choice of them. */
const EDITION = 100;
const publicUrl = 'https://news.example.org';

/** More than a message of 20 papers has. */
const MOST_BYTES = 128 * 1024;

/** A subscriber's whole message (HTML, text, headers) beside one compile of the HTML of the same digest. */
export const bench: Bench = {
  name: 'render',
  unit: 'digests',
  sizes: [300],
  quickSizes: [40],
  bars: [
    {
      id: '8',
      text: 'a message of 20 papers >= 12x faster than one mjml compile',
      kind: 'bar',
      holds: (ratio) => ratio >= 12,
    },
    { id: '8', text: 'the same >= 20x', kind: 'moonshot', holds: (ratio) => ratio >= 20 },
  ],
  async setUp(size) {
    const from = parseMailbox('Paperboy <paperboy@news.example.org>');
    const date = parseListedOn('2026-03-11');
    if ('problem' in from || !date) throw new Error('the bench has no sender or day');
    const links = createLinks({ secret: 'a secret of the benches, long enough', publicUrl });
    const renderer = await createDigestRenderer({ publicUrl, from });
    const cards = papers(EDITION, 5).map(cardOf);
    const edition = { date, cadence: 'daily', papers: cards, notes: [] } as const;
    const parts = renderer.prepare(edition);
    const digests = Array.from({ length: size }, (_, reader) => digestOf(cards, reader));
    // Memory that is used again, as in the mailer: on some hosts a page fresh from the system takes longer than its text.
    const memory = digests.map(() => Buffer.alloc(MOST_BYTES));
    let messages: Buffer[] = [];
    let pages: string[] = [];
    return {
      ours() {
        messages = digests.map((digest, reader) => {
          const envelope = {
            to: `reader${reader}@example.com`,
            messageId: links.messageId(idOf('delivery', String(reader + 1)), from.domain),
            date: new Date('2026-03-11T07:30:00Z'),
            unsubscribeUrl: links.unsubscribe(idOf('subscriber', String(reader + 1))),
          };
          const place = (bytes: number) =>
            memory[reader]?.subarray(0, bytes) ?? Buffer.alloc(bytes);
          return renderer.assemble(parts, digest, envelope, place);
        });
        return size;
      },
      async limit() {
        pages = [];
        for (const digest of digests) {
          const { html, errors } = await mjml2html(mjmlOf(digest, cards), { fonts: {} });
          if (errors.length > 0) throw new Error(errors[0]?.formattedMessage);
          pages.push(html);
        }
        return size;
      },
      async check() {
        const at = size - 1;
        const { html = '', text = '' } = await readMessage(messages[at] ?? Buffer.alloc(0));
        const shown = titlesOf(digests[at], cards);
        for (const title of shown) {
          if (![html, pages[at]].every((page) => page?.includes(escaped(title)))) {
            throw new Error(`the digest lacks ${title}`);
          }
        }
        if (shown.length !== PAPERS || !text.includes('Unsubscribe: '))
          throw new Error('a part is missing');
      },
    };
  },
};

function cardOf(paper: SyntheticPaper, index: number): PaperCard {
  const day = parseListedOn('2026-03-11');
  if (!day) throw new Error('no day');
  return {
    paperId: idOf('paper', String(index + 1)),
    title: paper.title,
    authors: paper.authors,
    text: paper.abstract,
    textKind: 'abstract',
    links: [
      { rel: 'page', url: `https://arxiv.org/abs/${paper.arxivId}` },
      { rel: 'pdf', url: `https://arxiv.org/pdf/${paper.arxivId}` },
      ...(paper.githubRepo ? [{ rel: 'code' as const, url: paper.githubRepo }] : []),
    ],
    upvotes: paper.upvotes,
    firstSeenOn: day,
    seenOn: [day],
    timesSeen: 1,
    url: `${publicUrl}/papers/${index + 1}`,
  };
}

function digestOf(cards: readonly PaperCard[], reader: number): DigestContent {
  const chosen = Array.from({ length: PAPERS }, (_, at) => cards[(reader * 7 + at * 3) % EDITION]);
  const topic = SUBJECT_PHRASES[reader % SUBJECT_PHRASES.length] ?? '';
  const items = chosen.flatMap((card) =>
    card
      ? {
          paperId: card.paperId,
          why: [`Matches “${topic}”: title, 2 times in the abstract`],
          labels: [],
          feedbackUrl: `${publicUrl}/digests/token${reader}/papers/${card.paperId}`,
        }
      : [],
  );
  const moreUrl = `${publicUrl}/digests/token${reader}`;
  return { sections: [{ kind: 'new', topic, items }], more: 0, moreUrl, topicNames: [topic] };
}

function titlesOf(digest: DigestContent | undefined, cards: readonly PaperCard[]): string[] {
  const titles = new Map<PaperId, string>(cards.map(({ paperId, title }) => [paperId, title]));
  return (digest?.sections ?? []).flatMap(({ items }) =>
    items.map(({ paperId }) => titles.get(paperId) ?? ''),
  );
}

/** The same digest the usual way: a document per reader, one text block a paper, the abstract cut short. */
function mjmlOf(digest: DigestContent, cards: readonly PaperCard[]): string {
  const byId = new Map(cards.map((card) => [card.paperId, card]));
  const blocks = digest.sections.flatMap(({ items }) =>
    items.map(({ paperId, why, feedbackUrl }) => {
      const card = byId.get(paperId);
      const links = card?.links
        .map(({ rel, url }) => `<a href="${url}">${rel}</a>`)
        .join(' &middot; ');
      return `<mj-text css-class="card" padding="20px 0 22px"><p class="kicker">${escaped(digest.topicNames.join())}</p>
        <h3><a href="${card?.links[0]?.url}">${escaped(card?.title ?? '')}</a></h3>
        <p class="small">${escaped(card?.authors.join(', ') ?? '')}</p>
        <p>${escaped(card?.text?.slice(0, 300) ?? '')}</p><p class="why">${escaped(why.join())}</p>
        <p class="small">${links}</p><p class="small"><a href="${feedbackUrl}">Like</a></p></mj-text>`;
    }),
  );
  return `<mjml lang="en"><mj-head><mj-title>Digest</mj-title><mj-preview>Digest</mj-preview>
    <mj-attributes><mj-text padding="0" font-family="Georgia,serif" font-size="16px" line-height="1.55" /></mj-attributes>
    <mj-style inline="inline">.kicker { font-size: 11px; } .small { font-size: 13px; } .why { font-size: 13px; }</mj-style></mj-head>
    <mj-body width="640px"><mj-section><mj-column><mj-text><h1>Paperboy</h1></mj-text>${blocks.join('')}
    <mj-text><a href="${digest.moreUrl}">Read online</a></mj-text></mj-column></mj-section></mj-body></mjml>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
