export type QueryField = 'title' | 'cat' | 'source' | 'related';

/** The fields of the language, by the name typed before the colon. */
export const FIELDS: ReadonlyMap<string, QueryField> = new Map([
  ['title', 'title'],
  ['cat', 'cat'],
  ['source', 'source'],
  ['related', 'related'],
]);

/** Fields of other search languages, and what to type here. */
export const OTHER_FIELDS: ReadonlyMap<string, string> = new Map([
  ['ti', 'For titles type title:word.'],
  ['intitle', 'For titles type title:word.'],
  ['category', 'For categories type cat:cs.CL.'],
  ['categories', 'For categories type cat:cs.CL.'],
  ['primary', 'For categories type cat:cs.CL.'],
  ['site', 'For sources type source:name.'],
  ['abs', 'Title and abstract are searched anyway: leave the field out.'],
  ['abstract', 'Title and abstract are searched anyway: leave the field out.'],
  ['all', 'Title and abstract are searched anyway: leave the field out.'],
  ['author', 'Topics look at title and abstract, not at names.'],
  ['authors', 'Topics look at title and abstract, not at names.'],
  ['au', 'Topics look at title and abstract, not at names.'],
  ['date', 'Topics match what is new each day; there are no dates to set.'],
  ['year', 'Topics match what is new each day; there are no dates to set.'],
]);
