import { cleanText, type Entry, idsIn, type PageReading, type Unreadable } from '@paperboy/core';
import { z } from 'zod';
import { linkTo, MAX_ENTRIES, makeEntry, OVER_MAX_ENTRIES } from './make-entry.ts';
import { parseJson } from './parse-json.ts';
import type { RawPage, Reader } from './reader.ts';
import { Warnings } from './warnings.ts';

/** Notes that an answer has at most, and when the request names no limit. */
const LARGEST_LIMIT = 1_000;
const SITE = 'https://openreview.net';
/** Its two keys stand in either order. */
const MARKS = /^\s*\{\s*(?:"count"\s*:\s*\d+\s*,\s*)?"notes"\s*:\s*\[/;
const ERROR_MARKS = /^\s*\{\s*"(?:name|errors)"\s*:/;

/** One that is malformed is passed over: only title and forum decide whether a note is read. */
const text = z.string().optional().catch(undefined);
const instant = z.number().optional().catch(undefined);
const Note = z.object({
  id: text,
  forum: text,
  replyto: text,
  cdate: instant,
  pdate: instant,
  ddate: instant,
  content: z.record(z.string(), z.unknown()).catch({}),
});
type Note = z.infer<typeof Note>;

const Answer = z.object({
  notes: z.array(z.unknown()),
  count: z.number().int().nonnegative().optional().catch(undefined),
});
type Answer = z.infer<typeof Answer>;

/** An answer of OpenReview's `/notes`, of either version of its API: some of a venue's submissions, so a window. */
export const openreviewApi: Reader = {
  format: 'openreview-api',
  recognises({ start, address }) {
    return MARKS.test(start) || (ERROR_MARKS.test(start) && isOfOpenreview(address));
  },
  read: readOpenreviewApi,
};

function isOfOpenreview(address: string | undefined): boolean {
  const host = address === undefined ? undefined : URL.parse(address)?.hostname;
  return host !== undefined && /^api2?\.openreview\.net$/.test(host);
}

function unreadable(reason: Unreadable['reason'], detail: string): Unreadable {
  return { kind: 'unreadable', format: 'openreview-api', reason, detail };
}

function readOpenreviewApi(page: RawPage): PageReading {
  const json = parseJson(page.text);
  if (json.kind === 'broken') return unreadable('malformed', json.detail);
  const answer = Answer.safeParse(json.value).data;
  if (answer === undefined) return withoutNotes(json.value);
  const warnings = new Warnings();
  const { entries, unread, others } = readNotes(answer.notes.slice(0, MAX_ENTRIES), warnings);
  const { left, claimed, nextPages } = restOf(answer, page.address);
  const isWhole = json.kind === 'whole';
  const isEmpty = isWhole && answer.notes.length === 0 && !left;
  const isOwed = isWhole && answer.notes.length === 0 && left > 0;
  if (entries.length === 0 && !isEmpty && !isOwed) {
    const what = others > 0 ? 'is a submission with a title' : 'has a title and a forum';
    return unreadable('no-entries', `none of ${answer.notes.length} notes ${what}`);
  }
  if (isEmpty) warnings.add('no notes: a venue that is not public yet, or a name that is none');
  if (others > 0) warnings.add(`${others} replies and deleted notes left out`);
  const over = answer.notes.length > MAX_ENTRIES ? OVER_MAX_ENTRIES : undefined;
  const cutBecause = isWhole ? over : 'the JSON ends inside a note';
  return {
    kind: 'listing',
    format: 'openreview-api',
    shape: 'window',
    // What is left out is none of what was promised.
    ...(claimed !== undefined && { claimed: Math.max(claimed - others, 0) }),
    nextPages: isWhole ? nextPages : [],
    statedEmpty: isEmpty,
    ...(cutBecause !== undefined && { cutBecause }),
    entries,
    unreadableEntries: unread,
    warnings: warnings.list(),
  };
}

/** Errors come as `{"name":"ForbiddenError","message":…}`; one asks for a browser. */
function withoutNotes(value: unknown): Unreadable {
  const said = z.object({ name: text, message: text }).safeParse(value).data;
  const words = [said?.name, said?.message].filter((one) => one !== undefined).join(': ');
  if (words === '') return unreadable('malformed', 'no list of notes');
  const isChallenge = /challenge/i.test(words);
  const detail = `OpenReview says "${cleanText(words).slice(0, 200)}"`;
  return unreadable(isChallenge ? 'challenge-page' : 'malformed', detail);
}

interface ReadNotes {
  readonly entries: readonly Entry[];
  readonly unread: number;
  /** Reviews, comments and what was deleted: no papers. */
  readonly others: number;
}

function readNotes(values: readonly unknown[], warnings: Warnings): ReadNotes {
  const entries: Entry[] = [];
  let others = 0;
  values.forEach((value, index) => {
    const note = Note.safeParse(value).data;
    if (note !== undefined && isNoPaper(note)) {
      others++;
      return;
    }
    const entry = note && entryOf(note, index + 1, warnings);
    if (entry) entries.push(entry);
    else warnings.add(`entry ${index + 1}: no title or no forum`);
  });
  return { entries, unread: values.length - entries.length - others, others };
}

function isNoPaper({ id, forum, replyto, ddate }: Note): boolean {
  const isReply =
    replyto !== undefined || (id !== undefined && forum !== undefined && id !== forum);
  return isReply || ddate !== undefined;
}

function entryOf(note: Note, position: number, warnings: Warnings): Entry | undefined {
  const forum = note.forum ?? note.id ?? '';
  if (!/^[\w-]{5,40}$/.test(forum)) return undefined;
  const { content } = note;
  const pdf = textIn(content, 'pdf');
  // Records taken over from elsewhere name their own place, by which they are known there.
  const places = [textIn(content, 'html'), pdf].filter((one) => one !== undefined);
  const publishedAt = instantOf(note.pdate ?? note.cdate);
  const page = linkTo('page', `${SITE}/forum?id=${forum}`);
  const file = pdf === undefined ? undefined : linkTo('pdf', URL.parse(pdf, SITE)?.href);
  return makeEntry(
    {
      position,
      title: textIn(content, 'title') ?? '',
      abstract: (textIn(content, 'abstract') ?? '').split(/\n\s*\n/),
      textKind: 'abstract',
      ids: { ...idsIn(places), openreview: forum },
      // Under blind review there are none.
      ...('authors' in content && { authors: namesIn(content, 'authors') }),
      links: [page, file].filter((link) => link !== undefined),
      ...('keywords' in content && { categories: namesIn(content, 'keywords') }),
      ...(publishedAt !== undefined && { publishedAt }),
    },
    warnings,
  );
}

/** Version 2 wraps what version 1 gives bare: `{"title":{"value":"…"}}`. */
function valueIn(content: Note['content'], field: string): unknown {
  const { [field]: given } = content;
  const wrapped = z.object({ value: z.unknown() }).safeParse(given);
  return wrapped.success ? wrapped.data.value : given;
}

function textIn(content: Note['content'], field: string): string | undefined {
  const value = valueIn(content, field);
  return typeof value === 'string' ? value : undefined;
}

const Name = z.union([
  z.string(),
  z.object({ fullname: z.string() }).transform((one) => one.fullname),
]);

function namesIn(content: Note['content'], field: string): string[] {
  const value = valueIn(content, field);
  const all = Array.isArray(value) ? value : [value];
  return all.map((one) => cleanText(Name.safeParse(one).data ?? '')).filter((name) => name !== '');
}

/** Milliseconds since 1970, of a time at which there can be papers. */
function instantOf(milliseconds: number | undefined): string | undefined {
  if (milliseconds === undefined || !(milliseconds > 0 && milliseconds < LATEST)) return undefined;
  return new Date(milliseconds).toISOString();
}

const LATEST = Date.UTC(2100, 0);

interface Rest {
  /** Notes from this answer's first one on, as far as `count` and what was asked for tell. */
  readonly left: number;
  readonly claimed?: number;
  readonly nextPages: readonly string[];
}

/**
 * What an answer is a part of. All notes of a venue come by `limit` and `offset`; where the address sorts them and
 * names a limit, it asks for so many of the newest and no more.
 */
function restOf({ notes, count }: Answer, address: string | undefined): Rest {
  const url = address === undefined ? null : URL.parse(address);
  const query = url?.searchParams ?? new URLSearchParams();
  const offset = numberIn(query, 'offset') ?? 0;
  const asked = numberIn(query, 'limit');
  const limit = Math.min(asked || LARGEST_LIMIT, LARGEST_LIMIT);
  const isTop = query.has('sort') && asked !== undefined && asked > 0;
  const end = offset + notes.length;
  // Without a count a full answer may have more behind it.
  const isFull = notes.length >= limit;
  const all = count === undefined ? undefined : Math.max(count - offset, 0);
  const claimed = all === undefined || !isTop ? all : Math.min(all, limit);
  const goesOn = claimed === undefined ? isFull && !isTop : claimed > notes.length;
  const nextPages: string[] = [];
  if (goesOn && url !== null && /\/notes\/?$/.test(url.pathname)) {
    url.searchParams.set('offset', String(end));
    nextPages.push(url.href);
  }
  return { left: claimed ?? 0, ...(claimed !== undefined && { claimed }), nextPages };
}

function numberIn(query: URLSearchParams, name: string): number | undefined {
  const given = query.get(name) ?? '';
  return /^\d{1,7}$/.test(given) ? Number(given) : undefined;
}
