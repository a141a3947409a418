import { writeSync } from 'node:fs'

/** Prints the count of the run alone on its very last line, the form that CI systems read. */
export default class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const skipped = results.numPendingTests + results.numTodoTests
    // A suite that could not even start has no test to count: it is one failure.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    const line = `${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`
    // Jest's own summary comes after the reporters; nothing comes after the exit.
    process.once('exit', () => writeSync(1, line))
  }
}
