import type { Reporter, SerializedError, TestModule, TestRunEndReason } from 'vitest/node';

/**
 * Ends a run with `N passed, N failed` on a line of its own, for machines. What fails outside a
 * test (a file that does not load, an unhandled rejection) counts as failed, so that the line never
 * says less than the exit code.
 */
export default class CountReporter implements Reporter {
  onTestRunEnd(
    modules: readonly TestModule[],
    errors: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    let passed = 0;
    let failed = errors.length;
    for (const module of modules) {
      failed += module.errors().length;
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        if (state === 'failed' || state === 'pending') failed += 1;
      }
    }
    // A set-up that fails ends the run before any module has one.
    if (failed === 0 && (reason !== 'passed' || modules.length === 0)) failed = 1;
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
  }
}
