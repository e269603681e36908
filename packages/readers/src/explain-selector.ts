import { nearestWord } from './nearest-word.ts';
import type { PageNames } from './page-names.ts';
import { type Entries, type PageNode, select } from './select.ts';
import type { Compound, Selector, Step, Test } from './selector.ts';

/** Where a selector is looked for: on the whole page, or in its entries alone. */
export interface SearchedPage {
  readonly root: PageNode;
  readonly names: PageNames;
  readonly entries?: Entries;
}

/**
 * Why a selector matches nothing: how far its steps lead, which name the page does not have, and which it has
 * that is like it.
 */
export function explainNoMatch({ text, alternatives }: Selector, page: SearchedPage): string {
  const [steps = []] = alternatives;
  const from = text.length - text.trimStart().length;
  const prefixes = steps.slice(0, -1).map((step, at) => ({
    at,
    text: text.slice(from, step.end),
    count: countMatches(steps.slice(0, at + 1), page),
  }));
  const reached = prefixes.findLast(({ count }) => count > 0);
  const failed = steps[reached === undefined ? 0 : reached.at + 1];
  if (failed === undefined) return 'matches nothing';
  const parts = ['matches nothing'];
  const name = stepText(text, steps, failed);
  if (reached !== undefined)
    parts.push(`"${reached.text}" matches ${times(reached.count)}, but no "${name}" follows there`);
  const hints = failed.compound.flatMap(
    (test) => hintFor(test, page.names) ?? hintAmong(test, failed.compound, page.root) ?? [],
  );
  if (hints.length > 0) return [...parts, ...hints].join('; ');
  const alone = countMatches([{ compound: failed.compound, end: 0 }], page);
  const everywhere = select(page.root, {
    text: '',
    alternatives: [[{ compound: failed.compound, end: 0 }]],
  });
  if (alone > 0) parts.push(`"${name}" by itself matches ${times(alone)}`);
  else if (everywhere.length > 0)
    parts.push(`"${name}" matches ${times(everywhere.length)} outside the entries`);
  return parts.join('; ');
}

/** `once`, `3 times`. */
export function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function countMatches(steps: readonly Step[], { root, entries }: SearchedPage): number {
  const found = select(root, { text: '', alternatives: [steps] }, entries);
  return entries === undefined ? found.length : found.filter(({ entry }) => entry >= 0).length;
}

/** The step alone, as it was written, without the combinator before it. */
function stepText(text: string, steps: readonly Step[], step: Step): string {
  const before = steps[steps.indexOf(step) - 1];
  return text
    .slice(before?.end ?? 0, step.end)
    .replace(/^[\s>+~]+/, '')
    .trim();
}

const KINDS = { tag: 'element', class: 'class', id: 'id', attribute: 'attribute' } as const;

/** What the page has in place of a name that it does not have. */
function hintFor(test: Test, names: PageNames): string | undefined {
  if (!('name' in test) || names[test.kind].has(test.name)) return undefined;
  return `the page has no ${KINDS[test.kind]} "${test.name}"${instead(test.name, names[test.kind])}`;
}

/** Of two names that are alike the commoner one was meant. */
function instead(name: string, known: ReadonlyMap<string, number>): string {
  const commonest = [...known].sort(([, a], [, b]) => b - a).map(([word]) => word);
  const near = nearestWord(name, commonest);
  return near === undefined ? '' : `, but "${near}" (${times(known.get(near) ?? 0)})`;
}

/** What elements have that are right but for one name: `ul.paper` where the page has `ul.papers`. */
function hintAmong(test: Test, compound: Compound, root: PageNode): string | undefined {
  if (test.kind !== 'class' && test.kind !== 'id') return undefined;
  const rest = compound.filter((other) => other !== test);
  if (rest.length === 0) return undefined;
  const found = select(root, { text: '', alternatives: [[{ compound: rest, end: 0 }]] });
  if (found.length === 0) return undefined;
  const words = new Map<string, number>();
  for (const { element } of found.slice(0, 2_000))
    for (const word of (element.attribs[test.kind] ?? '').slice(0, 1_000).split(/\s+/))
      words.set(word, (words.get(word) ?? 0) + 1);
  // The name is there, so something else keeps it from matching.
  if (words.has(test.name)) return undefined;
  return `of ${found.length} elements that fit otherwise none has the ${KINDS[test.kind]} "${test.name}"${instead(test.name, words)}`;
}
