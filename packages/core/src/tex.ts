const MARKS: Readonly<Record<string, string>> = {
  '"': '\u0308',
  "'": '\u0301',
  '`': '\u0300',
  '^': '\u0302',
  '~': '\u0303',
  '=': '\u0304',
  '.': '\u0307',
  u: '\u0306',
  v: '\u030c',
  H: '\u030b',
  c: '\u0327',
  k: '\u0328',
  d: '\u0323',
  b: '\u0331',
  r: '\u030a',
};
const LETTERS: Readonly<Record<string, string>> = {
  l: 'ł',
  L: 'Ł',
  o: 'ø',
  O: 'Ø',
  i: 'i',
  j: 'j',
  ss: 'ß',
  ae: 'æ',
  AE: 'Æ',
  oe: 'œ',
  OE: 'Œ',
  aa: 'å',
  AA: 'Å',
};

/** TeX accents as the letters they print: `T\"ULU` is `TÜLU`, `Pawe{\l}` is `Paweł`. */
export function decodeTexAccents(text: string): string {
  return text
    .replace(
      /\\(["'`^~=.])\s*(?:\{\\?([a-zA-Z])\}|\\?([a-zA-Z]))/g,
      (_all, mark, braced, bare) => `${braced ?? bare}${MARKS[mark] ?? ''}`,
    )
    .replace(
      /\\([uvHckdbr])(?:\{\\?([a-zA-Z])\}|\s+\\?([a-zA-Z]))/g,
      (_all, mark, braced, bare) => `${braced ?? bare}${MARKS[mark] ?? ''}`,
    )
    .replace(
      /\{?\\(ss|ae|AE|oe|OE|aa|AA|[lLoOij])(?![a-zA-Z])\s?\}?/g,
      (_all, name) => LETTERS[name] ?? '',
    )
    .normalize('NFC');
}

const FORMATTING =
  /\\(?:text(?:it|bf|sc|tt|rm|sf|sl|up|md|normal|color\s*\{[^{}]*\})?|emph|underline|math(?:rm|bf|it|sf|tt|cal|bb|frak|scr|normal)|boldsymbol|bm|operatorname\*?|mbox|ensuremath|bf|it|sc|tt|rm|sf|sl|em)(?![a-zA-Z])\s*/g;

/** Commands that only say how their content looks, left out; the content stays. */
export function withoutTexFormatting(text: string): string {
  return text.replace(FORMATTING, '');
}

const GREEK =
  'α alpha β beta γ gamma δ delta ε epsilon ζ zeta η eta θ theta ι iota κ kappa λ lambda μ mu ν nu ξ xi π pi ρ rho σ sigma ς sigma τ tau υ upsilon φ phi χ chi ψ psi ω omega';
const SIGN_NAMES: ReadonlyMap<string, string> = new Map([
  ...pairsOf(GREEK),
  ...pairsOf('∇ nabla × times ∞ infty ∂ partial ß ss ı i'),
]);
const SIGNS = new RegExp(`[${[...SIGN_NAMES.keys()].join('')}]`, 'gu');

function pairsOf(words: string): [string, string][] {
  return [...words.matchAll(/(\S+) (\S+)/g)].map(([, sign = '', name = '']) => [sign, name]);
}

/**
 * Greek letters and the commonest signs of mathematics as TeX calls them, so that `γ`, `$\gamma$` and the `gamma`
 * of a page that lost its TeX are one; letters whose capital is another letter's too. Of a text in lower case.
 */
export function nameSigns(text: string): string {
  return text.replace(SIGNS, (sign) => SIGN_NAMES.get(sign) ?? sign);
}

const GREEK_NAMES = [...new Set(pairsOf(GREEK).map(([, name]) => name))].join('|');
const GREEK_VARIANT = new RegExp(String.raw`\\var(?=(?:${GREEK_NAMES})(?![a-z]))`, 'gi');
const OTHER_COMMAND = new RegExp(String.raw`\\(?!(?:${GREEK_NAMES})(?![a-z]))[a-z]+`, 'gi');

/** A text without the commands that print no letter (`\leq`, `\rightarrow`), as it has none of their signs either. */
export function withoutTexSigns(text: string): string {
  return text.replace(GREEK_VARIANT, '\\').replace(OTHER_COMMAND, ' ');
}
