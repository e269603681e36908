import type { PageDeclaration } from '@paperboy/core';
import { z } from 'zod';
import { nearestWord } from './nearest-word.ts';
import { parseSelector } from './parse-selector.ts';
import type { Selector } from './selector.ts';

/** Looked for inside each entry, in the order in which a person is told of them. */
export const ENTRY_FIELDS = ['title', 'link', 'abstract', 'authors', 'date', 'id'] as const;
export type EntryField = (typeof ENTRY_FIELDS)[number];
/** Looked for on the whole page. */
const PAGE_FIELDS = ['claimed', 'next', 'empty'] as const;
type PageField = (typeof PAGE_FIELDS)[number];
const SELECTOR_FIELDS = ['list', ...ENTRY_FIELDS, ...PAGE_FIELDS] as const;
type SelectorField = (typeof SELECTOR_FIELDS)[number];

export const MAX_DECLARED_ENTRIES = 2_000;

/** A declaration as it is written, the address of its page included. */
export type CheckedDeclaration =
  | { readonly ok: true; readonly address?: string; readonly declaration: PageDeclaration }
  | { readonly ok: false; readonly problems: readonly string[] };

/** A selector and what of its match is meant. */
export interface Value {
  readonly selector: Selector;
  /** Absent: the text. */
  readonly attribute?: string;
}

/** A declaration whose selectors are read. */
export interface CompiledDeclaration {
  readonly list: Selector;
  readonly span: PageDeclaration['span'];
  readonly fields: Partial<Readonly<Record<EntryField | PageField, Value>>>;
  readonly minEntries: number;
}

const selector = z.string('is a selector, a text').trim().min(1, 'is empty');
const Written = z.strictObject({
  address: z.string('is an address, a text').trim().min(1, 'is empty').optional(),
  list: selector,
  span: z.enum(['self', 'until-next'], 'is self or until-next').default('self'),
  title: selector,
  link: selector.optional(),
  abstract: selector.optional(),
  authors: selector.optional(),
  date: selector.optional(),
  id: selector.optional(),
  claimed: selector.optional(),
  next: selector.optional(),
  empty: selector.optional(),
  minEntries: z
    .int('is a whole number')
    .min(1, 'is at least 1')
    .max(MAX_DECLARED_ENTRIES, `is at most ${MAX_DECLARED_ENTRIES}, what is read of one page`)
    .default(1),
});

/** Checks what an operator wrote; every mistake is told, each with its field. */
export function checkDeclaration(written: unknown): CheckedDeclaration {
  const parsed = Written.safeParse(written);
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, written));
    return { ok: false, problems: [...problems, ...compileSelectors(textsIn(written)).problems] };
  }
  const { address, ...declaration } = parsed.data;
  const { problems } = compileSelectors(declaration);
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, ...(address !== undefined && { address }), declaration };
}

/** The fields of a faulty declaration that can be looked at all the same, so that all mistakes are told at once. */
function textsIn(written: unknown): Partial<Record<SelectorField, string>> {
  const fields = new Map<string, unknown>(Object.entries(written ?? {}));
  const texts: Partial<Record<SelectorField, string>> = {};
  for (const field of SELECTOR_FIELDS) {
    const text = fields.get(field);
    if (typeof text === 'string' && text.trim() !== '') texts[field] = text;
  }
  return texts;
}

function problemsOf(issue: z.core.$ZodIssue, written: unknown): string[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map(unknownField);
  const field = issue.path.join('.');
  if (field === '') return ['a declaration is a mapping of fields, such as list and title'];
  const isThere = typeof written === 'object' && written !== null && Object.hasOwn(written, field);
  return [`${field}: ${isThere ? issue.message : 'is missing'}`];
}

function unknownField(name: string): string {
  const near = nearestWord(name, Object.keys(Written.shape));
  const advice = near === undefined ? '' : `; was ${near} meant?`;
  return `"${name}" is not a field of a declaration${advice}`;
}

/** Reads every selector of a declaration, or says where those that are none go wrong. */
export function compileDeclaration(
  declaration: PageDeclaration,
): CompiledDeclaration | { readonly problems: readonly string[] } {
  const { fields, problems } = compileSelectors(declaration);
  const { list, ...others } = fields;
  if (list === undefined || problems.length > 0) return { problems };
  const { span, minEntries } = declaration;
  return { list: list.selector, span, fields: others, minEntries };
}

function compileSelectors(texts: Partial<Readonly<Record<SelectorField, string>>>) {
  const problems: string[] = [];
  const fields: Partial<Record<SelectorField, Value>> = {};
  for (const field of SELECTOR_FIELDS) {
    const text = texts[field];
    if (text === undefined) continue;
    // A selector cannot itself end in such a name: brackets and quotes are closed by their own signs.
    const [, before = '', attribute] = /^(.*?)(?:@([a-z_][\w:.-]*))?$/is.exec(text) ?? [];
    const takesAttribute = field !== 'list' && field !== 'empty';
    const parsed = parseSelector(!takesAttribute ? text : before.trim() === '' ? ':scope' : before);
    if ('position' in parsed) {
      problems.push(`${field}: "${shown(text)}", position ${parsed.position}: ${parsed.message}`);
      continue;
    }
    const isAttribute = takesAttribute && attribute !== undefined;
    fields[field] = {
      selector: parsed,
      ...(isAttribute && { attribute: attribute.toLowerCase() }),
    };
  }
  return { fields, problems };
}

const shown = (text: string) => (text.length > 80 ? `${text.slice(0, 79)}…` : text);
