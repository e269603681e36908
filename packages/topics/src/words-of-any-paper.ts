import { PAIR } from './paper-terms.ts';
import { contentStems } from './stop-words.ts';

/**
 * What abstracts of every field are made of, one form of each word. How they were counted and picked, and why subjects of
 * many fields are not among them: docs/decisions/0030-words-of-any-paper.md.
 */
const WORDS_OF_ANY_PAPER = `
  ability ablation able absence accelerate access accommodate according account accuracy accurate
  achieves acquire acquisition act actual ad adaptive adding additional address adjusts adopt
  advances advantage affect aggregation aggressive agnostic aid aims algorithm alleviate allows
  alone already alternative although always amount analysis analytical analyze annotations another
  appearance applications applied appropriate approximation arbitrary architecture area argue arise
  art ask aspects assess assignment assisted associated assume assumption attains attempts attend
  attracted auto automated automatically auxiliary available average avoid aware back background
  balance based baselines basic basis become begins benchmarks beneficial benefits best better
  billion black block body boosts bottleneck bound box branch break bridge brings broad budget
  building built calculate called candidate cannot capabilities capacity capture carefully carry
  case catastrophic categories cause central certain challenging changes characteristics
  characterize choice choose claim class classical clean clear closed co com combining comes common
  community compact compared comparison competitive complement complementary complete complex
  complicated components composed comprehensive computational concept concerns concrete conditions
  conduct configurations confirm connections consequently consider considerable consistently
  constant constitutes constrained construct consuming contains content continuous contrast
  contributions conventional converting core correct corresponding cost counterparts coupled
  covering crafted create criteria critical cross crucial current custom data datadriven dataset
  date de deal decision decomposes decrease defined definition degradation degree delivers demands
  demonstrate dependent deployment derived describe descriptions design desired details determine
  develop devise different difficult difficulty dimensional dimensions directly discard discover
  discovery discrepancy discuss distinct distinguish distribution diverse domain domainspecific
  dominant double downstream drastically drawing drawn driven drop due dynamic early easily easy
  effective efficacy efficient effort either elements eliminating emerged empirical employs enables
  encourages end endtoend enforcing enhance enough ensuring entire equal equipped equivalent error
  especially essential establish estimation evaluation even evolving exact examine examples exceeds
  excel execution exhaustive exhibit existing expanding expected expensive experimental experiments
  explicit exponential expressive extend extensive external extreme face facilitate fact factors
  fail failure family far fast faster favorable feasibility features feed few fewer fidelity
  filtering finally find fine finegrained first fitting five fixed flexible fly focus following
  form formal formulation forward found four frame framework free frequently full fully function
  fundamental further furthermore future gains gap generalization generalpurpose generation generic
  github give given global go goal good google gradually grained great greater groundtruth group
  growing guarantees guidance guided hand handcrafted handle hard heavily help heuristic high
  higher highest highlevel highlight highquality hindered history hold hope horizon however https
  hundreds hybrid idea ideal identification identify ignore ii iii ill illustrate immediately
  impact implementation important impossible impractical impressive improve including incomplete
  inconsistent incorporating increasingly incremental independent indicate individual induced
  inefficient infeasible influence information inherent initial innovations input insights inspired
  instance instead insufficient integrates intensive inter interest intermediate internal intrinsic
  introduce intuitive investigate involving irrelevant issue items iterative itself jointly keeping
  key kind knowledge known labels lack large larger largescale largest last later leading learning
  learningbased least leaving length lens less level leveraging lies life light like likelihood
  limited line link literature little local locations long look low lower made magnitude main
  maintaining major making manner manual many map margin massive matching maximize maximum mean
  meaningful measure mechanism methodology metrics million minimal missing mitigate mixed mode
  models modern modifications modifying modular module moreover most motivated moving ms much multi
  multiple multistep naive named narrow natural near necessary need negative newly next non
  nontrivial notably novel number numerical observations obtain occur off offers offtheshelf often
  once one open opensource operations optimization options order organization oriented original
  other outcomes outperforms output overall overcome overhead overlap own pairs paradigm parameters
  parametric part partial particularly partition pass past patterns perfect performance perspective
  phase pipeline place platform plausible play point poor popular position possess possible post
  potential powerful practical practitioners pre precision predefined prediction predictor presence
  present preserving prevent previous primarily primary principled prior probability problem
  procedure process produce product progress prohibitive project promising promote prone proper
  properties propose protocol prove proven provide publicly purely purpose push qualitative quality
  quantify quantitative quantity quickly random range rapid rare rate rather ratio raw re reach
  real realistic realized realtime realworld received recent recognize recover reduce reduction
  redundant reference refinement reflect regarding regime regions relationships relative release
  relevant reliable rely remains remarkable removing repeated replaces replicate report represent
  representations reproducible requires research resolve resource respectively respond responses
  restricted results retaining retraining reuse reveal revisit rich right rigorous rise robust role
  rule run same sampling satisfy scalable scale scenarios scheme score scratch seamlessly second
  seeking seen selection self sensitive separate sequence sequential series serve set setup seven
  several shared shelf shift short show side significantly similar simple simplified simply
  simultaneously single sites situations size slow small smaller soft solely solution solving
  sophisticated source space spanning specialized specific specified split stability stable stack
  stage standard start state stateoftheart static stems step still straightforward strategy
  strengths strong structure study sub subject suboptimal subsequent subset substantial succeed
  success suffer sufficient suggest suitable suite superior support surpasses surprisingly
  systematic systems tackle take target tasks taskspecific techniques ten tend term test
  theoretical thereby therefore though thousands three thus time timeconsuming together too top
  total tractable trade tradeoff traditional training transition treat trials trivial true truth
  turn two twostage tying types typically ultimately uncertain unclear uncover under understanding
  unified uniform unique universal unknown unlike unpredictable unseen updates usability usage user
  using usually utility validate valuable value variable variance variants variety various varying
  vast very way weak weights well whereas whole wide widespread wise work years yields zero

  beat half idle keep let lift lose matter ordinary pick raise save see send struggle tell unlock
  win`;

/** Subjects that are called by two such words. */
const SUBJECTS_OF_TWO = `contrastive learning, continual learning, data selection, decision making, decision process,
  distribution shift, domain adaptation, domain generalization, domain randomization, domain shift,
  dynamical system, dynamics model, error correction, feature learning, feed forward, first order,
  generative model, goal conditioned, group relative, higher order, importance sampling,
  information bottleneck, information theory, iterative refinement, key value, knowledge base,
  learning rate, long form, long horizon, low resource, lower bound, model free, multi class,
  multi label, multi scale, multi task, multi turn, observational data, open domain,
  parameter efficient, parameter sharing, parametric knowledge, partial observability, post training,
  representation learning, sample complexity, sample efficiency, second order, self consistency,
  self correction, self improvement, self play, sequence modeling, sequential decision,
  state estimation, state space, structured data, test time, time series, value function`;

/** A letter or a number, which tells a reader nothing, alone or beside such a word. */
export const NO_WORD = /^(?:[a-z]|\p{N}+)$/u;

/** Whether a word or a pair, by its stems, can say what a paper is about: most others stand in any paper. */
export function namesSubject(stems: readonly string[]): boolean {
  // Cut into words when the first reason is told: a start does without.
  known ??= {
    words: new Set(contentStems(WORDS_OF_ANY_PAPER)),
    pairs: new Set(SUBJECTS_OF_TWO.split(',').map((one) => contentStems(one).join(PAIR))),
  };
  const { words, pairs } = known;
  return (
    stems.some((stem) => !words.has(stem) && !NO_WORD.test(stem)) || pairs.has(stems.join(PAIR))
  );
}

let known: Readonly<Record<'words' | 'pairs', ReadonlySet<string>>> | undefined;
