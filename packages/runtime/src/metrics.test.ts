import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createMetrics } from './metrics.ts';

test('alerts ask for figures that the services give', async () => {
  const rules = readFileSync(
    new URL('../../../infra/monitoring/alerts.yml', import.meta.url),
    'utf8',
  );
  const asked = new Set(rules.match(/\bpaperboy_\w+/g));
  const metrics = await createMetrics();
  const given = [...(await metrics.render()).matchAll(/^# TYPE (\w+) (\w+)/gm)].flatMap(
    ([, name, type]) => (type === 'histogram' ? [`${name}_count`, `${name}_bucket`] : [name]),
  );
  expect(asked.size).toBeGreaterThan(5);
  expect(given).toEqual(expect.arrayContaining([...asked]));
});
