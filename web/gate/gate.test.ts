import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { Problem } from '../../shared/problems.ts'
import type { Pocket } from '../offline/pocket.ts'
import { memoryPocket } from '../offline/testing.ts'
import type { Act } from './book.ts'
import { forgetGates, keyOf, shopsWaiting } from './books.ts'
import { Forgetful, Gate, NoList } from './gate.svelte.ts'
import { aVoucher, FakeVillage, NOW, SHOP, signer } from './testing.ts'

let signs: Awaited<ReturnType<typeof signer>>
beforeAll(async () => {
  signs = await signer()
})

const MINUTE_MS = 60_000

function stands(village: FakeVillage, pocket: Pocket = memoryPocket(), who = 'xiumei') {
  const time = { now: () => village.now, aheadMs: () => 0, set() {} }
  return new Gate(who, SHOP.id, { pocket, village, time })
}
async function opens(more: { vouchers?: number; pocket?: Pocket } = {}) {
  const vouchers = Array.from({ length: more.vouchers ?? 3 }, (_, i) => aVoucher(i + 1))
  const village = new FakeVillage(signs.key, vouchers)
  const pocket = more.pocket ?? memoryPocket()
  const gate = stands(village, pocket)
  await gate.load()
  await gate.sync()
  return { village, pocket, gate, vouchers }
}
async function shows(gate: Gate, text: string) {
  await gate.tried(text)
  const { word } = gate.shown!
  gate.next()
  return word
}
const acts = async (pocket: Pocket) => (await pocket.get<Act[]>('books', keyOf('xiumei', SHOP.id))) ?? []

describe('a gate with a network', () => {
  it('shows what the village says, and remembers it when the network goes', async () => {
    const { village, gate, vouchers } = await opens()
    expect(await shows(gate, vouchers[0]!.code)).toBe('good')
    expect(gate.waiting).toEqual([])
    village.network = 'away'
    expect(await shows(gate, vouchers[0]!.code)).toBe('used')
  })

  it('offers to take back what it redeemed a moment ago', async () => {
    const { gate, vouchers } = await opens()
    await shows(gate, vouchers[0]!.code)
    await gate.tried(vouchers[0]!.code)
    expect(gate.shown).toMatchObject({ word: 'used', undoUntil: NOW + 5 * MINUTE_MS })
    await gate.undo(gate.shown!.actId, '扫重了')
    gate.next()
    expect(await shows(gate, vouchers[0]!.code)).toBe('good')
  })

  it('hears from the village that another gate was first', async () => {
    const { village, gate, vouchers } = await opens()
    village.redeemed.set(vouchers[0]!.id, 'somewhere-else')
    await gate.tried(vouchers[0]!.code)
    expect(gate.shown).toMatchObject({ word: 'used', first: { gateName: '餐厅' } })
    expect(gate.conflicts).toEqual([])
  })

  it('tells her when the village does not let her stand there', async () => {
    const { village, gate } = await opens()
    village.bundle = () => Promise.reject(new Problem('no_such_shop'))
    await gate.sync()
    expect(gate.refused).toMatchObject({ code: 'no_such_shop' })
  })
})

describe('a gate without a network', () => {
  it('has written it down before it says so, refuses the same code, and tells the village later', async () => {
    const { village, pocket, gate, vouchers } = await opens()
    village.network = 'away'
    expect(await shows(gate, await signs.qr(vouchers[0]!))).toBe('good')
    expect(await acts(pocket)).toMatchObject([{ state: 'waiting', voucher: { id: 'feast-1' } }])
    expect(await shows(gate, vouchers[0]!.code)).toBe('used')
    expect([gate.online, gate.waiting.length]).toEqual([false, 1])
    village.network = 'here'
    await gate.sync()
    expect([gate.online, gate.waiting.length, gate.conflicts.length]).toEqual([true, 0, 0])
    expect([...village.redeemed.keys()]).toEqual(['feast-1'])
  })

  it('goes on after it was closed and opened again', async () => {
    const { village, pocket, gate, vouchers } = await opens()
    village.network = 'away'
    await shows(gate, vouchers[0]!.code)
    const again = stands(village, pocket)
    await again.load()
    expect(again.waiting).toHaveLength(1)
    expect(await shows(again, vouchers[0]!.code)).toBe('used')
    expect(await shows(again, vouchers[1]!.code)).toBe('good')
  })

  it('says yes once on two open pages of one phone', async () => {
    const { village, pocket, gate, vouchers } = await opens()
    const other = stands(village, pocket)
    await other.load()
    village.network = 'away'
    expect([await shows(gate, vouchers[0]!.code), await shows(other, vouchers[0]!.code)]).toEqual([
      'good',
      'used'
    ])
  })

  it('shows whom it let in wrongly until somebody has taken note', async () => {
    const { village, pocket, gate, vouchers } = await opens()
    village.network = 'away'
    await shows(gate, vouchers[0]!.code)
    village.redeemed.set(vouchers[0]!.id, 'somewhere-else')
    village.network = 'here'
    await gate.sync()
    expect(gate.conflicts).toMatchObject([
      { reason: 'redeemed', first: { byName: '海燕', gateName: '餐厅' } }
    ])
    const again = stands(village, pocket)
    await again.load()
    expect(again.conflicts).toHaveLength(1)
    await again.seen(again.conflicts[0]!.id)
    expect([again.conflicts, await acts(pocket)]).toEqual([[], []])
  })

  it('needs to have been there once with a network', async () => {
    const village = new FakeVillage(signs.key, [aVoucher(1)])
    village.network = 'away'
    const gate = stands(village)
    await gate.load()
    await gate.sync()
    await expect(gate.tried(aVoucher(1).code)).rejects.toBeInstanceOf(NoList)
  })

  it('promises nothing that it can’t write down', async () => {
    const pocket = memoryPocket()
    const { village, gate, vouchers } = await opens({ pocket })
    village.network = 'away'
    pocket.change = () => Promise.reject(new Error('no room'))
    await expect(gate.tried(vouchers[0]!.code)).rejects.toBeInstanceOf(Forgetful)
    expect([gate.shown, gate.forgetful]).toEqual([undefined, true])
    village.network = 'here'
    gate.online = true
    expect(await shows(gate, vouchers[0]!.code)).toBe('good')
  })

  it('uses up no voucher when it refuses one because the answer got lost', async () => {
    const { village, gate } = await opens()
    const late = aVoucher(9, { issuedAt: NOW + MINUTE_MS })
    village.vouchers.push(late)
    village.network = 'deaf'
    expect(await shows(gate, late.code)).toBe('unknown')
    expect([...village.redeemed.keys()]).toEqual([late.id])
    village.network = 'here'
    await gate.sync()
    expect([village.redeemed.size, gate.waiting.length, gate.conflicts.length]).toEqual([0, 0, 0])
    expect(await shows(gate, late.code)).toBe('good')
  })

  it('keeps no poisoned one from telling the others', async () => {
    const { village, gate, vouchers } = await opens()
    village.network = 'away'
    for (const { code } of vouchers) await shows(gate, code)
    village.network = 'here'
    village.poison = vouchers[1]!.code
    await gate.sync()
    expect([...village.redeemed.keys()]).toEqual(['feast-1', 'feast-3'])
    expect(gate.conflicts).toMatchObject([{ reason: 'not_taken', voucher: { id: 'feast-2' } }])
  })
})

describe('taking back', () => {
  it('without a network opens the voucher again, here and in the village', async () => {
    const { village, gate, vouchers } = await opens()
    village.network = 'away'
    await gate.tried(vouchers[0]!.code)
    await gate.undo(gate.shown!.actId, '点错了')
    gate.next()
    expect(await shows(gate, vouchers[0]!.code)).toBe('good')
    village.network = 'here'
    await gate.sync()
    expect(gate.waiting).toEqual([])
    expect([...village.acts.values()].map(({ outcome }) => outcome)).toEqual(['undone', 'redeemed'])
  })

  it('reaches the village also when only the redemption had', async () => {
    const { village, gate, vouchers } = await opens()
    village.network = 'deaf'
    await gate.tried(vouchers[0]!.code)
    expect(village.redeemed.size).toBe(1)
    await gate.undo(gate.shown!.actId, '点错了')
    village.network = 'here'
    await gate.sync()
    expect([village.redeemed.size, gate.waiting.length, gate.conflicts.length]).toEqual([0, 0, 0])
  })

  it('comes before a second redemption, whatever the village had heard', async () => {
    const { village, gate, vouchers } = await opens()
    village.network = 'deaf'
    await gate.tried(vouchers[0]!.code)
    await gate.undo(gate.shown!.actId, '点错了')
    gate.next()
    expect(await shows(gate, vouchers[0]!.code)).toBe('good')
    village.network = 'here'
    await gate.sync()
    expect([village.redeemed.size, gate.waiting.length, gate.conflicts.length]).toEqual([1, 0, 0])
  })

  it('that came too late for the village is a conflict', async () => {
    const { village, gate, vouchers } = await opens()
    village.network = 'deaf'
    await gate.tried(vouchers[0]!.code)
    await gate.undo(gate.shown!.actId, '点错了')
    village.network = 'here'
    village.now = NOW + 10 * MINUTE_MS
    await gate.sync()
    expect(gate.conflicts).toMatchObject([{ reason: 'undo_late' }])
  })

  it('of her own voucher is nobody’s to wait for', async () => {
    const { village, gate, vouchers } = await opens()
    village.network = 'deaf'
    await gate.tried(vouchers[0]!.code)
    await gate.undo(gate.shown!.actId, '点错了')
    village.network = 'here'
    village.undo = async () => {
      throw new Problem('case_own')
    }
    await gate.sync()
    expect([gate.refused, gate.waiting.length]).toEqual([undefined, 0])
    expect(gate.conflicts).toMatchObject([{ reason: 'case_own' }])
  })

  it('of what the village knows is the village’s', async () => {
    const { village, gate, vouchers } = await opens()
    await gate.tried(vouchers[0]!.code)
    await gate.undo(gate.shown!.actId, '点错了')
    expect(village.redeemed.size).toBe(0)
    gate.next()
    expect(await shows(gate, vouchers[0]!.code)).toBe('good')
  })
})

describe('what lies on the phone', () => {
  it('is hers alone: another woman’s is not told in her name', async () => {
    const { village, pocket, gate, vouchers } = await opens()
    village.network = 'away'
    await shows(gate, vouchers[0]!.code)
    expect(await shopsWaiting(pocket, 'xiumei')).toEqual([SHOP.id])
    expect(await shopsWaiting(pocket, 'haiyan')).toEqual([])
  })

  it('goes when she signs out, but for what the village has not heard of', async () => {
    const { village, pocket, gate, vouchers } = await opens()
    await shows(gate, vouchers[0]!.code)
    village.network = 'away'
    await shows(gate, vouchers[1]!.code)
    await forgetGates(pocket)
    expect(await pocket.all('bundles')).toEqual([])
    expect(await acts(pocket)).toMatchObject([{ state: 'waiting', voucher: { id: 'feast-2' } }])
    village.network = 'here'
    const again = stands(village, pocket)
    await again.load()
    await again.sync()
    await forgetGates(pocket)
    expect(await pocket.all('books')).toEqual([])
  })
})

it('whatever the network does, each voucher lets in once, and in the end the village knows exactly who came in', async () => {
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('scan' as const), nth: fc.nat(2), byQr: fc.boolean() })
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('undo' as const), nth: fc.nat(2) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('network' as const),
        is: fc.constantFrom('here' as const, 'away' as const, 'deaf' as const)
      })
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('sync' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) }
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const { village, pocket, vouchers, ...first } = await opens()
      const codes = await Promise.all(vouchers.map((voucher) => signs.qr(voucher)))
      let { gate } = first
      /** Who is inside, and by which act. */
      const inside = new Map<string, string>()
      const twice: string[] = []
      for (const one of steps) {
        village.now += 1_000
        if (one.do === 'network') village.network = one.is
        else if (one.do === 'sync') await gate.sync()
        else if (one.do === 'reopen') {
          gate = stands(village, pocket)
          await gate.load()
        } else if (one.do === 'scan') {
          const voucher = vouchers[one.nth]!
          await gate.tried(one.byQr ? codes[one.nth]! : voucher.code)
          const { word, actId } = gate.shown!
          gate.next()
          if (word === 'good' && inside.has(voucher.id)) twice.push(voucher.id)
          if (word === 'good') inside.set(voucher.id, actId)
        } else {
          const actId = inside.get(vouchers[one.nth]!.id)
          if (!actId) continue
          const done = await gate.undo(actId, '点错了').then(
            () => true,
            () => false
          )
          // She saw that it failed, but the village may have heard her.
          if (done || !village.redeemed.has(vouchers[one.nth]!.id)) inside.delete(vouchers[one.nth]!.id)
        }
      }
      village.network = 'here'
      await gate.sync()
      await gate.sync()
      expect([twice, gate.waiting, gate.conflicts]).toEqual([[], [], []])
      expect([...village.redeemed.keys()].toSorted()).toEqual([...inside.keys()].toSorted())
    }),
    { numRuns: 300 }
  )
})
