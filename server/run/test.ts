import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { bringTools } from '../testing/tools.ts'
import { checkEverything, run } from './steps.ts'

// `npm test`: what format, lint, types and build say, then every suite, then one line that counts all of it.
await bringTools()
const { checked, failed } = await checkEverything()
const report = path.join(tmpdir(), `yujia-tests-${process.pid}.json`)
const code = await run([
  'vitest',
  'run',
  '--config',
  'vite.config.ts',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...process.argv.slice(2)
])

interface Report {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numFailedTestSuites: number
}
let tests: Report = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numFailedTestSuites: 0 }
try {
  tests = JSON.parse(readFileSync(report, 'utf8')) as Report
} catch {
  failed.push('vitest wrote no report')
}
// A suite that could not even be loaded has no failed test to count.
const suites = tests.numFailedTests === 0 && code !== 0 ? Math.max(1, tests.numFailedTestSuites) : 0
const bad = tests.numFailedTests + suites + failed.length
const skipped = tests.numPendingTests ? `, ${tests.numPendingTests} skipped` : ''
for (const name of failed) console.log(`failed: ${name}`)
console.log(`${tests.numPassedTests + checked - failed.length} passed, ${bad} failed${skipped}`)
process.exit(bad || code ? 1 : 0)
