import { readableTex, shorten } from '@paperboy/core';
import type { Quote } from './paper-tokens.ts';

/** Longest title named in a reason. */
const TITLE_LENGTH = 120;

/** Why a paper matches a topic: something that a reader can check in its text. */
export type MatchReason =
  | PhraseReason
  | AcronymReason
  | RelatedReason
  | ResemblingReason
  | LikedReason;

/** Places in the paper's text that a reason rests on. */
interface Places {
  /** Every place, in order, as written in the paper. Not empty. */
  readonly quotes: readonly Quote[];
  readonly inTitle: number;
  readonly inAbstract: number;
}

/** The topic's own words. */
interface PhraseReason extends Places {
  readonly kind: 'phrase';
  readonly typed: string;
}

/** What the topic's words stand for, or what stands for them. */
interface AcronymReason extends Places {
  readonly kind: 'acronym';
  /** The form that is in the paper. */
  readonly used: string;
  readonly acronym: string;
  readonly longForm: string;
}

/** Words that the topic's best papers have in common, one place of each. */
interface RelatedReason extends Places {
  readonly kind: 'related';
}

/** A paper of the past weeks that holds the topic's words, and that an embedding service finds it near to. */
interface ResemblingReason {
  readonly kind: 'resembles';
  readonly title: string;
}

/** The nearest of the papers that the subscriber liked. */
interface LikedReason {
  readonly kind: 'liked';
  readonly title: string;
}

/** Quotes with their counts by field. */
export function placesOf(quotes: readonly Quote[]): Places {
  const inTitle = quotes.filter(isInTitle).length;
  return { quotes, inTitle, inAbstract: quotes.length - inTitle };
}

/** What a reason quotes from the paper; nothing where it speaks of another one. */
export function quotesOf(reason: MatchReason): readonly Quote[] {
  return 'quotes' in reason ? reason.quotes : [];
}

/** One line for a reader, TeX as it would be printed: `“sparse autoencoder”: in the title and 3 times in the abstract`. */
export function describeReason(reason: MatchReason): string {
  switch (reason.kind) {
    case 'phrase':
      return `“${oneLine(reason.typed)}”: ${describePlaces(reason)}`;
    case 'acronym': {
      const { used, acronym, longForm } = reason;
      return `“${used}”: ${describePlaces(reason)} (${acronym} stands for ${longForm})`;
    }
    case 'related':
      return `related words: ${reason.quotes.map(({ text }) => `“${oneLine(text)}”`).join(', ')}`;
    case 'resembles':
      return `close in meaning to “${shorten(oneLine(reason.title), TITLE_LENGTH)}”, which has words of this topic`;
    case 'liked':
      return `like “${shorten(oneLine(reason.title), TITLE_LENGTH)}”, which you liked`;
  }
}

/** `in the title and 3 times in the abstract` */
export function describePlaces({ inTitle, inAbstract }: Places): string {
  return [...place(inTitle, 'in the title'), ...place(inAbstract, 'in the abstract')].join(' and ');
}

function place(count: number, where: string): string[] {
  if (count === 0) return [];
  return [count === 1 ? where : `${count} times ${where}`];
}

function isInTitle({ field }: Quote): boolean {
  return field === 'title';
}

function oneLine(text: string): string {
  return readableTex(text.replace(/\s+/g, ' '));
}
