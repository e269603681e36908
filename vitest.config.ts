import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What is waited for comes when it comes: a busy machine is no failure. */
const patient = { poll: { timeout: 20_000 } };

/** The longest files first: at the end of a run no core waits for one that was begun last. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ project }: TestSpecification) => project.name === 'e2e';
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/** unit: pure code beside its source. db: one package on a real Postgres. e2e: across packages. */
export default defineConfig({
  test: {
    // Every core. With three workers on two the run took 737 s, with two 705: the largest suites wait for the servers,
    // browsers and processes that they start themselves, and those then wait for each other.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          expect: patient,
          include: ['{packages,services}/*/src/**/*.test.ts', 'infra/**/*.test.ts'],
          // Nothing here outlives its test, and a process for each file takes longer than most files.
          isolate: false,
          globalSetup: ['test/support/global-temp.ts'],
          // A hang ends here; how long property tests take is up to the machine and what else it does.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'db',
          expect: patient,
          include: ['{packages,services}/*/test/**/*.test.ts'],
          // Each file has a database of its own; loading the services again for each took a tenth of the run.
          isolate: false,
          globalSetup: ['test/support/global-postgres.ts', 'test/support/global-temp.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          expect: patient,
          include: ['test/**/*.test.ts'],
          globalSetup: ['test/support/global-postgres.ts', 'test/support/global-temp.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
