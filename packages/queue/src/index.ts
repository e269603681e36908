export {
  JOB_NAMES,
  JOBS,
  type JobName,
  type JobsOf,
  type Payloads,
  QUEUE_NAMES,
  type QueueName,
} from './catalogue.ts';
export { type CronTimes, nextRun } from './cron.ts';
export {
  type Inspection,
  JOB_STATES,
  type JobState,
  type JobView,
  type QueueCounts,
} from './inspect.ts';
export {
  type AddOptions,
  migrateQueue,
  openQueues,
  type QueueSettings,
  type Queues,
} from './open-queues.ts';
export type { Schedule, Schedules, ScheduleView } from './schedules.ts';
export type {
  Handler,
  Handlers,
  JobContext,
  JobDone,
  WorkerService,
  WorkOptions,
} from './work.ts';
