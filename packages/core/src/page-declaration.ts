/**
 * How to read a page that no reader knows, declared by an operator in CSS selectors. A value ends in `@name`
 * where an attribute is meant and not the text: `a.title@href`. Written and checked as docs/sources.md says.
 */
export interface PageDeclaration {
  /** Finds each entry, or what each entry begins with. */
  readonly list: string;
  /** `until-next`: an entry is its match and the siblings up to the next one, as in a list of dt and dd. */
  readonly span: 'self' | 'until-next';
  /** These are looked for inside each entry. */
  readonly title: string;
  readonly link?: string;
  readonly abstract?: string;
  readonly authors?: string;
  readonly date?: string;
  readonly id?: string;
  /** These are looked for on the whole page: how many entries it claims, its next pages, that it is empty. */
  readonly claimed?: string;
  readonly next?: string;
  readonly empty?: string;
  /** Fewer entries than this are a page that could not be read. */
  readonly minEntries: number;
}
