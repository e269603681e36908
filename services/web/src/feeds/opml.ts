import { type Xml, xml } from './xml.ts';

/** A feed as a reading list names it. */
export interface ListedFeed {
  readonly name: string;
  /** The folder it lies in. */
  readonly folder: string;
  readonly home: string;
  readonly atom: string;
}

/** A reading list (OPML 2.0) with a folder for each field; whoever imports it follows all of it. */
export function printOpml(title: string, feeds: readonly ListedFeed[]): string {
  const folders = Map.groupBy(feeds, ({ folder }) => folder);
  return xml`<?xml version="1.0" encoding="utf-8"?>
<opml version="2.0">
<head><title>${title}</title></head>
<body>
${[...folders].map(
  ([folder, inside]) => xml`<outline text="${folder}" title="${folder}">
${inside.map(outline)}</outline>
`,
)}</body>
</opml>
`.text;
}

function outline({ name, home, atom }: ListedFeed): Xml {
  return xml`<outline type="rss" text="${name}" title="${name}" xmlUrl="${atom}" htmlUrl="${home}"/>\n`;
}
