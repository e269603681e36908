import type { PublicTopic } from '@paperboy/store';
import type { FeedLink } from '../layout.ts';

/** What a feed reader finds on a page that has a feed. */
export function feedLinks(title: string, path: string): FeedLink[] {
  return [
    { title, type: 'application/atom+xml', href: `${path}.atom` },
    { title, type: 'application/feed+json', href: `${path}.json` },
  ];
}

/** The feed of all new papers. */
export const LISTING_FEED = feedLinks('New papers', '/feed');

/** The address of a topic's page, under which its feed lies too. */
export const topicPath = ({ slug }: Pick<PublicTopic, 'slug'>) =>
  `/topics/${encodeURIComponent(slug)}`;
