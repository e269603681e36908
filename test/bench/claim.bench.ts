import { type EditionId, idOf } from '@paperboy/core';
import { ClaimPlaces, claimDeliveries, endClaim, recordResults, type Store } from '@paperboy/store';
import type { Bench } from './bench.ts';
import { FOLLOWED, loadReaders, planReaders, unsend } from './mail-data.ts';
import { benchStore } from './postgres.ts';

const BATCH = 500;

/** Claiming and settling every delivery, beside a bare loop with SKIP LOCKED over a copy of the same table. */
export const bench: Bench = {
  name: 'claim',
  unit: 'deliveries',
  sizes: [10_000, 100_000],
  quickSizes: [2_000],
  namedSizes: [1_000_000],
  runs: 3,
  bars: [
    {
      id: '11',
      text: 'claim and done >= 0.8x a bare SKIP LOCKED loop',
      kind: 'bar',
      holds: (ratio) => ratio >= 0.8,
    },
  ],
  async setUp(size) {
    const store = await benchStore();
    const editionId = await plannedEdition(store, size);
    let ours = 0;
    let bare = 0;
    return {
      async reset() {
        await unsend(store);
        await refillBare(store);
      },
      async ours() {
        ours = await settleAll(store, editionId);
        return ours;
      },
      async limit() {
        bare = await settleBare(store, editionId);
        return bare;
      },
      check() {
        if (ours !== size || bare !== size) throw new Error(`${ours} and ${bare} of ${size}`);
      },
      tearDown: () => store.close(),
    };
  },
};

/** An edition with a delivery for every subscriber. */
export async function plannedEdition(store: Store, size: number): Promise<EditionId> {
  await loadReaders(store, size, FOLLOWED['20kB']);
  return planReaders(store);
}

/** Claims batch after batch and accepts all of each; tells `onBatch` how many are done. */
export async function settleAll(
  { db }: Store,
  editionId: EditionId,
  onBatch: (done: number) => void = () => {},
): Promise<number> {
  const places = new ClaimPlaces();
  let done = 0;
  for (let number = 1; ; number++) {
    const owner = `bench.${number}`;
    const lease = { owner, ms: 60_000 };
    const { claimed } = await claimDeliveries(db, { editionId, lease, limit: BATCH, places });
    if (claimed.length === 0) return done;
    const results = claimed.map(({ id }) => ({
      id: idOf('delivery', id),
      state: 'accepted' as const,
      spent: true,
      smtpCode: 250,
      reply: '250 2.0.0 taken',
    }));
    done += (await recordResults(db, owner, results)).size;
    await endClaim(db, owner);
    onBatch(done);
  }
}

/** A table that is `delivery` with its indexes and checks: the same rows have to be moved durably on both sides. */
async function refillBare({ pool }: Store): Promise<void> {
  await pool.query('drop table if exists bare');
  await pool.query('create table bare (like delivery including all) with (fillfactor = 70)');
  await pool.query('insert into bare overriding system value select * from delivery');
  await pool.query('vacuum analyze bare');
  await pool.query('checkpoint');
}

async function settleBare({ pool }: Store, editionId: EditionId): Promise<number> {
  for (let done = 0; ; ) {
    const { rows } = await pool.query<{ id: string }>({
      name: 'bare-claim',
      text: `with due as (select id from bare where edition_id = $1 and state in ('ready', 'deferred') and next_at <= now()
          order by next_at, id limit ${BATCH} for update skip locked)
        update bare set state = 'sending', lease_owner = 'bench'
        from due where bare.id = due.id returning bare.id`,
      values: [editionId],
    });
    if (rows.length === 0) return done;
    const settled = await pool.query({
      name: 'bare-done',
      text: `update bare set state = 'accepted', lease_owner = null where id = any($1::bigint[])`,
      values: [rows.map(({ id }) => id)],
    });
    done += settled.rowCount ?? 0;
  }
}
