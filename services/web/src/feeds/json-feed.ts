import type { Feed, FeedEntry } from './feed.ts';

/** A feed as JSON Feed 1.1 (jsonfeed.org/version/1.1). */
export function printJsonFeed(feed: Feed): string {
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: feed.title,
    description: feed.about,
    home_page_url: feed.home,
    feed_url: feed.json,
    language: 'en',
    authors: [{ name: 'Paperboy' }],
    items: feed.entries.map(itemOf),
  });
}

function itemOf({ abstract, reasons, authors, categories, links, ...entry }: FeedEntry) {
  const page = links.find(({ rel }) => rel === 'page') ?? links[0];
  return {
    id: entry.id,
    url: entry.url,
    ...(page && { external_url: page.url }),
    title: entry.title.toWellFormed(),
    // An item has to have some text.
    content_text: (abstract ?? entry.title).toWellFormed(),
    ...(reasons.length > 0 && { summary: reasons.join('\n').toWellFormed() }),
    date_published: entry.published.toISOString(),
    date_modified: entry.updated.toISOString(),
    ...(authors.length > 0 && { authors: authors.map((name) => ({ name })) }),
    ...(categories.length > 0 && { tags: categories }),
  };
}
