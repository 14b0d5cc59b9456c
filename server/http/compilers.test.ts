import { readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Contract } from '../../shared/contract.ts'
import { checkNow, compilersFactory } from './compilers.ts'

const folder = path.resolve('shared/contracts')

describe('what a route takes and answers', () => {
  it('is said by every contract in words that can be compiled', async () => {
    let contracts = 0
    for (const file of readdirSync(folder).filter((name) => !name.includes('.test.'))) {
      const exported = Object.values((await import(path.join(folder, file))) as Record<string, unknown>)
      for (const { url, method, schema } of exported.filter(isContract)) {
        expect(() => checkNow({ url, method }, schema), `${method} ${url}`).not.toThrow()
        contracts++
      }
    }
    expect(contracts).toBeGreaterThan(200)
  }, 60_000)

  it('is refused where its words are none', () => {
    const nonsense = { body: { type: 'clams' } }
    expect(() => checkNow({ url: '/', method: 'POST' }, nonsense)).toThrow('type')
  })

  it('is checked anew in every call, and keeps the last complaint', () => {
    const { buildValidator } = compilersFactory
    const schema = { type: 'object', properties: { fen: { type: 'integer' } }, required: ['fen'] }
    const check = buildValidator()({ url: '/', method: 'POST', schema })
    expect([check({ fen: 1 }), check.errors]).toEqual([true, null])
    expect([check({}), check.errors?.[0]?.keyword]).toEqual([false, 'required'])
    expect([check({ fen: 1 }), check.errors]).toEqual([true, null])
  })
})

const isContract = (found: unknown): found is Contract =>
  typeof found === 'object' && found !== null && 'url' in found && 'schema' in found
