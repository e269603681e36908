export { addressFor, type PageAddress } from './addresses.ts';
export { type Capture, capturePage } from './capture-page.ts';
export { type FetchOutcome, fetchPage } from './fetch-page.ts';
export { createHttp, type Http, type HttpAnswer, type HttpOptions } from './http.ts';
export { matchHistory, type PaperWords, paperText, TopicMatcher } from './match-papers.ts';
export { reconcileIngest } from './reconcile.ts';
export { keyed, type PageFacts, recordPage, recordReading } from './record-page.ts';
export { type IngestParts, type IngestService, startIngest } from './start.ts';
