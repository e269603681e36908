import { newestPapers, papersOfTopic, publicTopic, publicTopics } from '@paperboy/store';
import { type Context, Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { topicPath } from '../feeds/addresses.ts';
import { printAtom } from '../feeds/atom.ts';
import { type Feed, feedOf } from '../feeds/feed.ts';
import { printJsonFeed } from '../feeds/json-feed.ts';
import { printOpml } from '../feeds/opml.ts';

/** Papers in one feed: more than come between two visits of a feed reader. */
const FEED_PAPERS = 100;

/** What was found last as Atom and JSON Feed, for all papers and for each catalogue topic, and the list of them all. */
export function feedPages({ db, settings }: Pick<WebDeps, 'db' | 'settings'>): Hono {
  const { publicUrl } = settings;
  const routes = new Hono();

  async function listingFeed(): Promise<Feed> {
    const papers = await newestPapers(db, { limit: FEED_PAPERS });
    return feedOf(papers, {
      ...{ publicUrl, name: 'listing', title: 'Paperboy: new papers', home: '/', path: '/feed' },
      about: 'Papers that no watched list had shown before, newest first.',
      since: new Date(0),
    });
  }

  async function topicFeed(slugOrId: string): Promise<Feed> {
    const topic = await publicTopic(db, slugOrId);
    const papers = await papersOfTopic(db, topic.id, { limit: FEED_PAPERS });
    const home = topicPath(topic);
    return feedOf(papers, {
      ...{ publicUrl, name: `topics/${topic.id}`, title: `Paperboy: ${topic.name}`, home },
      path: `${home}/feed`,
      about: topic.about ?? `Papers found by ${topic.query}`,
      since: topic.createdAt,
    });
  }

  routes.get('/feed.atom', async (c) => answerAtom(c, await listingFeed()));
  routes.get('/feed.json', async (c) => answerJson(c, await listingFeed()));
  routes.get('/topics/:topic/feed.atom', async (c) =>
    answerAtom(c, await topicFeed(c.req.param('topic'))),
  );
  routes.get('/topics/:topic/feed.json', async (c) =>
    answerJson(c, await topicFeed(c.req.param('topic'))),
  );
  routes.get('/opml', async (c) => {
    const at = (path: string) => new URL(path, publicUrl).href;
    const all = { name: 'New papers', folder: 'All fields', home: at('/'), atom: at('/feed.atom') };
    const feeds = (await publicTopics(db)).map((topic) => ({
      ...{ name: topic.name, folder: topic.field ?? 'Other topics' },
      ...{ home: at(topicPath(topic)), atom: at(`${topicPath(topic)}/feed.atom`) },
    }));
    return c.body(printOpml('Paperboy', [all, ...feeds]), 200, {
      'Content-Type': 'text/x-opml; charset=utf-8',
      'Content-Disposition': 'attachment; filename="paperboy.opml"',
    });
  });
  return routes;
}

function answerAtom(c: Context, feed: Feed): Response {
  return c.body(printAtom(feed), 200, headers('application/atom+xml; charset=utf-8', feed));
}

function answerJson(c: Context, feed: Feed): Response {
  return c.body(printJsonFeed(feed), 200, headers('application/feed+json; charset=utf-8', feed));
}

function headers(type: string, { changed }: Feed): Record<string, string> {
  return { 'Content-Type': type, 'Last-Modified': changed.toUTCString() };
}
