import type { Condition, Query, Term } from '@paperboy/topics';

/** A query as sentences for readers who never saw its language. */
export function queryInWords({ terms, must, none, conditions }: Query): string {
  const wanted = conditions.filter(({ excluded }) => !excluded);
  const unwanted = conditions.filter(({ excluded }) => excluded);
  const subject =
    terms.length > 0
      ? `Papers that speak of ${listed(terms.map(termWords), 'or')}`
      : must.length > 0
        ? `Papers that speak of ${listed(must.map(termWords), 'and')}`
        : 'All papers';
  const also =
    terms.length > 0 && must.length > 0
      ? `, and also of ${listed(must.map(termWords), 'and')}`
      : '';
  const without = none.length > 0 ? `, but not of ${listed(none.map(termWords), 'or')}` : '';
  const only = places(wanted, 'or');
  const never = places(unwanted, 'or');
  const unrelated = conditions
    .filter(({ kind }) => kind === 'related')
    .map(({ value }) => `“${value}”`);
  return [
    `${subject}${also}${without}.`,
    ...(only === '' ? [] : [`Only ${only}.`]),
    ...(never === '' ? [] : [`Never ${never}.`]),
    ...(unrelated.length === 0 ? [] : [`Without ${listed(unrelated, 'or')} as a related word.`]),
  ].join(' ');
}

function termWords({ text, kind, field }: Term): string {
  const words = kind === 'phrase' ? `“${text}”` : text;
  return field === 'title' ? `${words} (in the title)` : words;
}

function places(conditions: readonly Condition[], joint: string): string {
  const of = (kind: Condition['kind']) =>
    conditions.filter((one) => one.kind === kind).map(({ value }) => value);
  const [categories, sources] = [of('category'), of('source')];
  return [
    ...(categories.length > 0 ? [`in ${listed(categories, joint)}`] : []),
    ...(sources.length > 0 ? [`as listed by ${listed(sources, joint)}`] : []),
  ].join(' and ');
}

/** `a, b or c`. */
function listed(words: readonly string[], joint: string): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${joint} ${last}`;
}
