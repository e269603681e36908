import type { Cadence, Link, ListedOn, MailFormat, PaperId, TextKind } from '@paperboy/core';

/** What a digest shows of a paper; the same for every subscriber of an edition. */
export interface PaperCard {
  readonly paperId: PaperId;
  readonly title: string;
  readonly authors: readonly string[];
  /** The abstract, or a summary of it; its first sentences are shown. */
  readonly text?: string;
  readonly textKind: TextKind;
  /** Addresses outside http and https are left out. */
  readonly links: readonly Link[];
  readonly upvotes?: number;
  readonly firstSeenOn: ListedOn;
  /** The day it was last listed before this edition's listing, anywhere. */
  readonly lastSeenBeforeOn?: ListedOn;
  readonly timesSeen: number;
  /** The days it was listed, anywhere, oldest first; those after the edition's date are left out. */
  readonly seenOn: readonly ListedOn[];
  /** Places up since its source's page before; negative when it fell. */
  readonly climbed?: number;
  /** Our page of the paper. */
  readonly url: string;
}

/** What is the same for everybody who gets a digest of one run. */
export interface EditionContent {
  /** The day that the digest carries as its date. */
  readonly date: ListedOn;
  readonly cadence: Cadence;
  readonly papers: readonly PaperCard[];
  /** What readers should know about the sources, such as a list that was cut short; plain sentences. */
  readonly notes: readonly string[];
}

export interface DigestItem {
  readonly paperId: PaperId;
  /** Why it is here, a plain line each: `Matches “sparse attention”: title, 2 times in the abstract`. */
  readonly why: readonly string[];
  /** Names of the subscriber's topics it matched, but for the one that it stands under. */
  readonly labels: readonly string[];
  /** Where this reader says what they think of it; nothing is asked without one. */
  readonly feedbackUrl?: string;
}

/** The new papers of one topic, which is their heading, or all recurring ones. Those of one kind follow each other. */
export type DigestSection =
  | { readonly kind: 'new'; readonly topic: string; readonly items: readonly DigestItem[] }
  | { readonly kind: 'recurring'; readonly items: readonly DigestItem[] };

/** The new papers of one topic, by whatever name the subscriber gave it. */
export interface TopicFinds {
  readonly topic: string;
  readonly papers: readonly PaperId[];
}

/** What one subscriber gets to see. */
export interface DigestContent {
  /** In the order shown; papers at the end are the first to go when the mail grows too large. */
  readonly sections: readonly DigestSection[];
  /** Every new paper by topic, also those that the mail leaves out: a weekly digest draws them day by day. */
  readonly found?: readonly TopicFinds[];
  /** Papers that matched and are left out by the subscriber's limits. */
  readonly more: number;
  /** Where those, and all the others, can be read. */
  readonly moreUrl: string;
  /** Every topic the subscriber follows, by name. */
  readonly topicNames: readonly string[];
  /** `html` when left out. */
  readonly format?: MailFormat;
}

/** What a message carries for one delivery. All of it is stored before the first attempt, so that every attempt has the same bytes. */
export interface Envelope {
  /** As `parseAddress` gave it. */
  readonly to: string;
  readonly messageId: string;
  readonly date: Date;
  readonly unsubscribeUrl: URL;
  /** For mail clients that leave by mail. */
  readonly unsubscribeMailto?: URL;
  readonly preferencesUrl?: URL;
  /** What Postmark, as a relay, shall give back with whatever it tells of the message. */
  readonly postmarkMetadata?: string;
}
