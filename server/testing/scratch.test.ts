import { spawnSync } from 'node:child_process'
import fs, { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import path from 'node:path'
import { inject, onTestFinished, expect, it } from 'vitest'
import { openScratch } from './scratch.ts'

function places() {
  const base = mkdtempSync(path.join(inject('scratch'), 'runs-'))
  onTestFinished(() => rmSync(base, { recursive: true }))
  /** What a run of this process id has left. */
  const left = (pid: number, more = '-Ab12Cd') => {
    const folder = path.join(base, `yujia-run-${pid}${more}`)
    mkdirSync(folder)
    writeFileSync(path.join(folder, 'migrated.db'), '')
    return folder
  }
  return { base, left }
}
const gone = () => spawnSync(process.execPath, ['--version']).pid

it('a run takes away what killed ones left, also one that had its own process id, and nothing of those that go on', () => {
  const { base, left } = places()
  const dead = [left(gone()), left(process.pid), left(process.pid, '')]
  const alive = left(process.ppid)
  const scratch = openScratch(base)
  expect(dead.map(existsSync)).toEqual([false, false, false])
  expect([existsSync(alive), existsSync(scratch.folder)]).toEqual([true, true])
  scratch.close()
  expect([existsSync(alive), existsSync(scratch.folder)]).toEqual([true, false])
})

it('a run begins also where a killed one of somebody else has left what may not be taken away', () => {
  const { base, left } = places()
  const hers = left(gone())
  const take = fs.rmSync
  onTestFinished(() => {
    fs.rmSync = take
    syncBuiltinESMExports()
  })
  fs.rmSync = (folder, options) => {
    if (folder === hers) throw Object.assign(new Error('not yours'), { code: 'EACCES' })
    take(folder, options)
  }
  syncBuiltinESMExports()
  const scratch = openScratch(base)
  expect([existsSync(hers), existsSync(scratch.folder)]).toEqual([true, true])
})
