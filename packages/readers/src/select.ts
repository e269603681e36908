import type { CheerioAPI } from 'cheerio/slim';
import type { Compound, Selector, Step, Test } from './selector.ts';

export type PageNode = ReturnType<CheerioAPI>[number];
export type PageElement = Extract<PageNode, { readonly attribs: unknown }>;

/** An element that was found, and the entry it stands in. */
export interface Found {
  readonly element: PageElement;
  /** The innermost entry around the element, or the element itself where it opens one; -1 outside of all. */
  readonly entry: number;
  /** Which element of the page it is, in page order. */
  readonly place: number;
}

/** Where entries begin on a page, and how far they reach. */
export interface Entries {
  readonly starts: ReadonlyMap<PageNode, number>;
  /** `until-next`: an entry goes on over the siblings that follow, up to the next start among them. */
  readonly span: 'self' | 'until-next';
}

const NO_ENTRIES: Entries = { starts: new Map(), span: 'self' };

/**
 * Every element of a page that a selector matches, in page order, each once. One walk for all entries and one
 * bit for each step, so the time is nodes × steps whatever the selector: general matchers look back from each
 * candidate, which for `li:nth-child(2n+1)` took ten seconds among 20,000 siblings and four times that for twice as many.
 */
export function select(root: PageNode, selector: Selector, entries = NO_ENTRIES): Found[] {
  const plan = planOf(root, selector);
  const found: Found[] = [];
  let place = 0;
  for (const visit of walk(root, entries)) {
    place++;
    if (plan.countsTypes) countType(visit);
    const own = stepsMatched(plan, visit, entries);
    visit.level.previous = own;
    visit.level.earlier |= own;
    visit.own = own;
    if ((own & plan.last) !== 0) found.push({ element: visit.element, entry: visit.entry, place });
  }
  return found;
}

/** What the children of one element share during the walk. */
interface Level {
  /** Steps that an ancestor matched, that the parent matched, that siblings before matched. */
  readonly ancestors: number;
  readonly parent: number;
  earlier: number;
  previous: number;
  place: number;
  /** How many of each tag came so far; filled where a selector asks. */
  places?: Map<string, number>;
  entry: number;
}

interface Visit {
  readonly element: PageElement;
  readonly level: Level;
  readonly entry: number;
  /** Steps the element matched; set by the visitor. */
  own: number;
}

function levelBelow(ancestors: number, parent: number, entry: number): Level {
  return { ancestors, parent, earlier: 0, previous: 0, place: 0, entry };
}

/** Visits the elements below `root` in page order, without recursion: pages nest deeper than stacks. */
function* walk(root: PageNode, { starts, span }: Entries): Generator<Visit> {
  const levels = [levelBelow(0, 0, -1)];
  let node = firstChild(root);
  while (node) {
    const level = levels.at(-1);
    if (level === undefined) return;
    if ('attribs' in node) {
      const start = starts.get(node);
      const entry = start ?? level.entry;
      if (start !== undefined && span === 'until-next') level.entry = start;
      level.place++;
      const visit: Visit = { element: node, level, entry, own: 0 };
      yield visit;
      const child = firstChild(node);
      if (child) {
        levels.push(levelBelow(level.ancestors | level.parent, visit.own, entry));
        node = child;
        continue;
      }
    }
    while (node && !node.next && levels.length > 1) {
      levels.pop();
      node = parentOf(node);
    }
    node = node?.next ?? null;
  }
}

function countType({ level, element: { name } }: Visit): void {
  level.places ??= new Map();
  level.places.set(name, (level.places.get(name) ?? 0) + 1);
}

function firstChild(node: PageNode): PageNode | null {
  return 'children' in node ? (node.children[0] ?? null) : null;
}

function parentOf(node: PageNode): PageNode | null {
  return node.parent;
}

interface PlannedStep extends Step {
  readonly bit: number;
  /** The bit of the step before it in the same alternative; 0 for a first step. */
  readonly before: number;
}

interface Plan {
  readonly steps: readonly PlannedStep[];
  readonly last: number;
  readonly countsTypes: boolean;
  /** What `:has()` needs to know: elements with such a child or descendant. */
  readonly having: ReadonlyMap<Test, ReadonlySet<PageNode>>;
}

function planOf(root: PageNode, { alternatives }: Selector): Plan {
  const steps: PlannedStep[] = [];
  const having = new Map<Test, ReadonlySet<PageNode>>();
  let last = 0;
  let bit = 1;
  for (const alternative of alternatives) {
    let before = 0;
    for (const step of alternative) {
      steps.push({ ...step, bit, before });
      for (const test of step.compound)
        if (test.kind === 'has') having.set(test, parentsHaving(root, test));
      before = bit;
      bit <<= 1;
    }
    last |= before;
  }
  return { steps, last, having, countsTypes: steps.some(({ compound }) => countsTypes(compound)) };
}

function countsTypes(compound: Compound): boolean {
  return compound.some(
    (test) =>
      (test.kind === 'place' && test.among === 'type') ||
      (test.kind === 'not' && test.compounds.some(countsTypes)),
  );
}

function parentsHaving(
  root: PageNode,
  { compounds, combinator }: Extract<Test, { kind: 'has' }>,
): ReadonlySet<PageNode> {
  const parents = new Set<PageNode>();
  const alternatives = compounds.map((compound) => [{ compound, end: 0 }]);
  for (const { element } of select(root, { text: '', alternatives })) {
    // Whatever is known already has all its ancestors known too, so each is added once.
    let parent = parentOf(element);
    while (parent && !parents.has(parent)) {
      parents.add(parent);
      parent = combinator === '>' ? null : parentOf(parent);
    }
  }
  return parents;
}

function stepsMatched(plan: Plan, visit: Visit, { starts }: Entries): number {
  const { level } = visit;
  let own = 0;
  for (const { combinator, compound, bit, before } of plan.steps) {
    const reached =
      combinator === undefined
        ? true
        : combinator === ' '
          ? ((level.ancestors | level.parent) & before) !== 0
          : combinator === '>'
            ? (level.parent & before) !== 0
            : combinator === '+'
              ? (level.previous & before) !== 0
              : (level.earlier & before) !== 0;
    if (reached && compound.every((test) => holds(test, visit, plan, starts))) own |= bit;
  }
  return own;
}

function holds(test: Test, visit: Visit, plan: Plan, starts: Entries['starts']): boolean {
  const { element, level } = visit;
  switch (test.kind) {
    case 'tag':
      return element.name === test.name;
    case 'class':
      return hasWord(attributeOf(element, 'class') ?? '', test.name);
    case 'id':
      return attributeOf(element, 'id') === test.name;
    case 'attribute':
      return fits(attributeOf(element, test.name), test);
    case 'place': {
      const place =
        test.among === 'children' ? level.place : (level.places?.get(element.name) ?? 0);
      const rest = place - test.start;
      return test.step === 0 ? rest === 0 : rest % test.step === 0 && rest / test.step >= 0;
    }
    case 'last-child':
      return isLast(element);
    case 'scope':
      return starts.has(element);
    case 'has':
      return plan.having.get(test)?.has(element) === true;
    case 'not':
      return !test.compounds.some((compound: Compound) =>
        compound.every((inner) => holds(inner, visit, plan, starts)),
      );
  }
}

/** The value of an attribute as the page has it; undefined where the element has none of that name. */
export function attributeOf({ attribs }: PageElement, name: string): string | undefined {
  return Object.hasOwn(attribs, name) ? attribs[name] : undefined;
}

function fits(raw: string | undefined, test: Extract<Test, { kind: 'attribute' }>): boolean {
  if (raw === undefined) return false;
  const value = test.ignoreCase ? raw.toLowerCase() : raw;
  const wanted = test.ignoreCase ? test.value.toLowerCase() : test.value;
  switch (test.operator) {
    case '':
      return true;
    case '=':
      return value === wanted;
    case '~=':
      return hasWord(value, wanted);
    case '|=':
      return value === wanted || value.startsWith(`${wanted}-`);
    case '^=':
      return wanted !== '' && value.startsWith(wanted);
    case '$=':
      return wanted !== '' && value.endsWith(wanted);
    case '*=':
      return wanted !== '' && value.includes(wanted);
  }
}

const BLANK = /[ \t\r\n\f]/;

/** Whether one of the words that blanks part is this one; without splitting, as a class may have megabytes. */
function hasWord(text: string, word: string): boolean {
  if (word === '' || BLANK.test(word)) return false;
  let at = text.indexOf(word);
  while (at >= 0) {
    const end = at + word.length;
    const isWhole =
      (at === 0 || BLANK.test(text.charAt(at - 1))) &&
      (end === text.length || BLANK.test(text.charAt(end)));
    if (isWhole) return true;
    at = text.indexOf(word, end);
  }
  return false;
}

function isLast(element: PageElement): boolean {
  for (let next = element.next; next; next = next.next) if ('attribs' in next) return false;
  return true;
}
