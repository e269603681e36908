export type { JobView, QueueCounts } from './inspect.ts';
export {
  type AddOptions,
  migrateQueue,
  openQueues,
  type QueueSettings,
  type Queues,
} from './open-queues.ts';
export type { Schedule } from './schedules.ts';
export type {
  Handlers,
  JobDone,
} from './work.ts';
