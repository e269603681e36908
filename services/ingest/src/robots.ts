/** What a robots.txt says to us, after RFC 9309. */
export interface RobotsRules {
  readonly rules: readonly Rule[];
  /** Pause between two requests that it asks for; not part of the RFC, and widely meant. */
  readonly crawlDelayMs?: number;
}

interface Rule {
  readonly allows: boolean;
  /** Normalised; `*` stands for anything, `$` at the end for the end. */
  readonly pattern: string;
}

/** Beyond this a robots.txt need not be read (RFC 9309, 2.5). */
export const ROBOTS_MAX_BYTES = 500 * 1024;
/** Our name in a robots.txt. */
const PRODUCT = 'paperboy';
/** A longer delay would only say "stay away", for which there is `Disallow`. */
const LONGEST_DELAY_MS = 60_000;

interface Group {
  readonly names: Set<string>;
  readonly rules: Rule[];
  delayMs?: number;
  /** A rule was met: the next name opens another group. */
  isClosed: boolean;
}

/**
 * Reads the rules for us: of all groups that name us, else of all groups for `*`. Never throws; lines that say
 * nothing that is known are passed over, so a page of HTML allows everything. (The usual library, robots-parser
 * 3.0, ends a group at any line it does not know and compares `%7E` with `~` as different, both against the RFC.)
 */
export function parseRobots(text: string): RobotsRules {
  const groups: Group[] = [];
  for (const line of text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/)) readLine(line, groups);
  const ours = groups.filter(({ names }) => names.has(PRODUCT));
  const chosen = ours.length > 0 ? ours : groups.filter(({ names }) => names.has('*'));
  const delays = chosen.flatMap(({ delayMs }) => delayMs ?? []);
  return {
    rules: chosen.flatMap(({ rules }) => rules),
    ...(delays.length > 0 && { crawlDelayMs: Math.max(...delays) }),
  };
}

function readLine(line: string, groups: Group[]): void {
  const [, key = '', value = ''] = /^\s*([A-Za-z-]+)\s*:([^#]*)/.exec(line) ?? [];
  const said = value.trim();
  const last = groups.at(-1);
  switch (key.toLowerCase()) {
    case 'user-agent':
      if (last && !last.isClosed) last.names.add(productIn(said));
      else groups.push({ names: new Set([productIn(said)]), rules: [], isClosed: false });
      return;
    case 'allow':
    case 'disallow':
      if (!last) return;
      last.isClosed = true;
      // An empty value is no rule.
      if (said !== '')
        last.rules.push({ allows: key.toLowerCase() === 'allow', pattern: patternOf(said) });
      return;
    case 'crawl-delay':
      if (last && /^\d{1,9}(?:\.\d{1,9})?$/.test(said))
        last.delayMs = Math.max(
          last.delayMs ?? 0,
          Math.min(Number(said) * 1_000, LONGEST_DELAY_MS),
        );
  }
}

/** The product of a name such as `Paperboy/1.0 (+https://…)`, as far as it is made of the signs of one. */
function productIn(name: string): string {
  return name.startsWith('*') ? '*' : (/^[A-Za-z_-]*/.exec(name)?.[0].toLowerCase() ?? '');
}

/**
 * The pattern that keeps us from an address, if one does: the longest that matches decides, and an `Allow` of
 * the same length before a `Disallow`.
 */
export function disallowedBy({ rules }: RobotsRules, url: URL): string | undefined {
  const path = normalised(url.pathname + url.search)
    .replaceAll('*', '%2A')
    .replaceAll('$', '%24');
  let decisive: Rule | undefined;
  for (const rule of rules) {
    const length = decisive?.pattern.length ?? -1;
    if (rule.pattern.length < length || (rule.pattern.length === length && !rule.allows)) continue;
    if (matches(rule.pattern, path)) decisive = rule;
  }
  return decisive && !decisive.allows ? decisive.pattern : undefined;
}

/** Takes time in proportion to both: each piece between two stars is looked for behind the one before. */
function matches(pattern: string, path: string): boolean {
  const isToTheEnd = pattern.endsWith('$');
  const [start = '', ...pieces] = (isToTheEnd ? pattern.slice(0, -1) : pattern).split('*');
  if (!path.startsWith(start)) return false;
  const end = isToTheEnd ? pieces.pop() : undefined;
  if (isToTheEnd && end === undefined) return path === start;
  let from = start.length;
  for (const piece of pieces) {
    const found = path.indexOf(piece, from);
    if (found < 0) return false;
    from = found + piece.length;
  }
  return end === undefined || (path.length - end.length >= from && path.endsWith(end));
}

function patternOf(value: string): string {
  // Any `$` but the last stands for itself, as it is written in a path.
  return normalised(value).replace(/\$(?=.)/gs, '%24');
}

/** One spelling for all that mean the same: signs that need no escape without, all others with upper-case digits. */
function normalised(path: string): string {
  return path
    .replace(/%([0-9a-f]{2})/gi, (code, digits: string) => {
      const sign = String.fromCharCode(Number.parseInt(digits, 16));
      return /[\w.~-]/.test(sign) ? sign : code.toUpperCase();
    })
    .replace(/[^\w.~:/?#[\]@!$&'()*+,;=%-]+/g, (signs) => encodeURIComponent(signs.toWellFormed()));
}
