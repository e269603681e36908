import { describe, expect, test } from 'vitest';
import { fixture, fixtureText } from '../test/support.ts';
import { commonFeedAddresses, feedLinks as linksOf } from './feed-links.ts';
import { pageTitle } from './page-title.ts';

const feedLinks = (html: string, address: string) =>
  linksOf({ bytes: new TextEncoder().encode(html) }, address);
const HERE = 'https://group.example.org/papers/';

describe('the feeds that a page names', () => {
  test('are those of its head, in order, each once, resolved and with their titles', () => {
    const html = `<html><head><title>Papers</title>
      <LINK REL="alternate" TYPE="application/rss+xml; charset=utf-8" title="New &amp; old" href="rss.xml">
      <link rel='alternate home' type=application/atom+xml href=/atom.xml>
      <link rel="alternate" type="application/feed+json" href="https://other.example.org/f.json">
      <link rel="alternate" type="application/rss+xml" href="rss.xml">
      <link rel="alternate" hreflang="de" href="/de/">
      <link rel="stylesheet" type="text/css" href="x.css">
      <link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/1">
      <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
      <!-- <link rel="alternate" type="application/rss+xml" href="no.xml"> -->
      <script>'<link rel="alternate" type="application/rss+xml" href="no.xml">'</script>`;
    expect(feedLinks(html, HERE)).toEqual([
      { url: 'https://group.example.org/papers/rss.xml', title: 'New & old' },
      { url: 'https://group.example.org/atom.xml' },
      { url: 'https://other.example.org/f.json' },
    ]);
  });

  test('stand under its base', () => {
    const html = '<base href="/lists/"><link rel=alternate type=application/rss+xml href=a.xml>';
    expect(feedLinks(html, HERE)).toEqual([{ url: 'https://group.example.org/lists/a.xml' }]);
  });

  test('of comments count only where there is no other', () => {
    const link = (href: string, title: string) =>
      `<link rel=alternate type=application/rss+xml title="${title}" href="${href}">`;
    const comments = link('/comments/feed/', 'Group » Comments Feed');
    expect(feedLinks(comments + link('/feed/', 'Group » Feed'), HERE)).toMatchObject([
      { url: 'https://group.example.org/feed/' },
    ]);
    expect(feedLinks(comments, HERE)).toHaveLength(1);
  });

  test('are few, however many are named', () => {
    const many = Array.from(
      { length: 50_000 },
      (_, at) => `<link rel=alternate type=application/rss+xml href=${at}>`,
    );
    expect(feedLinks(many.join(''), HERE)).toHaveLength(30);
  });
});

test('a site that names none is asked beside the page and at its top', () => {
  expect(commonFeedAddresses('https://group.example.org/papers?x=1#y')).toEqual([
    'https://group.example.org/papers/feed',
    'https://group.example.org/papers/rss.xml',
    ...['feed', 'rss.xml', 'atom.xml', 'feed.xml', 'index.xml', 'feed.json'].map(
      (path) => `https://group.example.org/${path}`,
    ),
  ]);
});

test.each([
  ['feed-rss.xml', 'Journal of Examples'],
  ['feed-atom.xml', 'Papers of the group'],
  ['feed-rdf.xml', 'preprints.example.org Subject Collection: Neuroscience'],
  ['feed.json', 'Reading list'],
  ['arxiv-rss.xml', 'cs.CL updates on arXiv.org'],
])('%s calls itself %s', (name, title) => {
  expect(pageTitle(fixture(name))).toBe(title);
});

test('the title of an item is not that of its feed', () => {
  const page = fixtureText('feed-rss.xml').replace('<title>Journal of Examples</title>', '');
  expect(pageTitle(new TextEncoder().encode(page))).toBeUndefined();
});
