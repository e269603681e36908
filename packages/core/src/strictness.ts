/** How strict a subscription is about papers that do not hold its topic in the title. */
export type Strictness = 'wide' | 'normal' | 'strict';

/**
 * The least score of such a paper, where 1 is as good as the best of the past weeks. On an open set wide gives a recall of
 * .68 with 1.1 wrong papers a topic and day, normal .62 and .7, strict .56 and .5.
 */
export const THRESHOLDS: Readonly<Record<Strictness, number>> = {
  wide: 0.3,
  normal: 0.4,
  strict: 0.5,
};

/** Likes raise the scores of all that is near them, so they ask for a little more: F1 .637, with .01 more .634. */
export const LIKES_EXTRA = 0.02;
