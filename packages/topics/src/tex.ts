/** What a TeX command leaves of itself in plain text. `length` is that of the command in the source. */
export type TexCommand =
  /** Accents and fonts vanish without parting a word: `T\"ULU`, `\textbf{Spar}se`. */
  | { readonly kind: 'nothing'; readonly length: number }
  /** A letter or a name that is part of the word around it: `Pawe\l`, `$\gamma$-MoD`. */
  | { readonly kind: 'letters'; readonly length: number; readonly letters: string }
  /** A sign between words: `LLM$\times$MapReduce`. */
  | { readonly kind: 'break'; readonly length: number }
  /** Any other command counts as a word of its own, so that nothing typed is lost. */
  | { readonly kind: 'word'; readonly length: number; readonly letters: string };

const LETTERS: Readonly<Record<string, string>> = {
  ss: 'ss',
  ae: 'ae',
  AE: 'ae',
  oe: 'oe',
  OE: 'oe',
  aa: 'a',
  AA: 'a',
  o: 'o',
  O: 'o',
  l: 'l',
  L: 'l',
  i: 'i',
  j: 'j',
};

const GREEK_NAMES =
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi psi omega'.split(
    ' ',
  );
const GREEK_LETTERS = 'αβγδεζηθικλμνξοπρστυφχψω';

/** `alpha` for `α`; undefined for what is no lower-case Greek letter. */
export function greekName(letter: string): string | undefined {
  const at = GREEK_LETTERS.indexOf(letter === 'ς' ? 'σ' : letter);
  return at < 0 ? undefined : GREEK_NAMES[at];
}

const GREEK = new Set(GREEK_NAMES);
const ACCENT_LETTERS = new Set('u v H c k d b r t'.split(' '));
const FONTS = new Set(
  'text textit textbf textsc texttt textrm textsf textsl textup textmd textnormal emph underline overline mathrm mathbf mathit mathsf mathtt mathcal mathbb mathfrak mathscr boldsymbol bm operatorname mbox hbox ensuremath left right bf it rm sc tt sf em hat tilde bar vec dot ddot'.split(
    ' ',
  ),
);
const SIGNS = new Set(
  'times cdot cdots ldots dots to rightarrow leftarrow leftrightarrow Rightarrow mapsto infty nabla partial sum prod int sim approx simeq equiv propto leq geq le ge ll gg neq ne pm mp in notin subset cup cap forall exists star circ ast bullet oplus otimes langle rangle quad qquad'.split(
    ' ',
  ),
);

/** The TeX command at `at`, where `source` has a backslash. */
export function texCommandAt(source: string, at: number): TexCommand {
  const name = commandName(source, at + 1);
  const length = 1 + name.length;
  if (name === '') return oneSign(source.charAt(at + 1));
  const letters = LETTERS[name];
  if (letters !== undefined && Object.hasOwn(LETTERS, name))
    return { kind: 'letters', letters, length: withBlank(source, at + length) - at };
  if (ACCENT_LETTERS.has(name))
    return { kind: 'nothing', length: withBlank(source, at + length) - at };
  if (FONTS.has(name)) return { kind: 'nothing', length: withBlank(source, at + length) - at };
  if (SIGNS.has(name)) return { kind: 'break', length };
  const lower = name.toLowerCase().replace(/^var/, '');
  return GREEK.has(lower)
    ? { kind: 'letters', letters: lower, length }
    : { kind: 'word', letters: name.toLowerCase(), length };
}

function commandName(source: string, from: number): string {
  let end = from;
  while (isAsciiLetter(source.charCodeAt(end))) end++;
  return source.slice(from, end);
}

function isAsciiLetter(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/** `\"U` and `\&`: the accents vanish, any other escaped sign stands for itself and parts words. */
function oneSign(sign: string): TexCommand {
  if (sign !== '' && '"\'`^~=.-'.includes(sign)) return { kind: 'nothing', length: 2 };
  // Of `C\#` the backslash alone goes.
  if (sign === '#') return { kind: 'nothing', length: 1 };
  return { kind: 'break', length: 1 };
}

/** TeX swallows the blank that ends a command's name: `\v s` is one letter. */
function withBlank(source: string, end: number): number {
  return source.charAt(end) === ' ' ? end + 1 : end;
}
