import type { Feed, FeedEntry } from './feed.ts';
import { type Xml, xml } from './xml.ts';

/** A feed in Atom (RFC 4287): the abstract as content, and as summary why the paper is there. */
export function printAtom(feed: Feed): string {
  return xml`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<id>${feed.id}</id>
<title>${feed.title}</title>
<subtitle>${feed.about}</subtitle>
<updated>${feed.updated.toISOString()}</updated>
<author><name>Paperboy</name></author>
<generator>Paperboy</generator>
<link rel="alternate" type="text/html" href="${feed.home}"/>
${feed.atom === undefined ? '' : xml`<link rel="self" type="application/atom+xml" href="${feed.atom}"/>\n`}${feed.json === undefined ? '' : xml`<link rel="alternate" type="application/feed+json" href="${feed.json}"/>\n`}${feed.entries.map(entryOf)}</feed>
`.text;
}

function entryOf(entry: FeedEntry): Xml {
  const { abstract, reasons } = entry;
  return xml`<entry>
<id>${entry.id}</id>
<title>${entry.title}</title>
<link rel="alternate" type="text/html" href="${entry.url}"/>
${entry.links.map(linkTo)}<published>${entry.published.toISOString()}</published>
<updated>${entry.updated.toISOString()}</updated>
${entry.authors.map((name) => xml`<author><name>${name}</name></author>\n`)}${entry.categories.map((term) => xml`<category term="${term}"/>\n`)}${reasons.length === 0 ? '' : xml`<summary>${reasons.join('\n')}</summary>\n`}${abstract === null ? '' : xml`<content type="text">${abstract}</content>\n`}</entry>
`;
}

function linkTo({ rel, url }: FeedEntry['links'][number]): Xml {
  const type = rel === 'pdf' ? xml` type="application/pdf"` : '';
  return xml`<link rel="related"${type} href="${url}"/>\n`;
}
