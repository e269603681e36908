import { addSource, listFetches } from '@paperboy/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fetchPage } from '../src/fetch-page.ts';
import { sharedHosts } from '../src/hosts.ts';
import { createHttp, type Http, recordPage } from '../src/index.ts';
import { createPoliteHttp } from '../src/polite-http.ts';
import { MISBEHAVIOURS, misbehave } from './misbehaving-server.ts';
import { type Bench, openBench } from './support.ts';

const maxBytes = 100_000;

let bench: Bench;
let http: Http;
let hurried: Http;
beforeAll(async () => {
  bench = await openBench();
  http = createHttp({ timeoutMs: 10_000, maxBytes, privateNetworks: true });
  hurried = createHttp({ timeoutMs: 300, maxBytes, privateNetworks: true });
});
afterAll(async () => {
  await http.close();
  await hurried.close();
  await bench.close();
});

test.each(Object.entries(MISBEHAVIOURS))('a server with %s', async (name, behaviour) => {
  const { db } = bench.store;
  const server = await misbehave(behaviour);
  try {
    const url = `${server.url}${behaviour.path ?? '/list'}`;
    const source = `way-${Object.keys(MISBEHAVIOURS).indexOf(name)}`;
    const { id } = await addSource(db, { name: source, title: name, url });
    const now = () => new Date();
    const client = behaviour.isSlow ? hurried : http;
    const polite = createPoliteHttp({ http: client, hosts: sharedHosts(db), pauseMs: 0, now });
    const fetching = () => fetchPage({ db, http: polite, maxBytes, now }, id);
    let outcome = await fetching();
    for (let n = 1; n < (behaviour.times ?? 1); n++) outcome = await fetching();

    const { ends } = behaviour;
    const [attempt] = await listFetches(db, { sourceId: id, limit: 1 });
    expect({ ...outcome, outcome: attempt?.outcome }).toMatchObject({
      kind: ends.kind,
      outcome: ends.kind,
    });
    if (ends.kind === 'failed' || ends.kind === 'blocked') {
      expect(outcome).toMatchObject({
        code: ends.code,
        detail: expect.stringMatching(ends.detail),
        ...(ends.retryAfterMs !== undefined && { retryAfterMs: ends.retryAfterMs }),
      });
      expect(attempt).toMatchObject({ errorCode: ends.code });
      expect(await pagesOf(id)).toBe(0);
    }
    if (ends.kind === 'stored' && outcome.kind === 'stored') {
      const page = await recordPage(db, outcome.listingPageId, { maxBytes });
      expect(page).toMatchObject({ verdict: ends.verdict });
      if (ends.note) expect(page.note).toMatch(ends.note);
      if (ends.verdict === 'new-batch')
        expect(await titlesOf(page.id)).toContain('Reading Page 0 Café');
    }
  } finally {
    server.close();
  }
});

async function pagesOf(sourceId: string): Promise<number> {
  const { rows } = await bench.store.pool.query(
    'select count(*)::int as pages from listing_page where source_id = $1',
    [sourceId],
  );
  return rows[0].pages;
}

async function titlesOf(pageId: string): Promise<string[]> {
  const { rows } = await bench.store.pool.query(
    'select title from appearance join paper_text using (paper_id) where listing_page_id = $1',
    [pageId],
  );
  return rows.map(({ title }) => title);
}
