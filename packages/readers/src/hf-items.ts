import {
  cleanText,
  type Entry,
  idsIn,
  type Link,
  type ListedOn,
  type PrintedDate,
  parseListedOn,
  titleKey,
} from '@paperboy/core';
import { z } from 'zod';
import { linkTo, MAX_ENTRIES, makeEntry, OVER_MAX_ENTRIES } from './make-entry.ts';
import type { Warnings } from './warnings.ts';

/** Fields come and go by the year: one that is missing or of another type is absent, never a fault. */
const maybeText = z.string().optional().catch(undefined);

const Author = z.object({ name: z.string(), hidden: z.boolean().optional().catch(undefined) });

/** An item of the daily papers API and of the page's data, all years. Only id, title and summary are certain. */
const Item = z.object({
  title: maybeText,
  summary: maybeText,
  paper: z.object({
    id: z.string().min(1).max(200),
    title: maybeText,
    summary: maybeText,
    ai_summary: maybeText,
    authors: z.array(Author.optional().catch(undefined)).optional().catch(undefined),
    publishedAt: maybeText,
    submittedOnDailyAt: maybeText,
    upvotes: z.number().int().nonnegative().optional().catch(undefined),
    githubRepo: maybeText,
    projectPage: maybeText,
  }),
});
type Item = z.infer<typeof Item>;

export interface HfItems {
  readonly entries: readonly Entry[];
  /** Items without an id or a title. */
  readonly unreadable: number;
  /** The day on which more than half of the items were listed; `submittedOnDailyAt` says so since 2025. */
  readonly listedOn?: ListedOn;
  /** Why items were left out. */
  readonly cutBecause?: string;
}

/** Reads the items that the API and the page's data share. */
export function readHfItems(all: readonly unknown[], warnings: Warnings): HfItems {
  const items = all.slice(0, MAX_ENTRIES);
  const entries: Entry[] = [];
  const days = new Map<string, number>();
  items.forEach((raw, index) => {
    const item = Item.safeParse(raw).data;
    const entry = item && entryOf(item, index + 1, warnings);
    if (!entry) {
      warnings.add(`entry ${index + 1}: no id or no title`);
      return;
    }
    entries.push(entry);
    const day = item.paper.submittedOnDailyAt?.slice(0, 10);
    if (day !== undefined) days.set(day, (days.get(day) ?? 0) + 1);
  });
  const [commonest] = [...days].sort(([, a], [, b]) => b - a);
  const isMajority = commonest !== undefined && commonest[1] * 2 > entries.length;
  const listedOn = isMajority ? parseListedOn(commonest[0]) : undefined;
  const unreadable = items.length - entries.length;
  return {
    entries,
    unreadable,
    ...(listedOn !== undefined && { listedOn }),
    ...(all.length > items.length && { cutBecause: OVER_MAX_ENTRIES }),
  };
}

function entryOf(item: Item, position: number, warnings: Warnings): Entry | undefined {
  const { paper } = item;
  const abstract = paper.summary ?? item.summary;
  const text = abstract ?? paper.ai_summary;
  const publishedAt = instantOrAbsent(paper.publishedAt);
  const authors = paper.authors?.flatMap((author) => (author && !author.hidden ? author.name : []));
  return makeEntry(
    {
      position,
      title: titleOf(item),
      ...(text !== undefined && { abstract: [text] }),
      textKind: abstract === undefined && text !== undefined ? 'summary' : 'abstract',
      ids: idsIn([paper.id]),
      ...(authors !== undefined && { authors }),
      links: linksOf(paper),
      ...(publishedAt !== undefined && { publishedAt }),
      ...(paper.upvotes !== undefined && { upvotes: paper.upvotes }),
    },
    warnings,
  );
}

/** The outer title keeps the TeX that the paper's own has lost; it counts when it is the same title. */
function titleOf({ title: outer, paper: { title } }: Item): string {
  const inner = cleanText(title ?? '');
  if (inner === '') return outer ?? '';
  if (outer === undefined || outer === title) return inner;
  return titleKey(cleanText(outer)) === titleKey(inner) ? outer : inner;
}

function linksOf({ id, githubRepo, projectPage }: Item['paper']): readonly Link[] {
  return [...hfPaperLinks(id), linkTo('code', githubRepo), linkTo('project', projectPage)].filter(
    (link) => link !== undefined,
  );
}

/** The pages that follow from a paper's id on Hugging Face, which is its arXiv id. */
export function hfPaperLinks(id: string): readonly Link[] {
  const path = id.split('/').map(encodeURIComponent).join('/');
  const page: Link = { rel: 'page', url: `https://huggingface.co/papers/${path}` };
  const { arxiv } = idsIn([id]);
  if (arxiv === undefined) return [page];
  return [
    page,
    { rel: 'page', url: `https://arxiv.org/abs/${arxiv}` },
    { rel: 'pdf', url: `https://arxiv.org/pdf/${arxiv}` },
  ];
}

function instantOrAbsent(text: string | undefined): string | undefined {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?$/.test(text)) {
    return undefined;
  }
  return Number.isNaN(Date.parse(text)) ? undefined : text;
}

/** An ISO date as a page's printed date. */
export function printedDate(date: ListedOn): PrintedDate {
  const [year, month, day] = date.split('-').map(Number);
  return { year: year ?? 0, month: month ?? 0, day: day ?? 0 };
}
