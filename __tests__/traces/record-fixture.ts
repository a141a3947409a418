// node scripts/node24.mjs __tests__/traces/record-fixture.ts
// Plays the planned runs against the simulator and keeps their redacted trace as the fixture.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { redact } from '../../simulator/traces/redaction.ts'
import { writeTrace } from '../../simulator/traces/trace.ts'
import { SimulatedAccount } from '../verify-aws/simulated-account.ts'

const account = await SimulatedAccount.open()
try {
  const trace = redact(await account.record())
  await writeFile(join(import.meta.dirname, 'simulator.trace'), writeTrace(trace))
  for (const { name, outcome, exchanges } of trace.runs) {
    process.stdout.write(`${name}: ${outcome}, ${exchanges.length} exchanges\n`)
  }
} finally {
  await account.close()
}
