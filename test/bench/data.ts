/**
 * Papers made from a small grammar of our own: the same seed gives the same bytes on every machine. Their
 * sizes follow the real ones: titles of 40 to 110 characters, abstracts of 1,380 to 1,920 in 8 to 14 sentences.
 */
export interface SyntheticPaper {
  /** `2601.00001` upwards; one seed never repeats one. */
  readonly arxivId: string;
  readonly title: string;
  readonly abstract: string;
  readonly authors: readonly string[];
  readonly upvotes: number;
  readonly publishedAt: string;
  readonly githubRepo?: string;
}

/** Numbers in [0, 1) from a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const METHODS =
  'sparse attention,flow matching,speculative decoding,low-rank adaptation,preference tuning,token pruning,neural rendering,graph transformers,state space models,tool use,reward modelling,self-distillation,mixture of experts,curriculum learning,contrastive pretraining,quantised caches,tree search,latent diffusion,program synthesis,memory replay'.split(
    ',',
  );
const FIELDS =
  'protein design,long videos,mathematical reasoning,robot grasping,medical imaging,code review,weather forecasts,spoken dialogue,web agents,molecular dynamics,table understanding,machine translation,scene reconstruction,document parsing,recommendation,anomaly detection'.split(
    ',',
  );
const QUALITIES =
  'robust,efficient,scalable,data-centric,interpretable,training-free,modular,calibrated,privacy-aware,streaming,compact,multilingual'.split(
    ',',
  );
/** What the papers are about: phrases that their texts hold. */
export const SUBJECT_PHRASES: readonly string[] = [...METHODS, ...FIELDS];
const RESULTS =
  'accuracy rises by,latency falls by,memory use shrinks by,the error rate drops by,sample cost is lower by,agreement with experts grows by'.split(
    ',',
  );
const FIRST_NAMES =
  'Ada,Bo,Chiara,Dmitri,Elif,Femi,Günther,Hana,Inês,João,Kavya,Łukasz,Mei,Nia'.split(',');
const LAST_NAMES =
  'Abara,Brandt,Castellano,Dvořák,Eriksen,Fujita,García,Huang,Ivanova,Jansen,Kim,Lindqvist,Müller,Nguyen,Okafor,Park'.split(
    ',',
  );

/** The endless series of one seed, one at a time: a million papers do not fit into a heap at once. */
export function* paperSeries(seed: number): Generator<SyntheticPaper, never> {
  const random = randomFrom(seed);
  for (let index = 0; ; index++) yield paper(index, random);
}

/** `count` papers of one seed; the first papers of a longer list are those of a shorter one. */
export function papers(count: number, seed: number): SyntheticPaper[] {
  return take(paperSeries(seed), count);
}

/** The next `count` papers of a series. */
export function take(series: Iterator<SyntheticPaper, never>, count: number): SyntheticPaper[] {
  return Array.from({ length: count }, () => series.next().value);
}

function paper(index: number, random: () => number): SyntheticPaper {
  const pick = <Value>(from: readonly Value[]): Value => {
    const value = from[Math.floor(random() * from.length)];
    if (value === undefined) throw new Error('nothing to pick from');
    return value;
  };
  const number = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const [method, field] = [pick(METHODS), pick(FIELDS)];
  const name = `${capital(pick(QUALITIES)).replace(/-.*/, '')}${capital(pick(METHODS).split(' ')[0] ?? '')}`;
  const sentence = () =>
    pick([
      () =>
        `We study ${pick(METHODS)} for ${pick(FIELDS)}, where labelled data is scarce and costly to collect.`,
      () =>
        `Across ${number(3, 40)} benchmarks, ${pick(RESULTS)} ${number(2, 60)}.${number(0, 9)}% (${number(2, 9)} seeds, $p < 0.0${number(1, 5)}$).`,
      () =>
        `Prior work on ${pick(METHODS)} "scales out" poorly once inputs exceed ${number(2, 128)}k tokens & several modalities.`,
      () =>
        `Our ${pick(QUALITIES)} design couples ${pick(METHODS)} with ${pick(METHODS)}, which keeps the model's cost at O(n log n).`,
      () =>
        `An ablation shows that ${pick(METHODS)} matters most for ${pick(FIELDS)}, while ${pick(METHODS)} matters least.`,
      () =>
        `Code, weights and a ${pick(QUALITIES)} demo are at https://example.org/${name.toLowerCase()}/${number(100, 999)}.`,
    ])();
  const sentences = [
    `We introduce ${name}, a ${pick(QUALITIES)} approach to ${field} with ${method}.`,
  ];
  const target = number(1_380, 1_900);
  for (let length = 0; length < target; ) {
    const next = sentence();
    sentences.push(next);
    length = sentences.join(' ').length;
  }
  const serial = `${number(1_000, 9_999)}`;
  return {
    arxivId: `${2601 + Math.floor(index / 99_999)}.${String((index % 99_999) + 1).padStart(5, '0')}`,
    // The number keeps titles apart, for title keys are what identifies a paper without an id.
    title: `${name}-${index}: ${capital(pick(QUALITIES))} ${capital(method)} for ${capital(field)}`,
    abstract: sentences.join(' ').slice(0, 1_920),
    authors: Array.from({ length: number(3, 9) }, () => `${pick(FIRST_NAMES)} ${pick(LAST_NAMES)}`),
    upvotes: number(0, 200),
    publishedAt: `2026-01-${String(number(1, 28)).padStart(2, '0')}T${String(number(0, 23)).padStart(2, '0')}:15:00.000Z`,
    ...(random() < 0.4 && {
      githubRepo: `https://github.com/example/${name.toLowerCase()}-${serial}`,
    }),
  };
}

function capital(words: string): string {
  return words.replace(/(?:^|[ -])[a-z]/g, (start) => start.toUpperCase());
}

/** A Hugging Face day page of these papers: head and scripts, the data of the list escaped in one attribute, and cards. */
export function hfPage(list: readonly SyntheticPaper[], day = '2026-02-05'): string {
  const data = {
    canSubmit: false,
    dailyPapers: list.map((one) => hfItem(one, day)),
    dateString: day,
  };
  const props = escapeAttribute(
    JSON.stringify({ ...data, periodType: 'day', query: {}, isTrending: false }),
  );
  const script = `<script>window.hubConfig = ${JSON.stringify({ features: METHODS, flags: FIELDS })};</script>`;
  return `<!doctype html>
<html class=""><head><meta charset="utf-8" /><title>Daily Papers - Hugging Face</title>${script.repeat(55)}</head>
<body><main><div class="SVELTE_HYDRATER contents" data-target="DailyPapersBannerSubscribe" data-props="{&quot;isLoggedIn&quot;:false}"></div>
<div class="SVELTE_HYDRATER contents" data-target="DailyPapers" data-props="${props}"><section><h1>Daily Papers</h1>${list.map(card).join('')}</section></div></main></body></html>
`;
}

/** An item as the API and the page give it, with the fields that nobody reads too. */
export function hfItem(one: SyntheticPaper, day: string): Record<string, unknown> {
  const user = (name: string) => ({
    _id: `66c0a08bac74db25de84${one.arxivId.slice(-4)}`,
    avatarUrl: `/avatars/66c0a08bac74db25de84${one.arxivId.slice(-4)}.svg`,
    isPro: false,
    fullname: name,
    user: name.toLowerCase().replace(' ', '-'),
    type: 'user',
    isHf: false,
    isMod: false,
    followerCount: 24,
    isUserFollowing: false,
  });
  return {
    paper: {
      id: one.arxivId,
      authors: one.authors.map((name, index) => ({
        _id: `68db424ed2bf1f4b15ec7${100 + index}`,
        ...(index < 2 && { user: user(name), status: 'claimed_verified' }),
        name,
        hidden: false,
      })),
      publishedAt: one.publishedAt,
      submittedOnDailyAt: `${day}T01:13:12.259Z`,
      title: one.title,
      submittedOnDailyBy: user(one.authors[0] ?? ''),
      summary: one.abstract,
      upvotes: one.upvotes,
      ...(one.githubRepo !== undefined && { githubRepo: one.githubRepo, githubStars: 12 }),
      ai_summary: one.abstract.slice(0, 160),
      ai_keywords: METHODS.slice(0, 8),
    },
    publishedAt: one.publishedAt,
    title: one.title,
    summary: one.abstract,
    thumbnail: `https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/${one.arxivId}.png`,
    numComments: 2,
    submittedBy: user(one.authors[0] ?? ''),
    organization: {
      _id: '628735cbc83a2d6ab8d14a66',
      name: 'example',
      fullname: 'Example University',
    },
    isAuthorParticipating: false,
  };
}

function card(one: SyntheticPaper): string {
  return `<article class="relative flex flex-col overflow-hidden rounded-xl border"><h3 class="mb-1 text-lg/6 font-semibold"><a href="/papers/${one.arxivId}" class="line-clamp-3 cursor-pointer">${escapeText(one.title)}</a></h3><a href="/login?next=%2Fpapers%2F${one.arxivId}"><div role="checkbox">Upvote <div class="font-semibold">${one.upvotes}</div></div></a></article>`;
}

function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}

function escapeAttribute(text: string): string {
  return escapeText(text).replace(/"/g, '&quot;');
}
