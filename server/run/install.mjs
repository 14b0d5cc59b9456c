// Runs before `npm start` and `npm test` on whatever Node the machine has, so it is plain JavaScript.
// The project brings its own Node 24 as a package; npm scripts find it first on their PATH.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'

const production = process.env.NODE_ENV === 'production'
const STAMP = 'node_modules/.installed'
const lock = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex')
const wanted = [`${lock} everything`, ...(production ? [`${lock} production`] : [])]

if (!existsSync(STAMP) || !wanted.includes(readFileSync(STAMP, 'utf8'))) {
  console.log('Installing what package-lock.json names; the first time takes about a minute …')
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: 'inherit',
    shell: process.platform === 'win32'
  })
  if (npm.status !== 0) process.exit(npm.status ?? 1)
  writeFileSync(STAMP, `${lock} ${production ? 'production' : 'everything'}`)
}
