/**
 * Every number of the score, with what it rests on. They hold for all topics and all sources; figures are
 * of an open set of 1,484 conference papers, 34 topics and the authors' own keywords.
 */
export const SCORING = {
  /** How much a place in the title counts against one in the abstract. */
  titleWeight: 2,

  /**
   * Saturation of a unit's frequency: alternatives are equals, so there is no rarity in it, and a paper that
   * says it often is a better one. nDCG@10 .833; with k 1.2 and b 0.75 .819, with idf on top .788.
   */
  unit: { saturation: 3, lengthShare: 0.3, gain: 4 },

  /** BM25 of single words at its usual constants, which only fills in below the units. */
  word: { saturation: 1.2, lengthShare: 0.75, gain: 2.2, weight: 0.3 },

  /** A typed acronym's long form, a typed long form's acronym: both are sometimes something else. */
  acronym: { longFormWeight: 0.9, acronymWeight: 0.8, minSeen: 2, minShare: 0.5, maxWords: 7 },

  /**
   * Papers that the related words are learnt from, and how many words are kept. 10 to 20 papers by 20 to 60
   * words give F1 .605 to .610; 40 papers .587 and more than one wrong paper per topic and day.
   */
  related: {
    papers: 20,
    terms: 60,
    /** Of what all papers have in common, this much is taken off, so that related words tell a topic from the rest. */
    background: 0.25,
  },

  /** Weights of related words and liked papers once there are likes; what a dislike takes off again. */
  likes: {
    relatedWeight: 0.7,
    likedWeight: 0.7,
    dislikedShare: 0.3,
    /** As near to what was liked as this, where 1 is as near as the ten nearest of the past weeks, it is told. */
    toldFrom: 0.5,
  },

  /** A score of 1 is "as good as the mean of this many best papers of the past weeks". */
  normPapers: 10,

  /** With fewer exact matches in the history, related words are noise: `GNN` with one match learnt "bar". */
  minExactMatches: 3,

  /** What a term of a vector must be: in two papers at least, in a fifth at most, among the most frequent. */
  vocabulary: { minPapers: 2, maxShare: 0.2, maxTerms: 30_000 },
} as const;

/**
 * How many of the newest papers are learnt from, a power of two. About a thousand are enough; each takes some 50 kB of
 * memory.
 */
export const HISTORY_PAPERS = 2_048;

/**
 * By what the numbers of a profile that was kept are to be read. `CUT` is raised with every change of how texts are cut
 * into words: profiles of before are then learnt again.
 */
const CUT = 1;
export const PROFILE_RULES = JSON.stringify([CUT, SCORING]);

/** What readers see instead of a number: at least this score is called so. */
export const BANDS = [
  { name: 'Strong', least: 0.8 },
  { name: 'Good', least: 0.55 },
  { name: 'Possible', least: 0 },
] as const;
export type Band = (typeof BANDS)[number]['name'];
