import { writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'

/** Each bench measures its own ceiling in the same run and prints the ratio; absolute figures mean little. */
const benches: Record<string, () => Promise<Record<string, unknown>>> = {
  claims: async () => (await import('./claims.ts')).claimsBench(),
  checkout: async () => (await import('./checkout.ts')).checkoutBench(),
  fanout: async () => (await import('./fanout.ts')).fanoutBench(),
  reads: async () => (await import('./reads.ts')).readsBench(),
  hls: async () => (await import('./hls.ts')).hlsBench(),
  video: async () => (await import('./video.ts')).videoBench()
}

const args = process.argv.slice(2)
const json = args.includes('--json') ? args[args.indexOf('--json') + 1] : undefined
const asked = args.filter((arg, i) => !arg.startsWith('--') && args[i - 1] !== '--json')
const unknown = asked.filter((name) => !(name in benches))
if (unknown.length || (args.includes('--json') && !json)) {
  console.error(`npm run bench -- [${Object.keys(benches).join(' ')}] [--json FILE]`)
  process.exit(2)
}

console.log(
  `Node ${process.version}, Linux ${release()}, ${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB`
)
const results: Record<string, unknown> = {}
for (const name of asked.length ? asked : Object.keys(benches)) {
  console.log(`\n— ${name} —`)
  results[name] = await benches[name]!()
  console.log(JSON.stringify(results[name]))
}
if (json) writeFileSync(json, `${JSON.stringify(results, null, 2)}\n`)
process.exit(0)
