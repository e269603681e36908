import { hash } from 'node:crypto';
import {
  asPaperboyError,
  composeOrder,
  type DeliveryId,
  dayIn,
  idOf,
  type ListedOn,
  listingsOf,
  PaperboyError,
  type PaperId,
  papersOfOneTitle,
  parseListedOn,
  placesClimbed,
} from '@paperboy/core';
import {
  createDigestRenderer,
  type DigestContent,
  type DigestItem,
  type DigestRenderer,
  type DigestSection,
  type EditionParts,
  LEFT_TOPICS,
  type MessageSigner,
  messageIdOf,
  type PaperCard,
  parseMailbox,
  type SignedLinks,
} from '@paperboy/email';
import {
  type ClaimedDelivery,
  type Db,
  type DigestMatch,
  type DigestToRender,
  type EditionCard,
  loadDigests,
  loadEdition,
} from '@paperboy/store';
import { describeStored } from '@paperboy/topics';
import type { MailSettings } from './mail-settings.ts';
import { MessageMemory } from './message-memory.ts';
import type { MessageToSend } from './relay.ts';

/** A message ready to be handed over. */
export interface ComposedMessage extends MessageToSend, ClaimedDelivery {
  readonly messageId: string;
  readonly mailDate: Date;
  /** See `StagedMessage`. */
  readonly contentHash: Buffer;
}

/** A delivery whose message cannot be built; the others go on without it. */
export interface ComposeFault {
  readonly id: ClaimedDelivery['id'];
  readonly error: PaperboyError;
}

export interface ComposerParts {
  readonly links: SignedLinks;
  readonly settings: Pick<
    MailSettings,
    | 'publicUrl'
    | 'mailFrom'
    | 'mailPrecedence'
    | 'postalAddress'
    | 'mailTemplates'
    | 'bounceDomain'
    | 'hookPostmarkPassword'
  >;
  /** Without one messages are not signed. */
  readonly signer?: MessageSigner | undefined;
}

/** Gives what deliveries say, in the order of their ids. */
export type LoadDigests = (ids: readonly DeliveryId[]) => Promise<readonly DigestToRender[]>;

/** Editions kept prepared at a time; one takes about 7 kB per paper. */
const KEPT_EDITIONS = 4;
/** Reasons told per paper. */
const WHY_LINES = 3;

/** Compiles the layout, once. Throws SETTING_INVALID when MAIL_FROM is no mailbox, TEMPLATE_INVALID and PROCESS_FAILED. */
export async function createComposer(parts: ComposerParts): Promise<DigestComposer> {
  const { links, settings, signer } = parts;
  const { publicUrl, mailFrom, mailPrecedence, postalAddress, mailTemplates, bounceDomain } =
    settings;
  const tellsPostmark = settings.hookPostmarkPassword !== '';
  const from = parseMailbox(mailFrom);
  if ('problem' in from) throw new PaperboyError('SETTING_INVALID', `MAIL_FROM: ${from.problem}`);
  const renderer = await createDigestRenderer({
    publicUrl,
    from,
    templates: mailTemplates,
    ...(mailPrecedence !== 'none' && { precedence: mailPrecedence }),
    ...(postalAddress && { postalAddress }),
  });
  return new DigestComposer(renderer, links, {
    publicUrl,
    from,
    signer,
    bounceDomain,
    tellsPostmark,
  });
}

interface Sender {
  readonly signer: MessageSigner | undefined;
  readonly publicUrl: string;
  /** Where bounces come back to, each under an address of its delivery; empty: to the sender. */
  readonly bounceDomain: string;
  /** Postmark reports by webhook, and knows our messages by what they carry for it. */
  readonly tellsPostmark: boolean;
  readonly from: { readonly address: string; readonly domain: string };
}

/** What the digests of an edition have in common. */
interface PreparedEdition {
  readonly parts: EditionParts;
  readonly sameTitle: ReadonlyMap<PaperId, string>;
  readonly listings: ReadonlyMap<PaperId, number>;
}

/** Turns claimed deliveries into bytes. Keeps the prepared parts of the editions it works on. */
export class DigestComposer {
  readonly #renderer: DigestRenderer;
  readonly #links: SignedLinks;
  readonly #sender: Sender;
  /** By edition and day: at one hour it can be two days around the world. */
  readonly #parts = new Map<string, PreparedEdition>();
  readonly #dayIn = cachedDays();
  readonly #memory = new MessageMemory();

  constructor(renderer: DigestRenderer, links: SignedLinks, sender: Sender) {
    this.#renderer = renderer;
    this.#links = links;
    this.#sender = sender;
  }

  /** Names by which a receiving server would speak of us. */
  get ourNames(): readonly string[] {
    const { from, bounceDomain, signer } = this.#sender;
    return [from.domain, bounceDomain, signer?.domain ?? ''];
  }

  /**
   * The messages of these deliveries. Message-ID and Date stay as they were at an earlier attempt. `load` gives what
   * they say, where it was loaded before.
   */
  async compose(
    db: Db,
    claimed: readonly ClaimedDelivery[],
    now: Date = new Date(),
    load: LoadDigests = (ids) => loadDigests(db, ids),
  ): Promise<{ messages: ComposedMessage[]; faults: ComposeFault[] }> {
    const digests = await load(claimed.map(({ id }) => id));
    const claims = new Map(claimed.map((delivery) => [delivery.id, delivery]));
    const messages: Promise<ComposedMessage | undefined>[] = [];
    const faults: ComposeFault[] = [];
    for (const digest of digests) {
      const claim = claims.get(digest.deliveryId);
      if (!claim) continue;
      const parts = await this.#partsFor(db, digest);
      // Not waited for: while one message is signed in the thread pool, the next is built.
      const message = this.#assemble(parts, digest, claim, now).catch((error: unknown) => {
        faults.push({ id: claim.id, error: asPaperboyError(error) });
        return undefined;
      });
      messages.push(message);
    }
    const built = await Promise.all(messages);
    return { messages: built.filter((message) => message !== undefined), faults };
  }

  /** Says that nobody reads a message any more; once. */
  release({ raw }: ComposedMessage): void {
    this.#memory.giveBack(raw);
  }

  /** A digest without papers, signed like any other. */
  async signedProbe(signer: MessageSigner, now: Date): Promise<Buffer> {
    const { from, publicUrl } = this.#sender;
    const date = parseListedOn(dayIn('UTC', now));
    if (!date) throw new PaperboyError('INTERNAL', 'today is no day');
    return this.#signed(signer, now, (place) =>
      this.#renderer.assemble(
        this.#renderer.prepare({ date, cadence: 'daily', papers: [], notes: [] }),
        { sections: [], more: 0, moreUrl: publicUrl, topicNames: [] },
        {
          to: from.address,
          messageId: this.#links.messageId(idOf('delivery', '1'), from.domain),
          date: now,
          unsubscribeUrl: this.#links.unsubscribe(idOf('subscriber', '1')),
        },
        place,
      ),
    );
  }

  async #assemble(
    { parts, sameTitle, listings }: PreparedEdition,
    digest: DigestToRender,
    claim: ClaimedDelivery,
    now: Date,
  ): Promise<ComposedMessage> {
    const { from, signer, bounceDomain, tellsPostmark } = this.#sender;
    const token = this.#links.deliveryToken(claim.id);
    const messageId = claim.messageId ?? messageIdOf(token, from.domain);
    const mailDate = claim.mailDate ?? now;
    const envelope = {
      to: digest.address,
      messageId,
      date: mailDate,
      unsubscribeUrl: this.#links.unsubscribe(digest.subscriberId),
      ...(tellsPostmark && { postmarkMetadata: token }),
      ...(bounceDomain && { unsubscribeMailto: this.#leavingAddress(digest, bounceDomain) }),
      preferencesUrl: this.#links.preferences(digest.subscriberId),
    };
    const content = contentOf(
      { ...digest, sameTitle, listings },
      this.#links.digest(claim.id).href,
    );
    // As of the message's date, so that every attempt at it has the same signature.
    const raw = await this.#signed(signer, mailDate, (place) =>
      this.#renderer.assemble(parts, content, envelope, place),
    );
    const contentHash = hash('sha256', signer ? headOf(raw) : raw, 'buffer');
    return {
      ...claim,
      messageId,
      mailDate,
      from: bounceDomain ? `bounce+${token}@${bounceDomain}` : from.address,
      to: digest.address,
      envelopeId: token,
      raw,
      contentHash,
    };
  }

  /** The message that `write` writes to the place it is given, and in front of it its signature, if there is a signer. */
  async #signed(
    signer: MessageSigner | undefined,
    at: Date,
    write: (place: (bytes: number) => Buffer) => Buffer,
  ): Promise<Buffer> {
    const room = signer?.room ?? 0;
    let whole: Buffer | undefined;
    const message = write((bytes) => {
      whole = this.#memory.take(room + bytes);
      return whole.subarray(room);
    });
    if (!signer || !whole) return message;
    await signer.signInPlace(whole, at);
    return whole;
  }

  #leavingAddress({ subscriberId }: DigestToRender, domain: string): URL {
    return new URL(`mailto:unsubscribe+${this.#links.leavingToken(subscriberId)}@${domain}`);
  }

  /** Prepared once per edition and day, and again when a later plan has added older papers to the edition. */
  async #partsFor(db: Db, digest: DigestToRender): Promise<PreparedEdition> {
    const date = this.#dayIn(digest);
    const key = `${digest.editionId} ${date}`;
    const known = this.#parts.get(key);
    if (known && holdsAll(known.parts, digest)) return known;
    const { cadence, notes, cards } = await loadEdition(db, digest.editionId);
    const papers = cards.map((card) => cardOf(card, this.#sender.publicUrl));
    const parts = this.#renderer.prepare({ date, cadence, papers, notes });
    const listings = listingsOf(cards, digest.windowEnd);
    const prepared = { parts, sameTitle: papersOfOneTitle(cards), listings };
    const oldest = this.#parts.keys().next().value;
    if (this.#parts.size >= KEPT_EDITIONS && oldest !== undefined) this.#parts.delete(oldest);
    this.#parts.set(key, prepared);
    return prepared;
  }
}

/** A signed message up to its body, whose hash stands in the signature there. */
function headOf(message: Buffer): Buffer {
  const end = message.indexOf('\r\n\r\n');
  return end < 0 ? message : message.subarray(0, end);
}

function holdsAll({ titles }: EditionParts, digest: DigestToRender): boolean {
  const isKnown = (id: PaperId) => titles.has(id);
  return digest.newPapers.every(isKnown) && digest.recurringPapers.every(isKnown);
}

/** The day that the subscriber's calendar shows at the edition's hour; of the last hour asked for, told from memory. */
function cachedDays(): (digest: DigestToRender) => ListedOn {
  const days = new Map<string, ListedOn>();
  let hour = Number.NaN;
  return ({ zone, windowEnd }) => {
    if (hour !== windowEnd.getTime()) days.clear();
    hour = windowEnd.getTime();
    const day = days.get(zone) ?? parseListedOn(dayIn(zone, windowEnd));
    if (!day) throw new PaperboyError('INTERNAL', `no day in ${zone}`);
    days.set(zone, day);
    return day;
  };
}

function cardOf(card: EditionCard, publicUrl: string): PaperCard {
  const { paperId, title, authors, text, textKind, links, firstSeenOn, timesSeen, seenOn } = card;
  const { upvotes, lastSeenBeforeOn, position, previousPosition } = card;
  const climbed = placesClimbed({
    listedOn: firstSeenOn,
    position,
    ...(previousPosition !== null && { previousPosition }),
  });
  return {
    paperId,
    title,
    authors: authors ?? [],
    textKind,
    links,
    firstSeenOn,
    timesSeen,
    seenOn,
    url: `${publicUrl}/papers/${paperId}`,
    ...(text !== null && { text }),
    ...(upvotes !== null && { upvotes }),
    ...(lastSeenBeforeOn !== null && { lastSeenBeforeOn }),
    ...(climbed !== undefined && { climbed }),
  };
}

/** What the limits leave out is counted, and stands on the digest's own page in the same order. */
function contentOf(
  digest: DigestToRender & Pick<PreparedEdition, 'sameTitle' | 'listings'>,
  digestUrl: string,
): DigestContent {
  const matches = Map.groupBy(digest.matches, ({ paperId }) => paperId);
  const { newByTopic, recurringPapers, inMail, more } = composeOrder(digest);
  const itemsOf = (papers: readonly PaperId[], topic?: string): DigestItem[] =>
    papers
      .filter((id) => inMail.has(id))
      .map((id) => ({
        ...itemFor(id, matches.get(id) ?? [], topic),
        feedbackUrl: `${digestUrl}/papers/${id}`,
      }));
  const names = new Map(digest.matches.map(({ topicId, topicName }) => [topicId, topicName]));
  const found = newByTopic.map(({ topicId, papers }) => ({
    topic: (topicId && names.get(topicId)) ?? LEFT_TOPICS,
    papers,
  }));
  const sections: DigestSection[] = [
    ...found.map(({ topic, papers }) => ({
      kind: 'new' as const,
      topic,
      items: itemsOf(papers, topic),
    })),
    { kind: 'recurring', items: itemsOf(recurringPapers) },
  ];
  return {
    sections: sections.filter(({ items }) => items.length > 0),
    found,
    more,
    moreUrl: digestUrl,
    topicNames: digest.topicNames,
    format: digest.mailFormat,
  };
}

const lines = new WeakMap<readonly unknown[], readonly string[]>();

/** What stored reasons say; many readers have the same. */
function linesOf(reasons: readonly unknown[]): readonly string[] {
  const known = lines.get(reasons) ?? describeStored(reasons);
  lines.set(reasons, known);
  return known;
}

/** A paper with its reasons; the topic that it stands under is no label of it. */
function itemFor(paperId: PaperId, matches: readonly DigestMatch[], topic?: string): DigestItem {
  const why = matches.flatMap(({ reasons }) => linesOf(reasons));
  const names = new Set(matches.map(({ topicName }) => topicName));
  return {
    paperId,
    why: [...new Set(why)].slice(0, WHY_LINES),
    labels: [...names].filter((name) => name !== topic),
  };
}
