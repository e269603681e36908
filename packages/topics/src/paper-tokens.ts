import { type Token, tokenize } from './tokens.ts';

/** What topics look at in a paper. */
export interface PaperText {
  readonly title: string;
  readonly abstract?: string;
  readonly categories?: readonly string[];
  /** The names of all sources that list the paper. */
  readonly sources?: readonly string[];
}

/** A paper as it comes from where it was stored. */
export function paperText(words: {
  readonly title: string;
  readonly abstract: string | null;
  readonly categories: readonly string[] | null;
  readonly sources: readonly string[];
}): PaperText {
  const { title, abstract, categories, sources } = words;
  return {
    title,
    sources,
    ...(abstract !== null && { abstract }),
    ...(categories !== null && { categories }),
  };
}

export type PaperField = 'title' | 'abstract';

/** A paper cut into words once, to be held against any number of queries. */
export interface TokenizedPaper {
  readonly text: PaperText;
  /** Words of title and abstract together. */
  readonly length: number;
  readonly byStem: ReadonlyMap<string, readonly Token[]>;
  /** The words and parts of words in order, without joined forms. */
  readonly words: { readonly title: readonly Token[]; readonly abstract: readonly Token[] };
  /** The word, or part of a word, at a position. */
  readonly partAt: (position: number) => Token | undefined;
  /** The hyphenated word, joined, that begins at a position. */
  readonly joinedAt: (position: number) => Token | undefined;
  readonly fieldOf: (token: Token) => PaperField;
}

/** A place in a paper; `text` is cut from it as written. */
export interface Quote {
  readonly field: PaperField;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The place that two tokens of one field and all between them take. */
export function quoteTokens(paper: TokenizedPaper, first: Token, last: Token): Quote {
  const field = paper.fieldOf(first);
  const source = (field === 'title' ? paper.text.title : paper.text.abstract) ?? '';
  const text = source.slice(first.start, last.end);
  return { field, start: first.start, end: last.end, text };
}

/** More than any span, so that no phrase reaches from the title into the abstract. */
const FIELD_GAP = 1_000;

/** Linear in the text. */
export function tokenizePaper(text: PaperText): TokenizedPaper {
  const titleTokens = tokenize(text.title);
  const title = titleTokens.filter((token) => token.span === 1);
  const abstractFrom = title.length + FIELD_GAP;
  const abstractTokens = text.abstract === undefined ? [] : tokenize(text.abstract, abstractFrom);
  const abstract = abstractTokens.filter((token) => token.span === 1);
  const byStem = new Map<string, Token[]>();
  const joined = new Map<number, Token>();
  for (const tokens of [titleTokens, abstractTokens]) {
    for (const token of tokens) {
      const list = byStem.get(token.stem);
      if (list === undefined) byStem.set(token.stem, [token]);
      else list.push(token);
      if (token.span > 1) joined.set(token.position, token);
    }
  }
  return {
    text,
    length: title.length + abstract.length,
    byStem,
    words: { title, abstract },
    partAt: (at) => (at < abstractFrom ? title[at] : abstract[at - abstractFrom]),
    joinedAt: (at) => joined.get(at),
    fieldOf: (token) => (token.position < abstractFrom ? 'title' : 'abstract'),
  };
}
