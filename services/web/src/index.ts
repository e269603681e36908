export { invitationLink } from './admin/invitation-link.ts';
export type { FirstDeps, WebDeps, WebSettings } from './deps.ts';
export { loadOpenApi, loadReaderLists } from './for-commands.ts';
export type { SourceDesk } from './source-desk.ts';
export { type LaterDeps, loadWeb, startWeb, type WebService } from './start.ts';
export type { FoundTopic, QueryPreview, TopicDesk } from './topic-desk.ts';
