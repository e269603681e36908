import { type Token, tokenize } from './tokens.ts';

/**
 * Words that say nothing about a paper's subject: articles, pronouns, auxiliaries, prepositions and the
 * furniture of abstracts. Compared before stemming. Phrases keep them; alone they are no topic.
 */
const STOP_WORDS: ReadonlySet<string> = new Set(
  `a an the this that these those each every some any all both such no
  i me my we us our you your he him his she her it its they them their who whom whose which what
  is are was were be been being am do does did done have has had having can could may might must
  shall should will would
  about above across after against along among around as at before behind below beneath beside
  between beyond by despite down during except for from in inside into like near of off on onto out
  outside over per since through throughout to toward towards under until up upon via with within
  without
  and or but nor so yet if then than because while where when how why whether not also only just
  more most other there here
  paper papers propose proposes proposed method methods approach approaches result results new
  show shows shown showed use uses used using based`.split(/\s+/),
);

/** Whether a word says nothing of what a text is about. */
export function isStopWord({ word }: Pick<Token, 'word'>): boolean {
  return STOP_WORDS.has(word);
}

/** Whether a text's words are all stop words. */
export function areStopWords(tokens: readonly Token[]): boolean {
  return tokens.every((token) => token.span > 1 || STOP_WORDS.has(token.word));
}

/** The stems of a text's words that say what it is about, hyphenated ones in parts. */
export function contentStems(text: string): string[] {
  return tokenize(text)
    .filter((token) => token.span === 1 && !isStopWord(token))
    .map(({ stem }) => stem);
}
