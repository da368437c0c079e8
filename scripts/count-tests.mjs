// Counts tests from vitest's JSON report. A file that could not be loaded holds no failed test, and vitest can fail
// without any (an unhandled rejection): both count as a failure here, because "0 failed" must mean that all is well.

/** {passed, failed, skipped} of a report and vitest's exit code. */
export function countTests(report, exitCode) {
  const files = report.testResults ?? [];
  const unloaded = files.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  const failed = (report.numFailedTests ?? 0) + unloaded;
  return {
    passed: report.numPassedTests ?? 0,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0),
  };
}

/** The last line of a test run. */
export function sayCounts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}
