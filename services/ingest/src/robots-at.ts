import { asPaperboyError, PaperboyError } from '@paperboy/core';
import type { RobotsText } from '@paperboy/store';
import type { Hosts } from './hosts.ts';
import { type Http, type HttpAnswer, TooManyRedirects } from './http.ts';
import { parseRobots, ROBOTS_MAX_BYTES, type RobotsRules } from './robots.ts';

const HOUR_MS = 3600_000;
/** How long a copy is as good as new (RFC 9309, 2.4). */
const FRESH_MS = 24 * HOUR_MS;
/** How old a copy may be that stands in for one that cannot be had. */
const STALE_MS = 48 * HOUR_MS;
/** How long a server that could not give it is left alone. */
const REST_MS = 5 * 60_000;

interface RobotsParts {
  readonly http: Http;
  readonly hosts: Pick<Hosts, 'loadRobots' | 'saveRobots'>;
  readonly now: () => Date;
}

/**
 * The rules of the server at an address, asked for once a day (then `wasAsked`). Without a robots.txt everything
 * is allowed. Where it cannot be had, the copy of the day before stands in; without one, throws PAGE_REFUSED if
 * the server refuses it for now, and PAGE_UNREACHABLE if there is no answer at all.
 */
export async function robotsAt(
  { http, hosts, now }: RobotsParts,
  url: URL,
  signal: AbortSignal | undefined,
): Promise<{ rules: RobotsRules; wasAsked: boolean }> {
  const { origin } = url;
  const copy = await hosts.loadRobots(origin);
  const at = now();
  if (copy && isYoung(copy.toldAt, FRESH_MS, at)) return { rules: rulesOf(copy), wasAsked: false };
  if (copy?.problem !== undefined && isYoung(copy.checkedAt, REST_MS, at))
    return { rules: standIn(copy, url, at), wasAsked: false };
  const found = await askFor(http, origin, signal);
  signal?.throwIfAborted();
  if (found instanceof PaperboyError) {
    if (found.code !== 'PAGE_UNREACHABLE') {
      const problem = { checkedAt: at, problem: found.detail };
      await hosts.saveRobots({ origin, ...copy, ...problem });
      return { rules: standIn({ origin, ...copy, ...problem }, url, at), wasAsked: true };
    }
    if (copy && isYoung(copy.toldAt, STALE_MS, at)) return { rules: rulesOf(copy), wasAsked: true };
    throw new PaperboyError('PAGE_UNREACHABLE', `${found.detail} (robots.txt)`, { cause: found });
  }
  const told: RobotsText = { origin, checkedAt: at, toldAt: at, ...found };
  await hosts.saveRobots(told);
  return { rules: rulesOf(told), wasAsked: true };
}

function isYoung(since: Date | undefined, ageMs: number, at: Date): boolean {
  return since !== undefined && at.getTime() - since.getTime() < ageMs;
}

function rulesOf({ body = '' }: RobotsText): RobotsRules {
  return parseRobots(body);
}

function standIn(copy: RobotsText, { host }: URL, at: Date): RobotsRules {
  if (isYoung(copy.toldAt, STALE_MS, at)) return rulesOf(copy);
  throw new PaperboyError('PAGE_REFUSED', `${host}: robots.txt cannot be had, ${copy.problem}`);
}

/** The text, nothing where there is none, or why neither is known. */
async function askFor(
  http: Http,
  origin: string,
  signal: AbortSignal | undefined,
): Promise<{ body?: string } | PaperboyError> {
  const address = `${origin}/robots.txt`;
  const request = { textUpTo: ROBOTS_MAX_BYTES, ...(signal && { signal }) };
  const answer = await http.get(address, request).catch(asPaperboyError);
  // Five redirects are as many as anybody has to follow; then there is none (RFC 9309, 2.3.1.2).
  if (answer instanceof TooManyRedirects) return {};
  return answer instanceof PaperboyError ? answer : textIn(answer);
}

function textIn({
  status,
  bytes,
  cutBecause,
  address,
}: HttpAnswer): { body?: string } | PaperboyError {
  const { host } = new URL(address);
  if (cutBecause !== undefined)
    return new PaperboyError('PAGE_UNREACHABLE', `${host}: ${cutBecause}`);
  if (status >= 500 || status === 429) return new PaperboyError('PAGE_REFUSED', `status ${status}`);
  if (status !== 200) return {};
  // Postgres keeps no NUL in a text.
  return { body: new TextDecoder().decode(bytes).replaceAll('\0', '') };
}
