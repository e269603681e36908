import type { DomainPace } from '@paperboy/store';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { paceAfter, paceWithTrouble } from './domain-paces.ts';

const now = new Date('2026-03-02T08:00:00Z');
const MINUTE = 60_000;
const fresh: DomainPace = {
  most: 5,
  failures: 0,
  deadUntil: null,
  restMs: 5 * MINUTE,
  trouble: null,
};
const taken = (pace: DomainPace) => paceAfter(pace, { taken: pace.most, throttled: 0 }, now);
const throttled = (pace: DomainPace, times = 1) =>
  paceAfter(pace, { taken: 0, throttled: times }, now);

test('each cohort that is taken adds one conversation, up to twenty', () => {
  let pace = fresh;
  const most = Array.from({ length: 17 }, () => {
    pace = taken(pace);
    return pace.most;
  });
  expect([most.at(0), most.at(14), most.at(16)]).toEqual([6, 20, 20]);
});

test('a refusal halves it, down to one', () => {
  const halved = throttled({ ...fresh, most: 20 });
  expect(halved).toMatchObject({ most: 10, failures: 1, deadUntil: null });
  expect(throttled({ ...fresh, most: 3 })).toMatchObject({ most: 1, deadUntil: null });
});

test('a whole cohort of refusals puts it to rest; so does one after it, for longer each time', () => {
  let pace = throttled(fresh, 5);
  const rests = Array.from({ length: 6 }, () => {
    const restMs = (pace.deadUntil?.getTime() ?? 0) - now.getTime();
    pace = throttled(pace);
    return restMs / MINUTE;
  });
  expect(rests).toEqual([5, 10, 20, 40, 66, 66]);
  expect(taken(pace)).toEqual({ ...fresh, most: 2 });
});

test('a domain that refuses our sender rests at its first word and keeps its pace; later words of the same moment change nothing', () => {
  const trouble = { code: 'SENDER_REFUSED', detail: '550 5.7.26 no' } as const;
  const held = paceWithTrouble({ ...fresh, most: 12 }, trouble, now);
  expect(held).toEqual({
    most: 12,
    failures: 0,
    deadUntil: new Date(now.getTime() + 5 * MINUTE),
    restMs: 10 * MINUTE,
    trouble,
  });
  expect(paceWithTrouble(held, trouble, now)).toEqual(held);
  // The one message that tries again has a minute; it is refused too.
  const probed = { ...held, deadUntil: new Date(now.getTime() + MINUTE) };
  expect(paceWithTrouble(probed, trouble, now)).toMatchObject({
    deadUntil: new Date(now.getTime() + 10 * MINUTE),
    restMs: 20 * MINUTE,
  });
  expect(taken(probed)).toEqual({ ...fresh, most: 13 });
});

test('refusals between messages that are taken do not add up', () => {
  const mixed = paceAfter({ ...fresh, failures: 4 }, { taken: 2, throttled: 1 }, now);
  expect(mixed).toMatchObject({ most: 2, failures: 1, deadUntil: null });
});

test('whatever is met, the pace stays between one and twenty and a rest between 5 and 66 minutes', () => {
  const cohort = fc.record({ taken: fc.nat(40), throttled: fc.nat(40) });
  fc.assert(
    fc.property(fc.array(cohort, { maxLength: 60 }), (cohorts) => {
      const pace = cohorts.reduce<DomainPace>((before, met) => paceAfter(before, met, now), fresh);
      expect(pace.most).toBeGreaterThanOrEqual(1);
      expect(pace.most).toBeLessThanOrEqual(20);
      expect(pace.restMs).toBeGreaterThanOrEqual(5 * MINUTE);
      expect(pace.restMs).toBeLessThanOrEqual(66 * MINUTE);
    }),
  );
});
