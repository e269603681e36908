import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readableTex } from './readable-tex.ts';

test.each([
  // formulas
  [String.raw`Attention in $\mathcal{O}(n \log n)$ Time`, 'Attention in O(n log n) Time'],
  [String.raw`Attention in \(\mathcal{O}(n^2)\) Time`, 'Attention in O(n²) Time'],
  [String.raw`$\alpha$-Entmax and $\ell_1$ Norms`, 'α-Entmax and ℓ₁ Norms'],
  [String.raw`a $1.13\times$ speed-up`, 'a 1.13× speed-up'],
  ['$10^{-3}$ to $10^{6}$', '10⁻³ to 10⁶'],
  [String.raw`$x \in \mathbb{R}^{d}$ and $d_{model}$`, 'x ∈ ℝ^d and d_model'],
  [String.raw`$\frac{1}{2}$ of $\sqrt{n}$ or $\sqrt{nd}$`, '1/2 of √n or √(nd)'],
  [String.raw`$\frac{n+1}{2n}$, $2\frac{1}{2}\alpha$`, '(n+1)/(2n), 2(1/2)α'],
  [String.raw`$O(\frac{\log n}{\epsilon})$`, 'O((log n)/ε)'],
  ['$2^{k+1}$, $e^{-x/2}$, $x_{t+1}$, $f^{(i)}$', '2^(k+1), e^(-x/2), x_(t+1), f^(i)'],
  [String.raw`$\leq 5\%$, $\left(a, b\right)$`, '≤ 5%, (a, b)'],
  [String.raw`$\textit{Trans-LoRA}$: towards`, 'Trans-LoRA: towards'],
  [String.raw`$k$NN at $90^\circ$`, 'kNN at 90°'],
  // words
  [String.raw`We \emph{cut} cost by 5\% at AT\&T`, 'We cut cost by 5% at AT&T'],
  ["``so-called'' experts", '“so-called” experts'],
  [String.raw`T\"ULU and Pawe{\l}`, 'TÜLU and Paweł'],
  [String.raw`\textbf{Bold} {kept} by \textsc{Name}`, 'Bold kept by Name'],
  // what stays
  ['$5 and $10 a month', '$5 and $10 a month'],
  ['costs $5 and$10', 'costs $5 and$10'],
  [String.raw`$\begin{pmatrix} a \end{pmatrix}$`, String.raw`$\begin{pmatrix} a \end{pmatrix}$`],
  [String.raw`$\unheardof{x}$ stays`, String.raw`$\unheardof{x}$ stays`],
  ['a {set} of braces', 'a {set} of braces'],
  ['no TeX at all: a_b ^ c', 'no TeX at all: a_b ^ c'],
  [String.raw`C:\work is no command`, String.raw`C:\work is no command`],
])('%s', (text, shown) => {
  expect(readableTex(text)).toBe(shown);
});

test('text without a backslash, a dollar or quotes of TeX is as it was', () => {
  const plain = fc.string().filter((text) => !/[\\$]|``/.test(text));
  fc.assert(fc.property(plain, (text) => readableTex(text) === text));
});

test('whatever stands there, it takes no longer than the text is long', () => {
  const pieces = ['$', '\\', '{', '}', '^', '_', '\\(', '``', '\\frac{', 'a ', '\\text{'];
  for (const piece of [...pieces, '$a', '\\(a', '$\\frac{a}{']) {
    const text = piece.repeat(20_000);
    const before = process.cpuUsage().user;
    readableTex(text);
    expect(process.cpuUsage(undefined).user - before, piece).toBeLessThan(1_000_000);
  }
});
