export { type BackupHead, readBackupParts } from './backup/backup-parts.ts';
export { type Restored, restoreBackup } from './backup/restore-backup.ts';
export { writeBackup } from './backup/write-backup.ts';
export {
  checkDatabase,
  type Db,
  openStore,
  type Store,
  type Tx,
} from './connection/database.ts';
export {
  lockReadyPagesExclusive,
  lockReadyPagesShared,
  lockRecording,
} from './connection/locks.ts';
export { migrate, pendingMigrations } from './connection/migrate.ts';
export { together } from './connection/pipeline.ts';
export { inTransaction, previewTransaction } from './connection/transaction.ts';
export { ClaimPlaces } from './deliveries/claim-places.ts';
export {
  claimsInUse,
  endClaim,
  extendLease,
  type Lease,
  lapseLeases,
  leaseOwners,
  removeLapsedClaims,
} from './deliveries/claims.ts';
export {
  type Claim,
  type ClaimedDelivery,
  claimDeliveries,
  type StagedMessage,
  stageDeliveries,
} from './deliveries/deliveries.ts';
export {
  countDeliveries,
  countUncertain,
  type DeliveryDetail,
  type DeliveryFilter,
  type DeliveryView,
  listDeliveries,
  showDelivery,
} from './deliveries/delivery-list.ts';
export {
  type DoubtfulDelivery,
  lapsedDeliveries,
  releaseUnstaged,
  resendUncertain,
  uncertainDeliveries,
} from './deliveries/delivery-recovery.ts';
export {
  type DeliveryResult,
  recordResults,
  settleLapsed,
  settleUncertain,
} from './deliveries/delivery-results.ts';
export type { DeliveryEvent } from './deliveries/delivery-steps.ts';
export {
  type DigestCandidate,
  digestCandidates,
  plannedThrough,
} from './deliveries/digest-candidates.ts';
export { type DigestMatch, type DigestToRender, loadDigests } from './deliveries/digests.ts';
export {
  type EditionCard,
  gatherPapers,
  loadEdition,
  markTrending,
  recurringSightings,
} from './deliveries/edition-papers.ts';
export {
  countHeldEditions,
  editionsWithDueDeliveries,
  finishEditions,
  hasEdition,
  lastReadyNo,
  listEditions,
  nextDueInMs,
  openEdition,
} from './deliveries/editions.ts';
export { expireDeferred, gatherMissed } from './deliveries/fold-deliveries.ts';
export { MatchReasons } from './deliveries/match-reasons.ts';
export {
  type Audience,
  activeSchedules,
  analyzeDueDeliveries,
  dueTopics,
  dueWindow,
  type EditionHour,
  insertDeliveries,
} from './deliveries/plan-deliveries.ts';
export {
  resolveDelivery,
  unresolveDelivery,
} from './deliveries/resolve-delivery.ts';
export {
  complaintShare,
  findStray,
  isSpamComplaint,
  keepStray,
  listReturns,
  listStrays,
  probePaused,
  type ReturnEffect,
  type Returned,
  recordReturn,
} from './mail/bounces.ts';
export {
  activeChaos,
  type ChaosSwitch,
  type ChaosWish,
  endChaos,
  startChaos,
  takeChaosTurn,
} from './mail/inbox-chaos.ts';
export {
  acceptedByInbox,
  findInboxMessage,
  type InboxEntry,
  type InboxMessage,
  listInboxMessages,
  type ReceivedMessage,
  saveInboxMessage,
} from './mail/inbox-messages.ts';
export {
  changePace,
  changePaces,
  DOMAIN_PACE,
  type DomainPace,
  PROBE_MS,
  slowDomains,
} from './mail/mail-domains.ts';
export {
  dueUntried,
  type MailQuota,
  type SpentQuota,
  spentQuota,
  takeQuota,
} from './mail/mail-quota.ts';
export {
  countInBucket,
  emptyBuckets,
  type RateLimit,
  takeFromBucket,
} from './mail/rate-buckets.ts';
export {
  breakRelay,
  giveBackProbe,
  mendRelay,
  passRelayGate,
  type RelayGate,
  relayGate,
  retryHeldRelay,
} from './mail/relay-state.ts';
export {
  liftSuppression,
  listSuppressions,
  suppress,
  suppressBounced,
} from './mail/suppressions.ts';
export { isSuppressed, noteTestMail } from './mail/test-mails.ts';
export {
  beginSession,
  endSession,
  endSessionsOf,
  SESSION_LIFE,
  sessionOwner,
} from './operators/admin-sessions.ts';
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
} from './operators/admins.ts';
export {
  type ApiToken,
  addApiToken,
  findApiToken,
  listApiTokens,
  revokeApiToken,
} from './operators/api-tokens.ts';
export {
  audited,
  listAudit,
  type NoteChange,
} from './operators/audit-log.ts';
export { type JobSubjects, jobSubjects } from './operators/job-subjects.ts';
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
} from './pages/listing-pages.ts';
export {
  countPapersOfPages,
  type DayPage,
  type DaySummary,
  type ListedPaper,
  listDays,
  neighbourDays,
  type PageView,
  pagesOfDay,
  papersOfPages,
  recordedPage,
  recordedPages,
} from './pages/listing-views.ts';
export { entriesOfPage, type PageEntry, papersGone } from './pages/page-entries.ts';
export {
  type PageFindings,
  type PageResult,
  pageResult,
  pageResults,
  readAmong,
  saveFindings,
} from './pages/page-findings.ts';
export {
  findValidators,
  latestValidators,
  type PageValidators,
  saveValidators,
  type Validators,
} from './pages/page-validators.ts';
export {
  addFindings,
  listReadPages,
  papersShown,
  rewordAppearances,
} from './pages/reread-pages.ts';
export {
  countAcceptedThrough,
  countBusySessions,
  countOpenDeliveries,
  installationTotals,
  listingDaysSince,
  newestPageSeenAt,
  schedulesPlannedUntil,
  type Totals,
} from './pages/run-totals.ts';
export { aliasesOf, currentPaper } from './papers/aliases.ts';
export { findPaperByKey } from './papers/find-paper.ts';
export { addEvidence, findKnownPapers } from './papers/known-papers.ts';
export { listMerges } from './papers/merge-list.ts';
export { lockPapers, type MovedRows, mergePapers } from './papers/merge-papers.ts';
export { noteMergedSightings } from './papers/merged-sightings.ts';
export { linkOtherWorks } from './papers/other-works.ts';
export {
  newestPapers,
  type PaperCard,
  paperCard,
  papersOfReader,
  papersOfTopic,
} from './papers/paper-cards.ts';
export {
  countPairs,
  keepApart,
  keptApart,
  listPairs,
  loadSides,
  type PairSide,
} from './papers/paper-pairs.ts';
export {
  historySize,
  historyTexts,
  textsOfPages,
  textsOfPapers,
  textsOfPast,
} from './papers/paper-texts.ts';
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
} from './papers/paper-views.ts';
export { gatherWords } from './papers/paper-words.ts';
export {
  insertAppearances,
  insertNewPapers,
  onPage,
  type RecordedPage,
  refreshAppearances,
  type Sighted,
  updateRecurringPapers,
} from './papers/record-papers.ts';
export {
  type FoundPaper,
  MARK_END,
  MARK_START,
  type SearchPosition,
  type SearchResult,
  type SearchWish,
  searchPapers,
} from './papers/search-papers.ts';
export { type SimilarPaper, similarPapers } from './papers/similar-papers.ts';
export { lastMerge, splitPapers } from './papers/split-papers.ts';
export {
  firstListingDay,
  type RisingPaper,
  risingPapers,
  weeksOfPapers,
} from './papers/trend-views.ts';
export {
  type FetchAttempt,
  listFetches,
  recordFetch,
} from './sources/fetches.ts';
export { endTurn, type Turn, type TurnWish, takeTurn } from './sources/host-turns.ts';
export { loadRobots, type RobotsText, saveRobots } from './sources/robots-texts.ts';
export {
  askNow,
  claimAsk,
  dueSources,
  type LastSign,
  lockStanding,
  moveAsk,
  planAsk,
  type SourceStanding,
  type SourceTimes,
  saveHealth,
  saveNextAsk,
  takeAlerts,
  unplannedSources,
} from './sources/source-health.ts';
export {
  awaitedSources,
  type SourceReading,
  type SourceTrouble,
  sourceTroubles,
  troubledReadings,
} from './sources/source-troubles.ts';
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
} from './sources/sources.ts';
export { consentEvents } from './subscribers/consent-events.ts';
export {
  FEEDBACK_ACTIONS,
  type Feedback,
  type FeedbackAction,
  feedbackOf,
  giveFeedback,
  NO_FEEDBACK,
} from './subscribers/feedback.ts';
export { importObstacles, saveImportDraft, takeImportDraft } from './subscribers/import-drafts.ts';
export { endFeed, feedOfReader, renewFeed } from './subscribers/reader-feed.ts';
export {
  changeWishes,
  eraseReader,
  exportReader,
  hasDigests,
  pauseReader,
  readerDigests,
  resumeDue,
  resumeReader,
  savedPapers,
} from './subscribers/reader-wishes.ts';
export {
  addConfirmToken,
  askToConfirm,
  type ConfirmationResult,
  claimConfirmations,
  confirmSignUp,
  type DueConfirmation,
  findSignUp,
  forgetSignUps,
  type OpenSignUp,
  settleConfirmation,
} from './subscribers/sign-ups.ts';
export {
  addSubscriber,
  changeSchedule,
  ensureSubscriber,
  findSubscriber,
  leave,
  listSubscribers,
  type NewSubscriber,
  rejoin,
  type Subscriber,
} from './subscribers/subscribers.ts';
export {
  endSubscription,
  saveSubscriptions,
  type TopicFollowed,
} from './subscribers/subscriptions.ts';
export {
  saveVotedMatches,
  scoredMatches,
  type TopicVote,
  type VotedMatch,
  votesDue,
} from './subscribers/votes.ts';
export {
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
} from './topics/embeddings.ts';
export {
  endPast,
  notePast,
  type PastProgress,
  papersSeenSince,
  pastProgress,
  skipEmptyPast,
  topicsWithoutPast,
} from './topics/topic-past.ts';
export {
  addLearntPast,
  countTopics,
  endLearning,
  isLearning,
  type LearntPast,
  learntPasts,
  type NewProfile,
  profilesOf,
  saveProfiles,
  type TopicToLearn,
  topicsHorizon,
  topicsInPieces,
  topicsToLearn,
  UNLEARNT,
} from './topics/topic-profiles.ts';
export {
  newPapersByDay,
  type PublicTopic,
  publicTopic,
  publicTopics,
  weeksOfTopics,
} from './topics/topic-views.ts';
export { topicVolumes } from './topics/topic-volumes.ts';
export {
  changeTopic,
  ensureTopic,
  findTopic,
  listCatalogue,
  type NewMatch,
  recentReasons,
  saveMatches,
  type TopicDeclaration,
  topicsSince,
} from './topics/topics.ts';
