import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { field, type Installation, installation, runWith } from './support.ts';

let old: Installation;
let fresh: Installation;
beforeAll(async () => {
  [old, fresh] = [await installation(), await installation()];
});
afterAll(async () => {
  await old.close();
  await fresh.close();
});

test('an installation moves by one file, with the secret that its links are signed with', async () => {
  await old.run('source', 'add', 'lab', '--title', 'Lab');
  await old.run('subscriber', 'add', 'ada@example.com', '--topic', 'dunes');
  const file = join(old.dir, 'nightly.backup');
  const [made] = await old.facts('backup', file);
  expect(made).toMatchObject({ file, hasSecret: true, bytes: statSync(file).size });
  expect(statSync(file).mode & 0o777).toBe(0o600);

  const [found] = await fresh.facts('restore', file, '--dry-run');
  expect(found).toMatchObject({ version: '0.1.0', rows: Number(field(made, 'rows')) });

  const cut = join(old.dir, 'cut.backup');
  writeFileSync(cut, readFileSync(file).subarray(0, -20));
  const damaged = await fresh.run('restore', cut);
  expect(damaged).toMatchObject({ code: 1, stderr: expect.stringContaining('BACKUP_INVALID') });

  const other = { ...fresh.env, PAPERBOY_SECRET: 'another-secret-of-32-characters-x' };
  const refused = await runWith(other, ['restore', file]);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('RESTORE_REFUSED') });
  expect(await fresh.query('select from subscriber')).toEqual([]);

  const restored = await fresh.run('restore', file);
  expect(restored).toMatchObject({ code: 0, stderr: '' });
  expect(restored.stdout).toContain('next: paperboy start --services web,ingest');
  expect(await fresh.facts('subscriber', 'show', 'ada@example.com')).toMatchObject([
    { address: 'ada@example.com', topics: [{ query: 'dunes' }] },
  ]);
  const secretOf = ({ dir }: Installation) => readFileSync(join(dir, 'home', 'secret'), 'utf8');
  expect(secretOf(fresh)).toBe(secretOf(old));
  expect(await fresh.query('select action from audit_event order by id')).toMatchObject([
    { action: 'add' },
    { action: 'add' },
    { action: 'restore' },
  ]);
  expect(await old.query(`select actor from audit_event where action = 'backup'`)).toHaveLength(1);

  const twice = await fresh.run('restore', file);
  expect(twice).toMatchObject({ code: 1, stderr: expect.stringContaining('is not empty') });
  const nowhere = await fresh.run('restore', join(old.dir, 'none.backup'));
  expect(nowhere.stderr).toContain('NOT_FOUND');
});
