export { invitationLink } from './admin/invitations.ts';
export { createWeb } from './app.ts';
export type { WebDeps, WebSettings } from './deps.ts';
export type { SourceDesk } from './source-desk.ts';
export { startWeb, type WebService } from './start.ts';
export type { FoundTopic, QueryPreview, TopicDesk } from './topic-desk.ts';
