import {
  closeSync,
  fdatasync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type DeliveryId, idOf, PaperboyError } from '@paperboy/core';
import type { Log } from '@paperboy/runtime';
import type { SendOutcome } from './relay.ts';

/** What a claim writes down while its messages are handed over, so that a killed process leaves no doubt but these. */
export interface Journal {
  /** Before the first byte of a message goes out. Throws DISK_FULL or HOME_UNWRITABLE: then it must not go out. */
  begin(id: DeliveryId): void;
  /** As soon as its end is known, before that is committed. Never throws: what was answered was answered. */
  reply(id: DeliveryId, outcome: SendOutcome): void;
  /** All is committed: removes the file. */
  end(): void;
  /** Something could not be committed: keeps the file for the reconciler. */
  keep(): void;
}

/** What a journal tells of a delivery: nothing of it went out, all or part of it did, or how that ended. */
export type JournalEntry =
  | { readonly kind: 'untouched' }
  | { readonly kind: 'begun' }
  | { readonly kind: 'ended'; readonly outcome: SendOutcome };

/** The journals of one machine. */
export interface Journals {
  /** Begins the journal of a claim; after the claim is committed, and before anything of it is staged. */
  open(claim: string): Journal;
  /** Claims that have left a journal here, those under way included. */
  claims(): string[];
  /** What the journal of a claim tells; undefined when there is none here, or it cannot be trusted. */
  read(claim: string): ((id: DeliveryId) => JournalEntry) | undefined;
  remove(claim: string): void;
}

/** Longest time that an answer is in the memory of the machine alone. */
const SYNC_MS = 50;
const SUFFIX = '.journal';
const sync = promisify(fdatasync);

/** Opens the journals kept in a folder, which is made if needed. */
export function openJournals(folder: string, { log }: { readonly log: Log }): Journals {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fileOf = (claim: string) => join(folder, `${claim}${SUFFIX}`);
  const remove = (claim: string) => rmSync(fileOf(claim), { force: true });
  return {
    open: (claim) => new FileJournal(fileOf(claim), log),
    claims: () =>
      readdirSync(folder).flatMap((name) =>
        name.endsWith(SUFFIX) ? [name.slice(0, -SUFFIX.length)] : [],
      ),
    read: (claim) => readJournal(fileOf(claim)),
    remove,
  };
}

class FileJournal implements Journal {
  readonly #file: string;
  readonly #log: Log;
  readonly #fd: number;
  #timer: NodeJS.Timeout | undefined;
  /** The file is closed only when no sync is under way on it. */
  #syncing: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(file: string, log: Log) {
    this.#file = file;
    this.#log = log;
    this.#fd = attempt(() => openSync(file, 'ax', 0o600));
    attempt(() => this.#write(`${HEADER}${startOfMachine()}`));
  }

  begin(id: DeliveryId): void {
    attempt(() => this.#write(`begin ${id}`));
  }

  reply(id: DeliveryId, outcome: SendOutcome): void {
    try {
      this.#write(`reply ${id} ${JSON.stringify(outcome)}`);
    } catch (error) {
      // Without its line the delivery counts as begun, should we be killed before its result is committed.
      this.#log.warn('journal.unwritten', { deliveryId: id, error });
    }
    // The line outlives this process already; this makes it outlive the machine's.
    this.#timer ??= setTimeout(() => this.#sync(), SYNC_MS);
  }

  end(): void {
    this.keep();
    rmSync(this.#file, { force: true });
  }

  keep(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#syncing = this.#syncing.then(() => closeSync(this.#fd));
  }

  #write(line: string): void {
    if (this.#isClosed) return;
    writeSync(this.#fd, `${line}\n`);
  }

  #sync(): void {
    this.#timer = undefined;
    this.#syncing = this.#syncing
      .then(() => sync(this.#fd))
      .catch((error: unknown) => this.#log.warn('journal.unsynced', { error }));
  }
}

const HEADER = 'paperboy journal 1 ';
/** How far apart two readings of the machine's start may lie where it has no id for it. */
const START_SLACK_S = 30;

/** Tells one start of this machine from another: lines that were not synced are lost with it. */
function startOfMachine(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return String(Math.round(Date.now() / 1_000 - uptime()));
  }
}

function isThisStart(start: string): boolean {
  const now = startOfMachine();
  if (start === now) return true;
  return Math.abs(Number(start) - Number(now)) <= START_SLACK_S;
}

/** A last line that was cut off is as if it had not been written. */
function readJournal(file: string): ((id: DeliveryId) => JournalEntry) | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const [header = '', ...lines] = text.split('\n').slice(0, -1);
  if (!header.startsWith(HEADER)) return undefined;
  // What is missing proves something only while the machine has run on.
  let isComplete = isThisStart(header.slice(HEADER.length));
  const entries = new Map<DeliveryId, JournalEntry>();
  for (const line of lines) {
    const entry = readLine(line);
    if (entry) entries.set(entry.id, entry.entry);
    else isComplete = false;
  }
  return (id) => entries.get(id) ?? { kind: isComplete ? 'untouched' : 'begun' };
}

function readLine(line: string): { id: DeliveryId; entry: JournalEntry } | undefined {
  const [, word, id, json] = /^(begin|reply) ([1-9]\d*)(?: (.+))?$/.exec(line) ?? [];
  if (id === undefined) return undefined;
  const found = { id: idOf('delivery', id) };
  if (word === 'begin') return { ...found, entry: { kind: 'begun' } };
  const outcome = readOutcome(json ?? '');
  return outcome && { ...found, entry: { kind: 'ended', outcome } };
}

function readOutcome(json: string): SendOutcome | undefined {
  try {
    const outcome: unknown = JSON.parse(json);
    return isOutcome(outcome) ? outcome : undefined;
  } catch {
    return undefined;
  }
}

const OUTCOMES: ReadonlySet<unknown> = new Set<SendOutcome['kind']>([
  'accepted',
  'refused',
  'lost',
  'misconfigured',
]);

/** Written by this version or by one whose journals say another number. */
function isOutcome(value: unknown): value is SendOutcome {
  return typeof value === 'object' && value !== null && 'kind' in value && OUTCOMES.has(value.kind);
}

function attempt<T>(step: () => T): T {
  try {
    return step();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    const isFull = code === 'ENOSPC' || code === 'EDQUOT';
    throw new PaperboyError(
      isFull ? 'DISK_FULL' : 'HOME_UNWRITABLE',
      `the journal of deliveries (${code})`,
      { cause },
    );
  }
}
