/** How strict a subscription is about papers that do not hold its topic in the title. */
export type Strictness = 'wide' | 'normal' | 'strict';

/**
 * The least score of such a paper, where 1 is as good as the best of the past weeks. On an open set wide gives a recall of
 * .70 with 1.58 wrong papers a topic and day, strict .57 and .62.
 */
export const THRESHOLDS: Readonly<Record<Strictness, number>> = {
  wide: 0.3,
  normal: 0.4,
  strict: 0.5,
};

/** Likes raise the scores of all that is near them, so they ask for a little more: F1 .620, with .025 more .617. */
export const LIKES_EXTRA = 0.01;
