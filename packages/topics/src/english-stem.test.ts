import { expect, test } from 'vitest';
import { stemWord } from './english-stem.ts';

/** Word and stem by turns, as PostgreSQL 18's `english_stem` gives them; at least one word for each rule. */
const OUTCOMES = `
  autoencoders autoencod, interpretability interpret, interpretable interpret, representation
  represent, representations represent, attention attent, adoption adopt, transformers transform,
  learning learn, learned learn, generalization general, general general, generate generat,
  generative generat, communication communic, communal communal, arsenic arsenic, dying die, skies
  sky, news news, bias bias, biases bias, atlas atlas, proceed proceed, exceeds exceed, herrings
  herring, canning canning, hopping hop, hoped hope, added add, ebbed ebb, falling fall, fizzed
  fizz, agreed agre, agreedly agre, feed feed, bled bled, sing sing, caresses caress, ponies poni,
  ties tie, cries cri, cats cat, gas gas, kiwis kiwi, focus focus, happy happi, say say, enjoy
  enjoy, reliability reliabl, dependencies depend, sensational sensat, conditional condit, valency
  valenc, hesitancy hesit, tokenizer token, vietnamization vietnam, relational relat, decidedly
  decid, radically radic, differently differ, analogously analog, operator oper, feudalism feudal,
  hopefulness hope, callousness callous, decisiveness decis, formality formal, sensitivity sensit,
  sensibility sensibl, analogy analog, helpfully help, fearlessly fearless, quickly quick,
  triplicate triplic, formative format, formalize formal, electricity electr, electrical electr,
  hopeful hope, goodness good, revival reviv, allowance allow, inference infer, airliner airlin,
  gyroscopic gyroscop, adjustable adjust, defensible defens, irritant irrit, replacement replac,
  adjustment adjust, dependent depend, communism communism, activate activ, angularity angular,
  homologous homolog, effective effect, bowdlerize bowdler, probate probat, rate rate, cease ceas,
  controlled control, roll roll, youth youth, boyish boyish, toy toy, syzygy syzygi, flying fli,
  idly idl, gently gentl, ugly ugli, early earli, singly singl, howe howe, andes andes, cosmos
  cosmos, outing outing, inning inning, earring earring, succeed succeed, evening even, gpt4 gpt4,
  2dft 2dft, llms llms, embeddings embed, distillation distil, quantized quantiz, quantization
  quantiz, pruning prune, sparsity sparsiti, sparse spars, multimodality multimod, reasoning
  reason, retrieval retriev
`;

const pairs = OUTCOMES.trim()
  .split(/,\s*/)
  .map((pair) => pair.trim().split(/\s+/));

test.each(pairs)('%s is stemmed to %s', (word, stem) => {
  expect(stemWord(word ?? '')).toBe(stem);
});

test('one and two letters are left alone', () => {
  expect(['a', 'is', 'us'].map(stemWord)).toEqual(['a', 'is', 'us']);
});

test('what is too long to be a word, or in no Latin letters, is left alone', () => {
  const long = `${'y'.repeat(1_000_000)}ing`;
  expect(stemWord(long)).toBe(long);
  expect(stemWord('模型')).toBe('模型');
});
