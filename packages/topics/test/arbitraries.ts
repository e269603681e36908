import fc from 'fast-check';
import { anyText } from '../../../test/support/any-text.ts';
import type { Query } from '../src/query.ts';
import { parseQuery } from '../src/query-parser.ts';

/** A vocabulary so small that random queries and papers often meet, joined forms and endings included. */
const WORDS =
  'sparse autoencoder autoencoders neuro-symbolic neurosymbolic neuro symbolic sim-to-real simtoreal real vision visions language ing ing-ing SAE 模型 γ-MoD the of'.split(
    ' ',
  );

const anyWord = () => fc.constantFrom(...WORDS);

export const anyPhrase = () =>
  fc
    .array(anyWord(), { minLength: 1, maxLength: 3, size: 'xsmall' })
    .map((words) => words.join(' '));

/** Text of the vocabulary with signs, TeX and line ends between the words. */
const anyProse = () =>
  fc
    .array(
      fc.tuple(anyWord(), fc.constantFrom(' ', ', ', '. ', '\n', ' -- ', ' $', '} ', ' 🚀 ')),
      {
        minLength: 6,
        maxLength: 24,
      },
    )
    .map((words) => words.flat().join(''));

export const anyPaper = () =>
  fc.record(
    {
      title: anyProse(),
      abstract: anyProse(),
      categories: fc.subarray(['cs.CL', 'cs.LG', 'stat.ML']),
      sources: fc.subarray(['daily', 'arxiv']),
    },
    { requiredKeys: ['title'] },
  );

const anyTerm = () =>
  fc
    .tuple(fc.constantFrom('', '', '', 'title:'), anyPhrase())
    .map(([field, phrase]) => `${field}"${phrase}"`);

const anyCondition = () =>
  fc.constantFrom('cat:cs.CL', 'cat:cs', '-cat:stat.ML', 'source:daily', '-source:"arxiv"');

/** A query that parses, by way of its text. */
export const anyQuery = (): fc.Arbitrary<Query> =>
  fc
    .tuple(
      fc.array(anyTerm(), { maxLength: 3 }),
      fc.array(anyTerm(), { maxLength: 2 }),
      fc.array(anyTerm(), { maxLength: 2 }),
      fc.array(anyCondition(), { maxLength: 1 }),
    )
    .map(([terms, must, none, conditions]) =>
      [
        terms.join(' OR '),
        ...must.map((term) => `+${term}`),
        ...none.map((term) => `-${term}`),
        ...conditions,
      ].join(' '),
    )
    .map((text) => parseQuery(text))
    .filter((parsed) => parsed.ok)
    .map((parsed) => parsed.query);

/** What a person, or a bot, may type: half language, half noise. */
export const anyQueryText = () =>
  fc.oneof(
    fc
      .array(
        fc.constantFrom(
          ...'vision language OR or | || AND NOT + - ( ) " “ ” \\ \\" : title: title:vision cat: cat:cs.CL source:"a b" author:x sim-to-real the 🚀 模型 $x$ (a+)+$ ,'.split(
            ' ',
          ),
          ' ',
          ' ',
          '\n',
          '"',
        ),
        { maxLength: 24 },
      )
      .chain((pieces) => fc.constantFrom(pieces.join(' '), pieces.join(''))),
    anyText({ maxLength: 60 }),
  );
