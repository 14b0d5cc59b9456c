import { describe, expect, it } from 'vitest'
import type { Product } from '../../shared/contracts/catalogue.ts'
import type { Lot } from '../../shared/contracts/lots.ts'
import { LandingDraft, momentIn } from './landing.svelte.ts'

const clams = {
  id: 'clams',
  specs: [
    { id: 'bag', name: '三斤装', unit: 'portion', priceFen: 3990, stock: 0, grams: 1500 },
    { id: 'crab', name: '一只', unit: 'piece', priceFen: 990, stock: 0, grams: 0 }
  ]
} as unknown as Product

const lot = {
  id: 'l1',
  productId: 'clams',
  source: 'boat',
  sourceName: '鲁青渔 60123',
  grams: 15_000,
  version: 3,
  lines: [{ specId: 'bag', qty: 10, sold: 7, left: 3, grams: 1500 }]
} as unknown as Lot

describe('what a host writes of a landing', () => {
  it('is shared out to the last gram and never beyond it', () => {
    const draft = new LandingDraft(clams)
    draft.sourceName = '东滩'
    draft.weight = '10斤1两'
    expect(draft.fits('bag')).toBe(3)
    draft.fill('bag')
    expect([draft.spareGrams, draft.wrong.size]).toEqual([550, 0])
    draft.add('bag', 1)
    expect([draft.spareGrams, [...draft.wrong]]).toEqual([-950, ['lines']])
  })

  it('asks what one weighs that nobody has weighed, and only if it is sold', () => {
    const draft = new LandingDraft(clams)
    draft.sourceName = '东滩'
    draft.weight = '2'
    expect(draft.wrong.size).toBe(0)
    draft.add('crab', 2)
    expect([...draft.unweighed]).toEqual(['crab'])
    draft.lines[1]!.weight = '0.4'
    expect([draft.unweighed.size, draft.spareGrams]).toEqual([0, 600])
    expect(draft.written()).toEqual({ grams: 1000, lines: [{ specId: 'crab', qty: 2, grams: 200 }] })
  })

  it('is the same landing however often she taps', () => {
    const draft = new LandingDraft(clams)
    draft.weight = '10'
    expect(draft.newLot('landed', 5).key).toBe(draft.newLot('landed', 5).key)
    expect(new LandingDraft(clams).key).not.toBe(draft.key)
  })

  it('of one that came with less says that money goes back, and names every spec it had', () => {
    const draft = new LandingDraft(clams, lot)
    draft.weight = '10'
    draft.lines[0]!.qty = 3
    expect(draft.short).toBe(true)
    expect(draft.landing(3)).toEqual({ version: 3, grams: 5000, lines: [{ specId: 'bag', qty: 3 }] })
    draft.lines[0]!.qty = 0
    expect(draft.spreading(3).lines).toEqual([{ specId: 'bag', qty: 0 }])
  })

  it('is meant by the village’s clock', () => {
    expect(momentIn('2026-11-23', '05:30')).toBe(Date.UTC(2026, 10, 22, 21, 30))
  })
})
