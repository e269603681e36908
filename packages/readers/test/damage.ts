/** Numbers that look like chance and are the same for the same seed (mulberry32). */
export function chanceOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(1, below);
  };
}

type Chance = ReturnType<typeof chanceOf>;

/** Pieces of all formats, and what parsers trip over. */
const TOKENS = [
  ...[
    '<dl id="articles">',
    '</dl>',
    '<dt>',
    '<dd>',
    '<h3>',
    '</div>',
    '<p>',
    '<a href="/abs/2602.90009">',
  ],
  ...['<div class="list-title">', '<article>', '<h3><a href="/papers/2602.90009">x</a></h3>'],
  ...[
    '<div data-target="DailyPapers" data-props="',
    'data-props=\'{"dailyPapers":[',
    '&quot;',
    '{}',
    ']}',
    '"',
  ],
  ...[
    '<item>',
    '</item>',
    '<entry>',
    '<title>',
    '<![CDATA[',
    ']]>',
    '<?xml version="1.0"?>',
    '<rss>',
    '</feed>',
  ],
  ...[
    '\\\\\n',
    'arXiv:2602.90009\n',
    'Title: x\n',
    `${'-'.repeat(78)}\n`,
    `${'%%%---'.repeat(13)}\n`,
    '\n\n',
    '\r\n',
  ],
  ...[
    '<!--',
    '-->',
    '<script>',
    '</script>',
    '<',
    '>',
    '=',
    "'",
    '\0',
    '\ufeff',
    '\u202e',
    '\ud7ff',
    '\u2028',
    '&#0;',
    '&#xd800;',
  ],
  ...[
    '<base href="javascript:x">',
    'href="javascript:alert(1)"',
    'http://[',
    '//x',
    'Feb 30',
    '99999999999',
    '-1',
    '1e999',
    'null',
  ],
  ...[
    '(showing 99999 of 1 entries)',
    'Total of 9,999,999,999 entries',
    'Fri, 99 Foo 99',
    'by AK',
    'charset=utf-16',
  ],
].map((token) => new TextEncoder().encode(token));

/** One way to harm a page; `other` is a second page to take pieces of. */
type Damage = (page: Uint8Array, other: Uint8Array, chance: Chance) => Uint8Array;

const DAMAGES: Readonly<Record<string, Damage>> = {
  flip(page, _other, chance) {
    const bytes = Uint8Array.from(page);
    for (let left = 1 + chance(8); left > 0; left--) bytes[chance(bytes.length)] = chance(256);
    return bytes;
  },
  truncate: (page, _other, chance) => page.subarray(0, chance(page.length)),
  behead: (page, _other, chance) => page.subarray(chance(page.length)),
  remove(page, _other, chance) {
    const { from, to } = slice(page, chance, 600);
    return joined(page.subarray(0, from), page.subarray(to));
  },
  duplicate(page, _other, chance) {
    const { from, to } = slice(page, chance, 2_000);
    const times = 1 + chance(chance(10) === 0 ? 60 : 3);
    return joined(
      page.subarray(0, to),
      ...new Array(times).fill(page.subarray(from, to)),
      page.subarray(to),
    );
  },
  splice(page, other, chance) {
    const { from, to } = slice(other, chance, 2_000);
    return inserted(page, other.subarray(from, to), chance);
  },
  swap(page, _other, chance) {
    const [a = 0, b = 0, c = 0] = [
      chance(page.length),
      chance(page.length),
      chance(page.length),
    ].sort((x, y) => x - y);
    return joined(page.subarray(0, a), page.subarray(b, c), page.subarray(a, b), page.subarray(c));
  },
  token: (page, _other, chance) => inserted(page, TOKENS[chance(TOKENS.length)], chance),
  nest(page, _other, chance) {
    const open =
      ['<div>', '<dl><dt>', '[', '{"a":', '<entry>', '<b>', '(', '<![CDATA['][chance(8)] ?? '';
    return inserted(page, bytesOf(open.repeat(1 + chance(800))), chance);
  },
  'huge attribute'(page, _other, chance) {
    const quote = ['"', "'", ''][chance(3)] ?? '';
    const value = (['x', '&amp;', '<', ' ', 'list-title '][chance(5)] ?? '').repeat(
      1 + chance(8_000),
    );
    return inserted(page, bytesOf(`<p class=${quote}${value}${quote}>`), chance);
  },
  'entity bomb'(page, _other, chance) {
    const names = Array.from(
      { length: 1 + chance(12) },
      (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`,
    );
    const bomb = `<!DOCTYPE x [<!ENTITY e0 "ha">${names.join('')}]>`;
    const use = bytesOf(`&e${names.length};`.repeat(1 + chance(50)));
    return joined(
      bytesOf(chance(2) === 0 ? bomb : '&'.repeat(chance(2_000))),
      inserted(page, use, chance),
    );
  },
};
const NAMES = Object.keys(DAMAGES);

/** A page harmed in one to four ways, and which. */
export function damaged(
  page: Uint8Array,
  others: readonly Uint8Array[],
  chance: Chance,
): { readonly bytes: Uint8Array; readonly ways: string } {
  let bytes = page;
  const ways: string[] = [];
  for (let left = 1 + chance(4); left > 0; left--) {
    const way = NAMES[chance(NAMES.length)] ?? '';
    const other = others[chance(others.length)] ?? page;
    bytes = DAMAGES[way]?.(bytes, other, chance) ?? bytes;
    ways.push(way);
  }
  return { bytes, ways: ways.join(', ') };
}

function slice(page: Uint8Array, chance: Chance, max: number): { from: number; to: number } {
  const from = chance(page.length);
  return { from, to: Math.min(page.length, from + 1 + chance(max)) };
}

function inserted(
  page: Uint8Array,
  piece: Uint8Array = new Uint8Array(),
  chance: Chance,
): Uint8Array {
  const at = chance(page.length + 1);
  return joined(page.subarray(0, at), piece, page.subarray(at));
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const bytesOf = (text: string) => new TextEncoder().encode(text);
