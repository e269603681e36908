/**
 * Works through items in batches, two under way at a time: while Postgres is busy with one, the parameters of the
 * next are made and the rows of the last are read. Within a transaction statements still run one after another.
 */
export async function inBatches<Item, Result>(
  items: readonly Item[],
  size: number,
  work: (batch: readonly Item[]) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let previous: Promise<Result> | undefined;
  for (let from = 0; from < items.length; from += size) {
    const current = work(items.slice(from, from + size));
    // A failure of the batch before ends the loop; this one's own is then nobody's to handle.
    current.catch(() => {});
    if (previous) results.push(await previous);
    previous = current;
  }
  if (previous) results.push(await previous);
  return results;
}

/**
 * Waits for work whose statements stand in line on one connection, each sent when the one before is answered. Waits to
 * its end also where some of it fails: a part that went on after its transaction was undone would write outside it.
 * Throws what failed first.
 */
export async function together<const Work extends readonly unknown[]>(
  work: Work,
): Promise<{ -readonly [Index in keyof Work]: Awaited<Work[Index]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
