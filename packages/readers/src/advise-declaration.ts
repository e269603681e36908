import { cleanText, idsIn, readDate, shorten } from '@paperboy/core';
import { ENTRY_FIELDS, type EntryField, type Value } from './check-declaration.ts';
import type { OpenedPage } from './declared.ts';
import { addressIn, readValue, webAddress } from './declared-entries.ts';
import { explainNoMatch, type SearchedPage, times } from './explain-selector.ts';
import { namesOn } from './page-names.ts';
import { attributeOf, type PageElement, select } from './select.ts';

/** What a person may change so that a declaration finds what it is meant to find on this page. */
export function adviseDeclaration(opened: OpenedPage): string[] {
  const page: SearchedPage = { root: opened.root, names: namesOn(opened.root) };
  const { list, fields } = opened.compiled;
  if (opened.matched === 0) return [`list: "${list.text}" ${explainNoMatch(list, page)}`];
  const advice = opened.matched === 1 ? adviseContainer(opened) : [];
  for (const field of ENTRY_FIELDS) {
    const value = fields[field];
    if (value !== undefined) advice.push(...adviseField(field, value, opened, page));
  }
  for (const field of ['claimed', 'next'] as const) {
    const value = fields[field];
    if (value === undefined || select(opened.root, value.selector).length > 0) continue;
    const why = explainNoMatch(value.selector, page);
    const right = field === 'next' ? ' (as is right on a last page)' : '';
    advice.push(`${field}: "${value.selector.text}" ${why}${right}`);
  }
  return advice;
}

function adviseField(
  field: EntryField,
  value: Value,
  { root, base, compiled, entries }: OpenedPage,
  page: SearchedPage,
): string[] {
  const say = (what: string) => [`${field}: "${value.selector.text}" ${what}`];
  const everywhere = select(root, value.selector, entries);
  const inside = everywhere.filter(({ entry, element }) =>
    compiled.span === 'until-next'
      ? entry >= 0
      : entry >= 0 && !isBareStart(element, value, entries),
  );
  if (inside.length === 0) {
    const follows = everywhere.some(({ element }) => followsStart(element, entries.starts));
    if (follows)
      return say(
        'matches beside the entries and not in them; span: until-next takes in what follows',
      );
    if (everywhere.length > 0)
      return say(`matches ${times(everywhere.length)}, but never inside an entry`);
    return say(explainNoMatch(value.selector, { ...page, entries }));
  }
  const elements = inside.slice(0, 200).map(({ element }) => element);
  if (elements.some((element) => isUsable(field, element, value, base))) return [];
  return say(`matches ${times(inside.length)}, but ${whyUseless(field, elements, value)}`);
}

function isBareStart(element: PageElement, { selector }: Value, { starts }: OpenedPage['entries']) {
  const isScope = selector.alternatives.some((steps) =>
    steps.at(-1)?.compound.some(({ kind }) => kind === 'scope'),
  );
  return starts.has(element) && !isScope;
}

function followsStart(element: PageElement, starts: OpenedPage['entries']['starts']): boolean {
  let outer: PageElement['parent'] | PageElement = element;
  for (let height = 0; outer && height < 20; height++) {
    let before = outer.prev;
    for (let steps = 0; before && steps < 20; steps++) {
      if (starts.has(before)) return true;
      before = before.prev;
    }
    outer = outer.parent;
  }
  return false;
}

function isUsable(
  field: EntryField,
  element: PageElement,
  value: Value,
  base: string | undefined,
): boolean {
  if (field === 'link') return webAddress(addressIn(element, value) ?? '', base) !== undefined;
  const text = cleanText(readValue(element, value));
  if (field === 'date') return readDate(text)?.year !== undefined;
  if (field === 'id') return Object.values(idsIn([text])).some((id) => id !== undefined);
  return /\p{L}/u.test(text);
}

function whyUseless(field: EntryField, elements: readonly PageElement[], value: Value): string {
  const [first] = elements;
  if (first === undefined) return 'has nothing';
  const { attribute } = value;
  if (
    attribute !== undefined &&
    elements.every((each) => attributeOf(each, attribute) === undefined)
  ) {
    const names = [...new Set(elements.flatMap(({ attribs }) => Object.keys(attribs)))].slice(
      0,
      10,
    );
    const there = names.length === 0 ? 'none' : names.join(', ');
    return `none has the attribute "${attribute}"; they have ${there}`;
  }
  const text = cleanText(
    field === 'link' ? (addressIn(first, value) ?? '') : readValue(first, value),
  );
  if (text === '' && attribute === undefined) {
    const speaking = speakingAttribute(elements);
    if (speaking !== undefined)
      return `has no text; its attribute ${speaking.name} has ("${shorten(speaking.text, 60)}"): write "${value.selector.text}@${speaking.name}"`;
  }
  const shown = shorten(text, 60);
  if (text === '') return 'is empty';
  if (field === 'link')
    return URL.parse(text, 'https://a.example/')?.protocol === 'https:'
      ? `"${shown}" is relative, and the address of the page is not known`
      : `"${shown}" is no http or https address`;
  if (field === 'date')
    return readDate(text) === undefined ? `"${shown}" holds no date` : `"${shown}" has no year`;
  if (field === 'id') return `"${shown}" holds no arXiv id, DOI or OpenReview address`;
  return `"${shown}" has no letters`;
}

/** Where pages put words that are not drawn as text. */
const SPEAKING = /^(?:title|alt|content|value|datetime|aria-label|label|data-.*)$/;

function speakingAttribute(elements: readonly PageElement[]) {
  for (const { attribs } of elements)
    for (const [name, raw] of Object.entries(attribs)) {
      const text = cleanText(raw.slice(0, 500));
      if (SPEAKING.test(name) && /\p{L}/u.test(text)) return { name, text };
    }
  return undefined;
}

/** Elements inside a single match are told apart by tag and first class. */
function kindOf({ name, attribs }: PageElement): string {
  const word = (attribs.class ?? '').slice(0, 200).trim().split(/\s+/)[0] ?? '';
  return /^[a-z_][\w-]*$/i.test(word) ? `${name}.${word}` : name;
}

const REPEATS = 3;
const MAX_LEVELS = 6;

/** A list selector that matches once has probably found what holds the entries. */
function adviseContainer({ entries, compiled: { list } }: OpenedPage): string[] {
  const [container] = entries.starts.keys();
  let level = container === undefined ? [] : [container];
  for (let depth = 1; depth <= MAX_LEVELS && level.length > 0; depth++) {
    const children = level
      .flatMap((node) => ('children' in node ? node.children.slice(0, 500) : []))
      .filter((node) => 'attribs' in node)
      .slice(0, 2_000);
    const counts = new Map<string, number>();
    for (const child of children) counts.set(kindOf(child), (counts.get(kindOf(child)) ?? 0) + 1);
    const [commonest] = [...counts].sort(([, a], [, b]) => b - a);
    if (commonest !== undefined && commonest[1] >= REPEATS) {
      const [kind, count] = commonest;
      const inner = `${list.text.trim()}${depth === 1 ? ' > ' : ' '}${kind}`;
      return [
        `list: "${list.text}" matches once and holds ${count} "${kind}": it is probably what holds the entries; try "${inner}"`,
      ];
    }
    level = children;
  }
  return [];
}
