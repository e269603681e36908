import type { Cadence } from '@paperboy/core';
import {
  day,
  digest,
  edition,
  envelope,
  paper,
  paperId,
  renderer,
  today,
} from './digest.fixture.ts';
import type { DigestContent, PaperCard } from './digest-content.ts';

const papers: readonly PaperCard[] = [
  paper(1, {
    upvotes: 128,
    links: [...paper(1).links, { rel: 'code', url: 'https://github.com/okafor/gates' }],
  }),
  paper(2, { textKind: 'summary', authors: ['Ada', 'Ben', 'Cleo', 'Dan'] }),
  paper(3, { firstSeenOn: day('2026-03-07'), links: [], authors: [] }),
  paper(4, {
    timesSeen: 3,
    firstSeenOn: day('2025-12-18'),
    lastSeenBeforeOn: day('2026-02-18'),
    seenOn: [day('2025-12-18'), day('2026-02-18'), today],
    climbed: 12,
  }),
];
const note = 'Hugging Face: the list was cut short (50 of 61 read)';
const item = (id: number, labels: readonly string[] = []) => ({
  paperId: paperId(id),
  why: ['"attention": in the title', 'related words: "gate", "heads"'],
  labels,
  feedbackUrl: `https://news.example.org/digests/TOKEN/papers/${id}`,
});
const full: Partial<DigestContent> = {
  sections: [
    { kind: 'new', topic: 'Sparse attention', items: [item(1, ['Robots that walk']), item(2)] },
    { kind: 'new', topic: 'Robots that walk', items: [item(3)] },
    { kind: 'recurring', items: [item(4, ['Sparse attention', 'Robots that walk'])] },
  ],
  found: [
    { topic: 'Sparse attention', papers: [paperId(1), paperId(2)] },
    { topic: 'Robots that walk', papers: [paperId(3)] },
  ],
  more: 7,
};

function made(cadence: Cadence, notes: readonly string[], own: Partial<DigestContent>): Buffer {
  const parts = renderer.prepare({ ...edition(papers, notes), cadence });
  return renderer.assemble(parts, digest([], 0, own), envelope());
}

/** Messages that hold between them every piece of the template, by what they are. */
export const MESSAGES: readonly (readonly [string, Buffer])[] = [
  ['a daily digest with everything', made('daily', [note], full)],
  ['a weekly digest', made('weekly', [], full)],
  ['a quiet day', made('daily', [], {})],
  ['a day on which a list was not read', made('daily', [note], {})],
];
