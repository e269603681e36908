export { addressFor, type PageAddress } from './addresses.ts';
export {
  createEmbeddingClient,
  type EmbeddingAddress,
  type EmbeddingClient,
} from './ask-embeddings.ts';
export { type AskParts, askSource } from './ask-source.ts';
export { type Capture, type CapturedPage, capturePage, capturePages } from './capture-page.ts';
export type { ReadPage } from './decide-page.ts';
export type { EmbeddingOptions, EmbeddingPart } from './embeddings.ts';
export type { FetchOutcome } from './fetch-attempt.ts';
export { fetchPage } from './fetch-page.ts';
export { gatherParts } from './gather-parts.ts';
export { ownHosts, sharedHosts } from './hosts.ts';
export { createHttp, type Http, type HttpAnswer, type HttpOptions } from './http.ts';
export { keyed } from './keyed.ts';
export { type Manners, mannersOf } from './manners.ts';
export { TopicMatcher } from './match-papers.ts';
export type { PageFacts } from './page-facts.ts';
export { createPoliteHttp } from './polite-http.ts';
export { PresentPast } from './present-past.ts';
export { type PageOrigin, readBodies } from './read-stored-page.ts';
export { type RecentMatch, RecentPapers, type RecentView } from './recent-papers.ts';
export { reconcileIngest } from './reconcile.ts';
export { recordPage, recordReading, recordReadings } from './record-page.ts';
export { announceAlerts } from './reports.ts';
export { type Reread, rereadPage } from './reread-page.ts';
export { type IngestParts, type IngestService, startIngest } from './start.ts';
