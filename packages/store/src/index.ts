export {
  checkDatabase,
  type Db,
  inTransaction,
  openStore,
  type Store,
  type StoreOptions,
  type Tx,
} from './database.ts';
export { migrate, pendingMigrations } from './migrate.ts';
