import { type PageNode, select } from './select.ts';

/** How often each name stands on a page. */
export interface PageNames {
  readonly tag: ReadonlyMap<string, number>;
  readonly class: ReadonlyMap<string, number>;
  readonly id: ReadonlyMap<string, number>;
  readonly attribute: ReadonlyMap<string, number>;
}

/** Pages that make up names by the thousand give no hint anyway. */
const MAX_NAMES = 5_000;
const MAX_LENGTH = 60;

const EVERYTHING = { text: '*', alternatives: [[{ compound: [], end: 1 }]] };

/** Collects the names that selectors go by, for telling which one was probably meant. */
export function namesOn(root: PageNode): PageNames {
  const names = {
    tag: new Map<string, number>(),
    class: new Map<string, number>(),
    id: new Map<string, number>(),
    attribute: new Map<string, number>(),
  };
  const count = (kind: keyof PageNames, name: string) => {
    const known = names[kind].get(name);
    if (name === '' || name.length > MAX_LENGTH) return;
    if (known !== undefined || names[kind].size < MAX_NAMES)
      names[kind].set(name, (known ?? 0) + 1);
  };
  for (const { element } of select(root, EVERYTHING)) {
    count('tag', element.name);
    for (const [name, value] of Object.entries(element.attribs)) {
      count('attribute', name);
      if (name === 'id') count('id', value.trim());
      if (name === 'class')
        for (const word of value.slice(0, 1_000).split(/\s+/)) count('class', word);
    }
  }
  return names;
}
