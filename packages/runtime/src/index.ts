export {
  describeSettings,
  renderEnvExample,
  type SettingDescription,
} from './describe-settings.ts';
export { openPostgres, type SharedPostgres } from './embedded-postgres/open-postgres.ts';
export {
  type PostgresServer,
  startPostgres,
} from './embedded-postgres/server.ts';
export { Health, type HealthReport } from './health.ts';
export { type Home, openHome } from './home.ts';
export { createLog, type Log, type LogFields, silentLog } from './log.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export { pidExists } from './process-identity.ts';
export { readSettings } from './read-settings.ts';
export { makeSelfSigned } from './self-signed.ts';
export { Lifecycle, type Service } from './service.ts';
export type { Environment, Settings } from './settings.ts';
