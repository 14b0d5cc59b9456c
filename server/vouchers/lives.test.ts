import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cancelPaid, payBack } from '../../shared/contracts/aftersale.ts'
import { UNDO_MS } from '../../shared/voucher.ts'
import { engines } from '../testing/engines.ts'
import { market, type Market } from '../testing/market.ts'
import type { SignedIn } from '../testing/village.ts'
import { actId, guests, MEAL_FEN } from './testing.ts'

const MINUTES = 120_000
const LIVES = 30
const MEALS = 4

/** What may happen to an order with four meals and a bag of clams, in any order. */
const step = fc.oneof(
  fc.record({ what: fc.constant('redeem' as const), n: fc.nat(MEALS - 1), offline: fc.boolean() }),
  fc.record({ what: fc.constant('giveBack' as const), n: fc.nat(MEALS - 1) }),
  fc.record({ what: fc.constant('undo' as const), n: fc.nat(MEALS - 1) }),
  fc.record({ what: fc.constant('desk' as const), qty: fc.nat(2), fen: fc.nat(2 * MEAL_FEN) }),
  fc.record({ what: fc.constant('cancel' as const) }),
  fc.record({ what: fc.constant('wait' as const) })
)

describe.each(engines.slice(0, 1))(
  'the life of an order with vouchers on $name',
  { timeout: MINUTES },
  (engine) => {
    let m: Market
    let at: Awaited<ReturnType<typeof guests>>
    let officer: SignedIn
    beforeAll(async () => {
      m = await market(engine)
      at = await guests(m)
      await m.goods(m.host, { title: '多的蛤蜊', stock: 1 })
      officer = await m.signIn('王主任', 'officer')
    })
    afterAll(() => m.close())

    it('never pays back more than was paid, nor leaves a good voucher without its money', async () => {
      await fc.assert(
        fc.asyncProperty(fc.boolean(), fc.array(step, { maxLength: 10 }), async (withClams, steps) => {
          const clams = withClams && (await m.stock()) > 0 ? 1 : 0
          const { orderId, vouchers } = await at.bought(MEALS, { clams })
          const { specId } = at.meal
          const lastTry = new Map<number, string>()
          for (const each of steps) {
            if (each.what === 'redeem') {
              const { code } = vouchers[each.n]!
              const [tried] = each.offline ? await at.sync([{ text: code }]) : [await at.redeem(code)]
              if (tried!.outcome === 'redeemed') lastTry.set(each.n, tried!.id)
            } else if (each.what === 'giveBack') await at.giveBack(vouchers[each.n]!.id)
            else if (each.what === 'undo') await at.undo(lastTry.get(each.n) ?? 'nothing-there')
            else if (each.what === 'cancel') await m.buyer.call(cancelPaid, { params: { orderId } })
            else if (each.what === 'desk') {
              const { qty, fen } = each
              const lines = [{ specId, qty, ...(qty === 0 && { fen }) }]
              const body = { key: actId(), cause: 'asked' as const, lines, freightFen: 0, words: '退' }
              await officer.call(payBack, { params: { orderId }, body })
            } else {
              m.clock.pass(UNDO_MS)
              await m.village.jobs.runDue()
            }
            const order = await at.orderOf(orderId)
            const line = (await m.village.orders.linesIn(m.village.store.read, [orderId])).find(
              (one) => one.specId === specId
            )!
            const states = (await at.vouchersOf(orderId)).map(({ state }) => state)
            const open = states.filter((state) => state === 'open').length
            expect(order.refundedFen).toBeLessThanOrEqual(order.payFen)
            expect(open).toBeLessThanOrEqual(line.qty - line.refundedQty)
            const over = order.state === 'refunded' || order.state === 'done'
            expect(over ? open : 0).toBe(0)
          }
          m.clock.pass(UNDO_MS)
          await m.village.jobs.runDue()
          const states = (await at.vouchersOf(orderId)).map(({ state }) => state)
          const { state } = await at.orderOf(orderId)
          const waits = clams > 0 || states.includes('open')
          expect(waits || ['done', 'refunded'].includes(state)).toBe(true)
          expect(await at.troubles()).toEqual([])
        }),
        { numRuns: LIVES }
      )
    })
  }
)
