import { expect, it } from 'vitest'
import { checkoutBench } from './checkout.ts'
import { fanoutBench } from './fanout.ts'
import { readsBench } from './reads.ts'

// The figures of so small a run mean nothing; that nothing is lost, doubled or refused does.
it('delivers every message of a small crowd once and in order', { timeout: 90_000 }, async () => {
  const { lost, disordered } = await fanoutBench({ viewers: 60, roundMs: 300, rounds: 1, pinned: false })
  expect({ lost, disordered }).toEqual({ lost: 0, disordered: 0 })
})

it('reads a room that is there', { timeout: 90_000 }, async () => {
  const { ratio } = await readsBench({ roundMs: 200, rounds: 1, pinned: false })
  expect(ratio).toBeGreaterThan(0)
})

it('places orders that are on disk', { timeout: 90_000 }, async () => {
  const { correct } = await checkoutBench({ members: 40, roundMs: 200, rounds: 1, pinned: false })
  expect(correct).toBe(true)
})
