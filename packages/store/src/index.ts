export {
  checkDatabase,
  type Db,
  inTransaction,
  openStore,
  type Store,
  type StoreOptions,
  type Tx,
} from './database.ts';
export {
  type FetchAttempt,
  failuresInARow,
  listFetches,
  recordFetch,
  scheduledSources,
} from './fetches.ts';
export { addEvidence, findKnownPapers } from './known-papers.ts';
export {
  type CapturedPage,
  findPageByHash,
  isRead,
  listPages,
  loadPage,
  markReady,
  type PageFindings,
  pageResult,
  papersInBatch,
  type SourceHistory,
  saveFindings,
  sourceHistory,
  storePage,
  unfinishedPages,
} from './listing-pages.ts';
export { lockRecording } from './locks.ts';
export { migrate, pendingMigrations } from './migrate.ts';
export { textsOfPage, textsSeenSince } from './paper-texts.ts';
export {
  insertAppearances,
  insertNewPapers,
  type RecordedPage,
  refreshAppearances,
  type Sighted,
  updateRecurringPapers,
} from './record-papers.ts';
export {
  addSource,
  ensureSource,
  findSource,
  listSources,
  type Source,
  type SourceDeclaration,
  sourceById,
} from './sources.ts';
export {
  allTopics,
  ensureTopic,
  findTopic,
  listCatalogue,
  type NewMatch,
  saveMatches,
  type TopicDeclaration,
  topicsAfter,
} from './topics.ts';
