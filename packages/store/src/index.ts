export {
  beginSession,
  endSession,
  endSessionsOf,
  SESSION_LIFE,
  type SessionOwner,
  sessionOwner,
} from './admin-sessions.ts';
export {
  ADMIN_ROLES,
  type Admin,
  type AdminRole,
  acceptInvitation,
  changePassword,
  findAdmin,
  hasAdmins,
  invitationRole,
  inviteAdmin,
  inviteFirstAdmin,
  listAdmins,
  removeAdmin,
} from './admins.ts';
export { aliasesOf, currentPaper } from './aliases.ts';
export {
  API_SCOPES,
  type ApiScope,
  type ApiToken,
  addApiToken,
  findApiToken,
  listApiTokens,
  revokeApiToken,
} from './api-tokens.ts';
export {
  type AuditEntry,
  type AuditedChange,
  audited,
  listAudit,
  type NoteChange,
} from './audit-log.ts';
export {
  complaintShare,
  findStray,
  keepStray,
  listReturns,
  listStrays,
  probePaused,
  type ReturnEffect,
  type Returned,
  type ReturnView,
  recordReturn,
} from './bounces.ts';
export {
  claimsInUse,
  endClaim,
  extendLease,
  type Lease,
  lapseLeases,
  leaseOwners,
  removeLapsedClaims,
} from './claims.ts';
export { consentEvents } from './consent-events.ts';
export {
  checkDatabase,
  type Db,
  openStore,
  type Store,
  type StoreOptions,
  type Tx,
} from './database.ts';
export {
  type Claim,
  type ClaimedDelivery,
  claimDeliveries,
  type StagedMessage,
  stageDeliveries,
} from './deliveries.ts';
export {
  countDeliveries,
  countUncertain,
  DELIVERY_STATES,
  type DeliveryDetail,
  type DeliveryFilter,
  type DeliveryState,
  type DeliveryView,
  listDeliveries,
  showDelivery,
} from './delivery-list.ts';
export {
  type DoubtfulDelivery,
  lapsedDeliveries,
  releaseUnstaged,
  resendUncertain,
  uncertainDeliveries,
} from './delivery-recovery.ts';
export {
  type DeliveryResult,
  recordResults,
  settleLapsed,
  settleUncertain,
} from './delivery-results.ts';
export type { DeliveryEvent } from './delivery-steps.ts';
export { type DigestCandidate, digestCandidates, plannedThrough } from './digest-candidates.ts';
export { type DigestMatch, type DigestToRender, loadDigests } from './digests.ts';
export {
  type EditionCard,
  type EditionToRender,
  gatherPapers,
  loadEdition,
  markTrending,
  recurringSightings,
} from './edition-papers.ts';
export {
  countHeldEditions,
  editionsWithDueDeliveries,
  finishEditions,
  hasEdition,
  lastReadyNo,
  listEditions,
  nextDueInMs,
  type OpenEdition,
  openEdition,
} from './editions.ts';
export {
  type EmbeddingService,
  embeddingService,
  embeddingsAnswered,
  embeddingsFailed,
  papersToEmbed,
  saveVectors,
  type TextKey,
  topicsToEmbed,
  topicTextKey,
  vectorLength,
  vectorsOf,
} from './embeddings.ts';
export {
  FEEDBACK_ACTIONS,
  type Feedback,
  type FeedbackAction,
  feedbackOf,
  giveFeedback,
  NO_FEEDBACK,
} from './feedback.ts';
export {
  type FetchAttempt,
  listFetches,
  recordFetch,
} from './fetches.ts';
export { findPaperByKey } from './find-paper.ts';
export { expireDeferred, gatherMissed } from './fold-deliveries.ts';
export { endTurn, type Turn, type TurnWish, takeTurn } from './host-turns.ts';
export { importObstacles, saveImportDraft, takeImportDraft } from './import-drafts.ts';
export {
  activeChaos,
  CHAOS_KINDS,
  type ChaosKind,
  type ChaosSwitch,
  type ChaosWish,
  endChaos,
  startChaos,
  takeChaosTurn,
} from './inbox-chaos.ts';
export {
  acceptedByInbox,
  countInboxMessages,
  findInboxMessage,
  type InboxEntry,
  type InboxMessage,
  listInboxMessages,
  type ReceivedMessage,
  saveInboxMessage,
} from './inbox-messages.ts';
export { type JobSubjects, jobSubjects } from './job-subjects.ts';
export { addEvidence, findKnownPapers } from './known-papers.ts';
export {
  acceptedPages,
  type CapturedPage,
  findPageByHash,
  findPagesByHash,
  findWholePage,
  listPages,
  loadPage,
  markAllReady,
  markReady,
  PAST_PAGES,
  type PagePart,
  pageAgain,
  papersInBatch,
  type StoredPage,
  storePage,
  storePages,
  unfinishedPages,
  unreadBefore,
} from './listing-pages.ts';
export {
  countPapersOfPages,
  type DayPage,
  type DaySummary,
  type ListedPaper,
  listDays,
  neighbourDays,
  type PageView,
  type PaperChoice,
  pagesOfDay,
  papersOfPages,
  recordedPage,
  recordedPages,
} from './listing-views.ts';
export { lockReadyPagesExclusive, lockReadyPagesShared, lockRecording } from './locks.ts';
export {
  changePace,
  changePaces,
  DOMAIN_PACE,
  type DomainPace,
  PROBE_MS,
  slowDomains,
} from './mail-domains.ts';
export { type MailQuota, type QuotaGrant, takeQuota } from './mail-quota.ts';
export { listMerges, type MergeView } from './merge-list.ts';
export { lockPapers, type MovedRows, mergePapers } from './merge-papers.ts';
export { noteMergedSightings, type SeenAgain } from './merged-sightings.ts';
export { migrate, pendingMigrations } from './migrate.ts';
export { linkOtherWorks } from './other-works.ts';
export { entriesOfPage, type PageEntry, papersGone } from './page-entries.ts';
export {
  type PageFindings,
  type PageResult,
  pageResult,
  pageResults,
  readAmong,
  saveFindings,
} from './page-findings.ts';
export {
  findValidators,
  latestValidators,
  type PageValidators,
  saveValidators,
  type Validators,
} from './page-validators.ts';
export {
  newestPapers,
  type PaperCard,
  paperCard,
  papersOfReader,
  papersOfTopic,
} from './paper-cards.ts';
export {
  countPairs,
  keepApart,
  keptApart,
  listPairs,
  loadSides,
  type PairSide,
} from './paper-pairs.ts';
export {
  historySize,
  historyTexts,
  textsOfPages,
  textsOfPapers,
  textsOfPast,
} from './paper-texts.ts';
export {
  type AppearanceView,
  appearancesOfPaper,
  catalogueTopicsOfPaper,
  loadPaperView,
  namesakesOfPaper,
  type PaperView,
  type RevisionView,
  revisionsOfPaper,
  type TopicOfPaper,
  type WordingView,
  wordingsOfPaper,
} from './paper-views.ts';
export { gatherWords } from './paper-words.ts';
export { together } from './pipeline.ts';
export {
  type Audience,
  activeSchedules,
  type DueWindow,
  dueTopics,
  dueWindow,
  type EditionHour,
  insertDeliveries,
  type PlannedDeliveries,
} from './plan-deliveries.ts';
export {
  countInBucket,
  emptyBuckets,
  type RateCount,
  type RateLimit,
  takeFromBucket,
} from './rate-buckets.ts';
export { endFeed, feedOfReader, type ReaderFeed, renewFeed } from './reader-feed.ts';
export {
  changeWishes,
  eraseReader,
  exportReader,
  hasDigests,
  pauseReader,
  type ReaderWishes,
  readerDigests,
  resumeDue,
  resumeReader,
  savedPapers,
} from './reader-wishes.ts';
export {
  insertAppearances,
  insertNewPapers,
  type OnPage,
  onPage,
  type RecordedPage,
  refreshAppearances,
  type Sighted,
  updateRecurringPapers,
} from './record-papers.ts';
export {
  type Break,
  breakRelay,
  giveBackProbe,
  mendRelay,
  passRelayGate,
  type RelayGate,
  type RelayTrouble,
  relayGate,
  retryHeldRelay,
} from './relay-state.ts';
export {
  addFindings,
  type FoundLater,
  listReadPages,
  papersShown,
  rewordAppearances,
} from './reread-pages.ts';
export {
  RESOLUTIONS,
  type Resolution,
  type Resolved,
  resolveDelivery,
  unresolveDelivery,
} from './resolve-delivery.ts';
export { loadRobots, type RobotsText, saveRobots } from './robots-texts.ts';
export {
  countAcceptedThrough,
  countBusySessions,
  countOpenDeliveries,
  installationTotals,
  listingDaysSince,
  newestPageSeenAt,
  schedulesPlannedUntil,
  type Totals,
} from './run-totals.ts';
export {
  type FoundPaper,
  MARK_END,
  MARK_START,
  type SearchPosition,
  type SearchResult,
  type SearchWish,
  searchPapers,
} from './search-papers.ts';
export {
  addConfirmToken,
  askToConfirm,
  type ConfirmationResult,
  claimConfirmations,
  confirmSignUp,
  type DueConfirmation,
  findSignUp,
  forgetSignUps,
  type NewSignUp,
  type OpenSignUp,
  type SignUpWish,
  settleConfirmation,
} from './sign-ups.ts';
export { type SimilarPaper, similarPapers } from './similar-papers.ts';
export {
  askNow,
  claimAsk,
  dueSources,
  type LastSign,
  lockStanding,
  moveAsk,
  planAsk,
  type SourceAlert,
  type SourceStanding,
  type SourceTimes,
  saveHealth,
  saveNextAsk,
  takeAlerts,
  unplannedSources,
} from './source-health.ts';
export {
  awaitedSources,
  type SourceReading,
  type SourceTrouble,
  sourceTroubles,
  troubledReadings,
} from './source-troubles.ts';
export {
  addSource,
  changeSource,
  declareSource,
  deleteSource,
  ensureSource,
  findSource,
  listSources,
  type Source,
  type SourceChange,
  type SourceDeclaration,
  type SourceHealthView,
  sourceById,
  sourceHealth,
} from './sources.ts';
export { lastMerge, splitPapers } from './split-papers.ts';
export {
  addSubscriber,
  changeSchedule,
  ensureSubscriber,
  findSubscriber,
  leave,
  listSubscribers,
  type NewSubscriber,
  rejoin,
  SUBSCRIBER_STATES,
  type Subscriber,
  type SubscriberState,
} from './subscribers.ts';
export { endSubscription, saveSubscriptions, type TopicFollowed } from './subscriptions.ts';
export {
  endSuppression,
  type HardRefusal,
  type Lifted,
  liftSuppression,
  listSuppressions,
  SUPPRESSION_REASONS,
  type SuppressionReason,
  type SuppressionView,
  suppress,
  suppressBounced,
} from './suppressions.ts';
export { isSuppressed, noteTestMail } from './test-mails.ts';
export {
  endPast,
  notePast,
  type PastProgress,
  papersSeenSince,
  pastProgress,
  skipEmptyPast,
  topicsWithoutPast,
} from './topic-past.ts';
export {
  addLearntPast,
  countTopics,
  endLearning,
  isLearning,
  type LearntPast,
  type LearntPasts,
  learntPasts,
  type NewProfile,
  profilesOf,
  saveProfiles,
  type TopicToLearn,
  topicsHorizon,
  topicsInPieces,
  topicsToLearn,
  type WatchRow,
} from './topic-profiles.ts';
export {
  type FitKey,
  newPapersByDay,
  type PublicTopic,
  publicTopic,
  publicTopics,
  type WeekOfTopic,
  weeksOfTopics,
} from './topic-views.ts';
export { type TopicVolume, topicVolumes } from './topic-volumes.ts';
export {
  allTopics,
  changeTopic,
  ensureTopic,
  findTopic,
  listCatalogue,
  type NewMatch,
  recentReasons,
  saveMatches,
  type TopicDeclaration,
  type TopicWords,
  topicsSince,
} from './topics.ts';
export { inTransaction, previewTransaction } from './transaction.ts';
export {
  firstListingDay,
  type RisingPaper,
  risingPapers,
  weeksOfPapers,
} from './trend-views.ts';
export {
  type ScoredMatch,
  saveVotedMatches,
  scoredMatches,
  type TopicVote,
  type VotedMatch,
  votesDue,
} from './votes.ts';
