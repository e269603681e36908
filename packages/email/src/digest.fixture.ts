import { idOf, type ListedOn, type PaperId, parseListedOn } from '@paperboy/core';
import { createDigestRenderer } from './digest.ts';
import type { DigestContent, EditionContent, Envelope, PaperCard } from './digest-content.ts';
import { createLinks } from './signed-links.ts';

/** What the tests of messages share: an edition, a digest of it and its envelope, in our own words. */
export const publicUrl = 'https://news.example.org';
export const links = createLinks({ secret: 'a secret that only tests know of', publicUrl });
export const from = {
  name: 'Paperboy',
  address: 'paperboy@news.example.org',
  domain: 'news.example.org',
};
export const today = day('2026-03-11');
export const renderer = await createDigestRenderer({ publicUrl, from });

export function day(text: string): ListedOn {
  const date = parseListedOn(text);
  if (date === undefined) throw new TypeError(`${text} is no day`);
  return date;
}

export function paperId(number: number): PaperId {
  return idOf('paper', String(number));
}

export function paper(number: number, own: Partial<PaperCard> = {}): PaperCard {
  return {
    paperId: paperId(number),
    title: `Paper ${number} on gates that skip attention`,
    authors: ['Mira Okafor', 'Jonas Lindqvist'],
    text: 'A gate beside each head says what to skip. It keeps the accuracy of the full model.',
    textKind: 'abstract',
    links: [
      { rel: 'page', url: `https://arxiv.org/abs/2603.${10000 + number}` },
      { rel: 'pdf', url: `https://arxiv.org/pdf/2603.${10000 + number}` },
    ],
    firstSeenOn: today,
    timesSeen: 1,
    seenOn: [today],
    url: `${publicUrl}/papers/${number}`,
    ...own,
  };
}

export function edition(
  papers: readonly PaperCard[],
  notes: readonly string[] = [],
): EditionContent {
  return { date: today, cadence: 'daily', papers, notes };
}

/** The first `fresh` papers as new, the `recurring` after them as seen before. */
export function digest(
  papers: readonly PaperCard[],
  recurring = 0,
  own: Partial<DigestContent> = {},
): DigestContent {
  const items = papers.map((card) => ({
    paperId: card.paperId,
    why: ['Matches “attention”: title, 2 times in the abstract'],
    feedbackUrl: `${publicUrl}/digests/TOKEN/papers/${card.paperId}`,
  }));
  const fresh = papers.length - recurring;
  return {
    sections: [
      {
        kind: 'new',
        topic: 'Sparse attention',
        items: items.slice(0, fresh).map((item) => ({ ...item, labels: [] })),
      },
      {
        kind: 'recurring',
        items: items.slice(fresh).map((item) => ({ ...item, labels: ['Sparse attention'] })),
      },
    ],
    more: 0,
    moreUrl: `${publicUrl}/days/2026-03-11`,
    topicNames: ['Sparse attention', 'Robots that walk'],
    ...own,
  };
}

export function envelope(own: Partial<Envelope> = {}): Envelope {
  const subscriber = idOf('subscriber', '7');
  return {
    to: 'ada@example.com',
    messageId: links.messageId(idOf('delivery', '42'), 'news.example.org'),
    date: new Date('2026-03-11T07:30:00Z'),
    unsubscribeUrl: links.unsubscribe(subscriber),
    preferencesUrl: links.preferences(subscriber),
    ...own,
  };
}

/** The message of a digest that has all of these papers. */
export function message(
  papers: readonly PaperCard[],
  recurring = 0,
  own?: Partial<DigestContent>,
): Buffer {
  const parts = renderer.prepare(edition(papers));
  return renderer.assemble(parts, digest(papers, recurring, own), envelope());
}
