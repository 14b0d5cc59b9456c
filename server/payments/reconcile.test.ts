import { describe, expect, it } from 'vitest'
import type { Listed } from './gateway.ts'
import { compared, type OurPayment, type OurRefund } from './reconcile.ts'

const NOTHING = { payments: [], refunds: [] }
const ours = (id: string, amountFen: number, more: Partial<OurPayment> = {}): OurPayment => ({
  id,
  orderId: `order-${id}`,
  amountFen,
  state: 'paid',
  captureRef: `pi-${id}`,
  ...more
})
const back = (id: string, amountFen: number, state: OurRefund['state'] = 'done'): OurRefund => ({
  id,
  paymentId: 'a',
  orderId: 'order-a',
  amountFen,
  state
})
const took = (id: string, amountFen: number, ref = `pi-${id}`): Listed => ({
  kind: 'payment',
  id,
  ref,
  amountFen
})
const paidBack = (id: string, amountFen: number): Listed => ({
  kind: 'refund',
  id,
  ref: `re-${id}`,
  amountFen
})

describe('two books of one day', () => {
  it('agree when each knows what the other knows, whenever we heard of it', () => {
    const theirs = [took('a', 500), took('', 300, 'pi-b'), paidBack('r', 200)]
    const known = { payments: [ours('a', 500), ours('b', 300)], refunds: [back('r', 200, 'asked')] }
    expect(compared(theirs, known, NOTHING, [])).toEqual({ differences: [], oursFen: 600, theirsFen: 600 })
  })

  it('differ in what they took: another sum, twice, unknown to us, or not paid as far as we know', () => {
    const theirs = [took('a', 501), took('b', 300), took('b', 300), took('x', 100), took('c', 70)]
    const known = {
      payments: [ours('a', 500), ours('b', 300), ours('c', 70, { state: 'closed' })],
      refunds: []
    }
    const { differences } = compared(theirs, known, NOTHING, [])
    expect(differences.map(({ paymentId, oursFen, theirsFen }) => [paymentId, oursFen, theirsFen])).toEqual([
      ['a', 500, 501],
      ['b', 300, 600],
      ['x', 0, 100],
      ['c', 0, 70]
    ])
  })

  it('differ in what went back: by somebody at the gateway’s own desk, or where we think that it failed', () => {
    const theirs = [paidBack('', 100), paidBack('r', 200)]
    const known = { payments: [], refunds: [back('r', 200, 'failed')] }
    expect(compared(theirs, known, NOTHING, []).differences).toMatchObject([
      { kind: 'refund', ref: 're-', oursFen: 0, theirsFen: 100 },
      { kind: 'refund', paymentId: 'a', oursFen: 0, theirsFen: 200 }
    ])
  })

  it('differ where we heard of what the gateway has neither that day nor the day before', () => {
    const ofDay = { payments: [ours('a', 500), ours('b', 300)], refunds: [back('r', 200), back('s', 100)] }
    const before = [took('b', 300), paidBack('s', 100)]
    expect(compared([], NOTHING, ofDay, before)).toEqual({
      differences: [
        { kind: 'payment', ref: 'pi-a', paymentId: 'a', orderId: 'order-a', oursFen: 500, theirsFen: 0 },
        { kind: 'refund', ref: 'r', paymentId: 'a', orderId: 'order-a', oursFen: 200, theirsFen: 0 }
      ],
      oursFen: 300,
      theirsFen: 0
    })
  })
})
