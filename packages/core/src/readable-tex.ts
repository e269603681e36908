import { decodeTexAccents, withoutTexFormatting } from './tex.ts';

/** What begins TeX in a text; most texts have none of it. */
const TEX = /[\\$]|``/;
/** Longer ones are no formula of a title or an abstract. */
const LONGEST_FORMULA = 160;
/**
 * Formulas: `\(…\)`, and `$…$` by pandoc's rule, under which `$5 and $10` is money: no blank inside of either sign, no
 * digit after the second.
 */
const FORMULA = new RegExp(
  String.raw`\\\((.{1,${LONGEST_FORMULA}}?)\\\)|(?<![\\$])\$(?![\s$])([^$]{0,${LONGEST_FORMULA}}?[^\s\\$])\$(?![\d$])`,
  'g',
);

const SIGNS = signsOf(
  'alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν ' +
    'xi ξ pi π rho ρ sigma σ tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π ' +
    'Sigma Σ Phi Φ Psi Ψ Omega Ω times × cdot · div ÷ pm ± mp ∓ leq ≤ le ≤ geq ≥ ge ≥ neq ≠ ne ≠ ll ≪ gg ≫ approx ≈ sim ~ ' +
    'simeq ≃ equiv ≡ propto ∝ infty ∞ partial ∂ nabla ∇ sum ∑ prod ∏ int ∫ in ∈ notin ∉ subset ⊂ subseteq ⊆ cup ∪ cap ∩ ' +
    'setminus ∖ emptyset ∅ forall ∀ exists ∃ neg ¬ land ∧ lor ∨ to → rightarrow → leftarrow ← Rightarrow ⇒ leftrightarrow ↔ ' +
    'mapsto ↦ uparrow ↑ downarrow ↓ ell ℓ hbar ℏ ast ∗ star ⋆ circ ∘ bullet • oplus ⊕ otimes ⊗ dagger † ldots … dots … cdots … ' +
    'langle ⟨ rangle ⟩ lceil ⌈ rceil ⌉ lfloor ⌊ rfloor ⌋ prime ′ deg ° degree ° textasciitilde ~ textendash – textemdash — ' +
    'log log ln ln exp exp min min max max arg arg argmin argmin argmax argmax sin sin cos cos tan tan tanh tanh det det dim dim ' +
    'Pr Pr lim lim sup sup inf inf',
);
const FRACTION = /\\[td]?frac\s*\{([^{}]{1,20})\}\s*\{([^{}]{1,20})\}/g;
/** Commands that only set sizes and small spaces. */
const SPACES =
  /\\(?:left|right|big|Big|bigl|bigr|displaystyle|nolimits|limits)(?![a-zA-Z])|\\[,;:! ]|\\q?quad(?![a-zA-Z])/g;
const BLACKBOARD = signsOf('C ℂ E 𝔼 N ℕ P ℙ Q ℚ R ℝ Z ℤ');
const RAISED = signsOf('0 ⁰ 1 ¹ 2 ² 3 ³ 4 ⁴ 5 ⁵ 6 ⁶ 7 ⁷ 8 ⁸ 9 ⁹ + ⁺ - ⁻ n ⁿ i ⁱ');
const LOWERED = signsOf('0 ₀ 1 ₁ 2 ₂ 3 ₃ 4 ₄ 5 ₅ 6 ₆ 7 ₇ 8 ₈ 9 ₉ + ₊ - ₋');

function signsOf(pairs: string): ReadonlyMap<string, string> {
  return new Map(
    [...pairs.matchAll(/(\S+) (\S+)/g)].map(([, name = '', sign = '']) => [name, sign]),
  );
}

/**
 * A title or an abstract as it would be printed, for where nothing sets TeX: `$\mathcal{O}(n^2)$` is `O(n²)`, `5\%` is
 * `5%`, accents are letters. A formula with a command that has no sign stays as its author wrote it, and so does money.
 * Text without TeX is returned as it is. Takes time in proportion to the text.
 */
export function readableTex(text: string): string {
  if (!TEX.test(text)) return text;
  const withFormulas = text.replace(
    FORMULA,
    (whole, round: string | undefined, dollars: string) => {
      return readFormula(round ?? dollars) ?? whole;
    },
  );
  const words = withoutTexFormatting(withFormulas).replace(/``(.{1,300}?)''/g, '“$1”');
  return withoutGroups(decodeTexAccents(words), words !== withFormulas).replace(
    /\\([%&#_$])/g,
    '$1',
  );
}

/** The formula in signs, or undefined when a command is left that has none. */
function readFormula(formula: string): string | undefined {
  const signs = withoutTexFormatting(
    formula.replace(
      /\\mathbb\s*\{?([A-Z])\}?/g,
      (_, letter: string) => BLACKBOARD.get(letter) ?? letter,
    ),
  )
    .replace(SPACES, '')
    .replace(FRACTION, (whole, over: string, under: string, at: number, all: string) =>
      fraction(over, under, { before: all.slice(0, at), after: all.slice(at + whole.length) }),
    )
    .replace(/\\sqrt\s*\{([^{}]{1,20})\}/g, (_, root: string) =>
      root.length > 1 ? `√(${root})` : `√${root}`,
    )
    .replace(/\\([a-zA-Z]+)/g, (command, name: string) => SIGNS.get(name) ?? command)
    .replace(/\\\|/g, '‖')
    .replace(/\\([%&#_{}])/g, '$1');
  if (signs.includes('\\')) return undefined;
  return signs
    .replace(/\^\{?\\?(?:circ|∘)\}?/g, '°')
    .replace(
      /([\^_])(?:\{([^{}]{1,20})\}|([^\s{}]))/g,
      (_, mark: string, group?: string, one?: string) => {
        return shifted(mark, group ?? one ?? '');
      },
    )
    .replace(/[{}]/g, '')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** In one line, in brackets where it would be read as another value without them. */
function fraction(over: string, under: string, beside: { before: string; after: string }): string {
  const bracketed = (part: string, isPlain: RegExp) => (isPlain.test(part) ? part : `(${part})`);
  const value = `${bracketed(over, /^[\w.^\\]+$/)}/${bracketed(under, /^(?:[\d.]+|[a-zA-Z]|\\[a-zA-Z]+)$/)}`;
  const isFactor = /[\w)]$/.test(beside.before) || /^[\w(^\\]/.test(beside.after);
  return isFactor ? `(${value})` : value;
}

/** What is raised or lowered: in small signs where there are such for all of it, else in brackets unless it is one name. */
function shifted(mark: string, what: string): string {
  const signs = mark === '^' ? RAISED : LOWERED;
  const small = [...what].map((sign) => signs.get(sign));
  if (!small.includes(undefined)) return small.join('');
  return /^(?:[\p{L}\p{N}.]+|\(.*\)|.)$/u.test(what) ? mark + what : `${mark}(${what})`;
}

/** The braces that held what a command formatted; others are the author's. */
function withoutGroups(text: string, hadCommands: boolean): string {
  return hadCommands ? text.replace(/(?<!\\)\{([^{}]*)\}/g, '$1') : text;
}
