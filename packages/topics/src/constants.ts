/**
 * Every number of the score, with what it rests on. They hold for all topics and all sources; figures are
 * of an open set of 1,484 conference papers, 34 topics and the authors' own keywords.
 */
export const SCORING = {
  /**
   * How much a place of a unit or a single word counts: in the title, where the abstract opens, and where it closes;
   * between these it falls by e for each `1 / fall` of the abstract. F1 .634, and .618 where all places of an abstract
   * count alike; on a second set .234 and .216. Other shapes of the fall give .629 to .634.
   */
  place: { title: 2, opening: 2, closing: 0.5, fall: 4 },

  /**
   * Saturation of what is said of all units together: alternatives are names of one subject, so a paper with two of
   * them is no better than one that says one twice, and there is no rarity in it. At 3 F1 is .632, at 8 .626.
   */
  unit: { saturation: 4, lengthShare: 0.3 },

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
    background: 0.5,
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

  /**
   * What a term of a vector must be: in two papers at least, in a fifth at most, among the most frequent. Related words
   * say what a paper is near to, wherever in it they stand; those of the title count twice.
   */
  vocabulary: { minPapers: 2, maxShare: 0.2, maxTerms: 30_000, titleWeight: 2 },
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
const CUT = 2;
export const PROFILE_RULES = JSON.stringify([CUT, SCORING]);

/** What readers see instead of a number: at least this score is called so. */
export const BANDS = [
  { name: 'Strong', least: 0.8 },
  { name: 'Good', least: 0.55 },
  { name: 'Possible', least: 0 },
] as const;
export type Band = (typeof BANDS)[number]['name'];
