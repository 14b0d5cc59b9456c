import { eq } from 'drizzle-orm'
import type { Village } from '../../app.ts'
import { Problem } from '../../../shared/problems.ts'
import { newId } from '../../store/id.ts'
import type { settableClock } from '../clock.ts'
import type { StripeDouble } from '../stripe-double.ts'
import { begin, type Terms } from './begun.ts'
import type { Books, openBooks } from './books.ts'
import type { Known } from './rules.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** Long enough for everything that moves by itself. */
const MONTH_MS = 31 * DAY_MS
const ROUNDS = 4

export type Played = 'paid' | 'repeated' | 'failed' | 'silent'

/** One thing that happens. `nth` chooses among what is there for it. */
export type Step =
  | {
      do: 'place'
      qtys: [number, number, number]
      coupons: 'best' | 'some' | 'none'
      some: number
      ahead: boolean
    }
  | { do: 'place again'; nth: number }
  | { do: 'pay'; nth: number; played: Played }
  | { do: 'pay late'; nth: number }
  | { do: 'ask'; nth: number }
  | { do: 'cancel'; nth: number }
  | { do: 'pass'; ms: number }
  | { do: 'land' }
  | { do: 'go on'; nth: number; together: boolean }
  | { do: 'unpack'; nth: number }
  | {
      do: 'pay back'
      nth: number
      line: number
      qty: number
      fen: number | undefined
      freight: number
      twice: boolean
    }
  | { do: 'pay all back'; nth: number }
  | { do: 'report'; nth: number; line: number; qty: number; percent: number }
  | { do: 'decide'; nth: number; percent: number }
  | { do: 'send back'; nth: number; qty: number }
  | { do: 'settle'; nth: number; good: boolean }
  | { do: 'gateway' }
  | { do: 'pay out'; drop: boolean }

export interface Stage {
  village: Village
  clock: ReturnType<typeof settableClock>
  /** Where real money is paid. */
  stripe: StripeDouble
  books: ReturnType<typeof openBooks>
  /** How many units of work are on disk: as long as there are no more, nothing has changed. */
  units: () => number
  /** Jobs that failed: none of them may. */
  broken: unknown[]
  /** How often each step did something, by its name. */
  done: Map<string, number>
}

export type Life = Awaited<ReturnType<typeof live>>

let lives = 0

/** One buyer and two shops, from the first tap to the last fen. Everything goes through the doors that routes use. */
export async function live(stage: Stage, terms: Terms, real: boolean) {
  const { village, clock, stripe, books, done } = stage
  const { orders, payments, coupons, store } = village
  const { aftersale, packing, lots, ledger } = village.shop
  const begun = await begin(village, `life${String(++lives).padStart(5, '0')}`, terms)
  const { buyer, hosts, officers, wares } = begun
  const drafts: Parameters<typeof orders.place>[1][] = []
  const shelved = new Map<string, number>()
  let keys = 0
  const key = () => `${begun.id}-${String(++keys).padStart(4, '0')}`

  /** What is refused has changed nothing; anything else that goes wrong is a bug. */
  async function allowed<T>(what: string, doing: Promise<T>): Promise<T | undefined> {
    try {
      const value = await doing
      count(what)
      return value
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      count(`${what}: ${error.code}`)
      return undefined
    }
  }

  const count = (what: string) => void done.set(what, (done.get(what) ?? 0) + 1)

  const one = <T>(all: readonly T[], nth: number): T | undefined => all[nth % Math.max(1, all.length)]
  const hostOf = (shopId: string) => hosts[begun.shopIds.indexOf(shopId)]!

  async function take(step: Step, now: Books): Promise<unknown> {
    switch (step.do) {
      case 'place':
        return place(step)
      case 'place again': {
        const draft = one(drafts, step.nth)
        return draft && allowed('place again', orders.place(buyer, draft))
      }
      case 'pay':
        return pay(one(open(now), step.nth), step.played)
      case 'pay late':
        return payLate(one(open(now), step.nth))
      case 'ask': {
        const order = one(open(now), step.nth)
        await pay(order, 'silent')
        clock.pass(MINUTE_MS)
        const { payments: all } = await books(begun)
        const payment = all.find((each) => each.orderId === order?.billId && each.state === 'open')
        return payment && allowed('ask', payments.stateOf(buyer, payment.id))
      }
      case 'cancel': {
        const order = one(
          now.orders.filter(({ state }) => state === 'pending' || state === 'paid'),
          step.nth
        )
        if (!order) return
        if (order.state === 'pending') return allowed('cancel', orders.cancel(buyer, order.id))
        return allowed('cancel what is paid', aftersale.refunds.cancelPaid(buyer, order.id))
      }
      case 'pass':
        return pass(step.ms)
      case 'land': {
        const { id, qty, grams } = begun.lots.planned
        const lines = [{ specId: wares[0].specId, qty, grams: 1500 }]
        return allowed('land', lots.landings.land(hosts[0], id, { version: 1, grams, lines }))
      }
      case 'go on':
        return goOn(
          one(
            now.orders.filter(({ state }) => !AT_REST.includes(state)),
            step.nth
          ),
          now,
          step.together
        )
      case 'unpack': {
        const order = one(
          now.orders.filter(({ state }) => state === 'packed'),
          step.nth
        )
        return (
          order && allowed('unpack', packing.parcels.unpack(hostOf(order.shopId), order.parcelId, '冰袋漏了'))
        )
      }
      case 'pay back':
        return payBack(now, step)
      case 'pay all back': {
        const order = one(
          now.orders.filter(({ paidAt, state }) => paidAt !== null && state !== 'refunded'),
          step.nth
        )
        return order && payAllBack(order.id)
      }
      case 'report':
        return report(now, step)
      case 'decide': {
        const bad = one(
          now.bad.filter(({ state }) => state === 'open'),
          step.nth
        )
        return bad && decide(bad, step.percent)
      }
      case 'send back': {
        const arrived = new Set(now.orders.filter((each) => each.receivedAt !== null).map(({ id }) => id))
        const kelp = one(
          now.lines.filter((line) => line.specId === wares[1].specId && arrived.has(line.orderId)),
          step.nth
        )
        if (!kelp) return
        const asked = [{ specId: kelp.specId, qty: step.qty }]
        return allowed('send back', aftersale.returns.ask(buyer, kelp.orderId, asked))
      }
      case 'settle': {
        const back = one(
          now.returns.filter(({ state }) => state === 'asked' || state === 'sent'),
          step.nth
        )
        return back && settle(back, step.good)
      }
      case 'gateway':
        return gateway()
      case 'pay out':
        return payOut(step.drop)
    }
  }

  const open = (now: Books) => now.orders.filter(({ state }) => state === 'pending')

  async function place({ qtys, coupons: which, some, ahead }: Extract<Step, { do: 'place' }>) {
    const lines = wares.flatMap(({ specId }, i) =>
      qtys[i] ? [{ specId, qty: qtys[i], agreed: true, ...(ahead && { ahead }) }] : []
    )
    if (!lines.length) return
    if (which !== 'none') await claim(some)
    const { addressId } = begun
    let picks: { couponId: string; nth: number }[] = []
    let payFen = 0
    if (which === 'best') {
      const quoted = await allowed('quote', orders.quote(buyer, { lines, addressId }))
      if (!quoted) return
      ;({ picks, payFen } = quoted)
    } else if (which === 'some') {
      const mine = await coupons.mine(buyer)
      picks = mine
        .filter(({ orderId }, i) => orderId === '' && (some >> i) & 1)
        .map(({ coupon, nth }) => ({ couponId: coupon.id, nth }))
    }
    const draft = { key: key(), lines, addressId, picks, payFen }
    drafts.push(draft)
    // Where her screen showed no sum, the refusal tells it the right one.
    const placed = orders.place(buyer, draft).catch((error: unknown) => {
      if (!(error instanceof Problem) || error.code !== 'price_changed') throw error
      draft.payFen = error.details!.payFen as number
      return orders.place(buyer, draft)
    })
    return allowed('place', placed)
  }

  async function claim(some: number) {
    for (const [i, couponId] of begun.couponIds.entries()) {
      if ((some >> i) & 1) await allowed('claim', coupons.claimFor(buyer, couponId))
    }
  }

  async function attempt(order: Books['orders'][number]) {
    const method = real ? 'alipay' : 'sandbox'
    const opened = await allowed('open a payment', orders.pay(buyer, order.id, method))
    return opened && (await payments.paymentIn(store.read, opened.paymentId))
  }

  async function pay(order: Books['orders'][number] | undefined, played: Played) {
    const payment = order && (await attempt(order))
    if (!payment) return
    if (!real) return allowed(`pay: ${played}`, payments.play(buyer, payment.id, played))
    const session = stripe.sessions.get(payment.gatewayRef)!
    // What was paid without a word is told when she tries again: no gateway says of it that it failed.
    const fails = played === 'failed' && session.payment_status !== 'paid'
    if (!fails) stripe.pay(session)
    if (played !== 'silent') await toldByStripe(session, fails ? 'failed' : 'paid', played === 'repeated')
    return count(`pay: ${played}`)
  }

  async function toldByStripe(
    session: ReturnType<StripeDouble['newest']>,
    outcome: 'paid' | 'failed',
    twice = false
  ) {
    const type = outcome === 'paid' ? 'checkout.session.completed' : 'checkout.session.async_payment_failed'
    const { payload, headers } = stripe.event(type, session)
    for (let n = 0; n < (twice ? 2 : 1); n++) {
      await village.http.inject({ method: 'POST', url: '/api/notify/stripe', headers, payload })
    }
  }

  /** She cancels while her money is on its way, and it comes all the same. */
  async function payLate(order: Books['orders'][number] | undefined) {
    const payment = order && (await attempt(order))
    if (!payment || !(await allowed('cancel', orders.cancel(buyer, order.id)))) return
    if (real) await toldByStripe(stripe.pay(stripe.sessions.get(payment.gatewayRef)), 'paid')
    else {
      const { sandboxPayments: till } = store.schema
      await store.tx((tx) =>
        tx.update(till).set({ state: 'paid' }).where(eq(till.id, payment.id)).returning()
      )
      await payments.play(buyer, payment.id, 'paid')
    }
    return count('pay late')
  }

  async function pass(ms: number) {
    clock.pass(ms)
    await orders.expireOverdue()
    await packing.deliveries.moveOn()
  }

  /** Whatever comes next for an order, if nothing goes wrong. */
  async function goOn(order: Books['orders'][number] | undefined, now: Books, together: boolean) {
    if (!order) return
    const { id, state, shopId, parcelId } = order
    const host = hostOf(shopId)
    if (state === 'pending') return pay(order, 'paid')
    if (state === 'paid') {
      const others = now.orders.filter((each) => each.shopId === shopId && each.state === 'paid')
      const orderIds = together ? others.map((each) => each.id) : [id]
      const { parcels, refused } = await packing.parcels.pack(host, { boxes: [{ orderIds }] })
      return count(parcels.length ? 'pack' : `pack: ${refused[0]!.code}`)
    }
    if (state === 'packed') {
      const tracked = { carrier: 'sf' as const, trackingNo: `SF${String(++numbers).padStart(13, '0')}` }
      return allowed('ship', packing.parcels.ship(host, parcelId, tracked))
    }
    if (state === 'shipped') return allowed('receive', packing.deliveries.receive(buyer, id))
    return pass(MONTH_MS)
  }

  async function payBack(now: Books, step: Extract<Step, { do: 'pay back' }>) {
    const order = one(
      now.orders.filter(({ paidAt }) => paidAt !== null),
      step.nth
    )
    const line =
      order &&
      one(
        now.lines.filter(({ orderId }) => orderId === order.id),
        step.line
      )
    if (!line) return
    const { qty, fen, freight, twice } = step
    const lines = qty || fen ? [{ specId: line.specId, qty, ...(fen !== undefined && { fen }) }] : []
    const freightFen = Math.floor((order.freightFen * freight) / 4)
    const asked = { key: key(), cause: 'asked' as const, lines, freightFen, words: '少了一只' }
    await allowed('pay back', aftersale.refunds.payBack(officers[0], order.id, asked))
    if (twice) await allowed('pay back again', aftersale.refunds.payBack(officers[1], order.id, asked))
  }

  async function payAllBack(orderId: string) {
    const deed = {
      orderId,
      key: key(),
      cause: 'asked' as const,
      all: true,
      words: '都退',
      actorId: officers[0].id
    }
    await allowed(
      'pay all back',
      village.rooms.act((tx, tell) => aftersale.refundIn(tx, tell, deed))
    )
  }

  async function report(now: Books, { nth, line: at, qty, percent }: Extract<Step, { do: 'report' }>) {
    const order = one(
      now.orders.filter(({ shippedAt }) => shippedAt !== null),
      nth
    )
    const line =
      order &&
      one(
        now.lines.filter(({ orderId }) => orderId === order.id),
        at
      )
    if (!line) return
    const { code } = await aftersale.compensations.codeFor(buyer, order.id)
    const fileId = newId(clock.now())
    const photo = { kind: 'bad_goods' as const, ownerId: buyer.id, forId: '', type: 'image/webp', bytes: 1 }
    const { files } = store.schema
    const file = { ...photo, id: fileId, durationMs: 0, key: `private/${fileId}`, createdAt: clock.now() }
    await store.tx((tx) => tx.insert(files).values(file).returning())
    const bad = {
      specId: line.specId,
      what: 'dead' as const,
      qty,
      percent,
      code,
      fileIds: [fileId],
      words: ''
    }
    return allowed('report', aftersale.compensations.report(buyer, order.id, bad))
  }

  async function decide({ id, caseId, askedFen }: Books['bad'][number], percent: number) {
    const { cases } = store.schema
    const [its] = await store.read.select().from(cases).where(eq(cases.id, caseId))
    const grantFen = Math.floor((askedFen * percent) / 100)
    const answer = { version: its!.version, grantFen, words: '看过照片了' }
    return allowed(grantFen ? 'grant' : 'refuse', aftersale.compensations.decide(officers[0], id, answer))
  }

  async function settle({ id, shopId, state }: Books['returns'][number], good: boolean) {
    if (state === 'asked') await allowed('send', aftersale.returns.send(buyer, id, 'SF1234567890123'))
    const words = good ? '' : '不是我家的'
    return allowed(
      good ? 'come back' : 'not come back',
      aftersale.returns.settle(hostOf(shopId), id, { good, words })
    )
  }

  /** What waits for a gateway is carried out. */
  async function gateway() {
    for (let n = 0; n < ROUNDS; n++) if ((await village.jobs.runDue()) === 0) return
  }

  /** What is due goes to the banks: two officers say so, or the first throws the batch away. */
  async function payOut(drop: boolean) {
    const [first, second] = officers
    const { totalFen } = await ledger.payouts.due()
    const drawn = await allowed('draw up', ledger.payouts.drawUp(first, totalFen))
    if (!drawn) return
    const { id } = drawn.batch
    if (drop) return allowed('drop', ledger.payouts.drop(first, id, '日子不对'))
    await ledger.payouts.markPaid(first, id)
    return allowed('pay out', ledger.payouts.markPaid(second, id))
  }

  const known: Known = {
    shelved,
    tillOf({ id, gateway: name, gatewayRef }) {
      if (name === 'sandbox') {
        const till = last.sandbox.find((each) => each.id === id)
        return till?.state === 'paid'
          ? { took: till.amountFen, gaveBack: till.refundedFen }
          : { took: 0, gaveBack: till?.refundedFen ?? 0 }
      }
      const session = stripe.sessions.get(gatewayRef)
      const intent = session?.payment_intent
      const back = stripe.refunds.filter((refund) => intent && refund.payment_intent === intent)
      const gaveBack = back.reduce((fen, { amount }) => fen + amount, 0)
      return { took: session?.payment_status === 'paid' ? session.amount_total! : 0, gaveBack }
    }
  }
  let last = await books(begun)

  /** Pieces that were paid back before they were packed lie on the shelf again. */
  function noteShelved(before: Books, after: Books) {
    const stateOf = new Map(before.orders.map(({ id, state }) => [id, state]))
    const old = new Set(before.backs.map(({ id }) => id))
    for (const { id, orderId, lines, cause } of after.backs) {
      if (old.has(id) || stateOf.get(orderId) !== 'paid' || cause === 'lot_lost') continue
      for (const { specId, qty } of lines) {
        const line = `${orderId}:${specId}`
        shelved.set(line, (shelved.get(line) ?? 0) + qty)
      }
    }
  }

  return {
    begun,
    known,
    real,
    get books() {
      return last
    },
    /** Does it, as far as the village lets her. */
    async step(step: Step): Promise<Books> {
      clock.pass(1)
      const before = stage.units()
      await take(step, last)
      if (stage.units() === before) return last
      const after = await books(begun)
      noteShelved(last, after)
      last = after
      return after
    },
    /** Nothing is left open: bills run out, cases are decided, parcels arrive, gateways do what they were asked. */
    evening: (drops: boolean): Step[] => [
      ...last.bad.map((): Step => ({ do: 'decide', nth: 0, percent: 50 })),
      ...last.returns.map((): Step => ({ do: 'settle', nth: 0, good: true })),
      { do: 'pass', ms: MONTH_MS },
      { do: 'gateway' },
      ...(real ? [drops, false].map((drop): Step => ({ do: 'pay out', drop })) : [])
    ]
  }
}

let numbers = 0
const AT_REST = ['expired', 'cancelled', 'refunded', 'done']
