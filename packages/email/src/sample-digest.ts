import { idOf, type ListedOn, type PaperId } from '@paperboy/core';
import type { DigestContent, EditionContent, PaperCard } from './digest-content.ts';

const TITLES = [
  'Gates That Skip Attention in Long Documents',
  'A Map of What Small Models Forget',
  'Counting Sheep: A Benchmark for Very Long Videos',
  'Übersetzung ohne Paare: Translation from Monolingual News',
  'Robots That Ask before They Lift',
] as const;

const TEXT =
  'We look at what happens when half of the heads are left out by a gate that is learnt with the model. On four tasks the quality stays and a third of the time is saved; where it does not, we show why. Code and gates are public.';

/** A digest of made-up papers that says so, for looking at how real ones would be sent and arrive. */
export function sampleDigest({
  publicUrl,
  date,
  note,
}: {
  readonly publicUrl: string;
  readonly date: ListedOn;
  /** What the mail is, in a sentence: it stands where readers are told of trouble with sources. */
  readonly note: string;
}): { readonly edition: EditionContent; readonly digest: DigestContent } {
  const papers = TITLES.map((title, index) => sampleCard(publicUrl, date, title, index + 1));
  const items = papers.map(({ paperId }) => ({
    paperId,
    why: ['Made up, to show how a reason looks'],
    labels: ['A test'],
  }));
  return {
    edition: { date, cadence: 'daily', papers, notes: [note] },
    digest: {
      sections: [
        { kind: 'new', topic: 'A test', items: items.slice(0, 4) },
        { kind: 'recurring', items: items.slice(4) },
      ],
      more: 0,
      moreUrl: publicUrl,
      topicNames: ['A test'],
    },
  };
}

function sampleCard(publicUrl: string, date: ListedOn, title: string, number: number): PaperCard {
  const paperId: PaperId = idOf('paper', String(number));
  return {
    paperId,
    title,
    authors: ['Ada Example', 'Bola Example'],
    text: TEXT,
    textKind: 'abstract',
    links: [],
    firstSeenOn: date,
    seenOn: [date],
    timesSeen: 1,
    url: `${publicUrl}/?sample=${number}`,
  };
}
