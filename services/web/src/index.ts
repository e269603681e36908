export { createWeb } from './app.ts';
export type { WebDeps, WebSettings } from './deps.ts';
export { startWeb, type WebService } from './start.ts';
