import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Problem } from '../../shared/problems.ts'
import { Unreachable } from '../call.ts'
import { session } from '../me/session.svelte.ts'
import { Buying } from './buying.svelte.ts'
import { Checkout } from './checkout.svelte.ts'
import { keyFor, settled } from './intent.ts'
import { placeToPay } from './pay-place.ts'
import { waitForPay } from './wait.ts'

interface Asked {
  route: string
  body: Record<string, unknown>
}
const asked: Asked[] = []
const answers = new Map<string, (body: Record<string, unknown>) => unknown>()

vi.mock('../call.ts', async (original) => ({
  ...(await original<object>()),
  call: async (
    { method, url }: { method: string; url: string },
    input: { body: Record<string, unknown> }
  ) => {
    const route = `${method} ${url}`
    asked.push({ route, body: input?.body })
    return answers.get(route)!(input?.body)
  }
}))

const address = { id: 'a1', receiver: '小芳', phone: '13800000101', region: '青岛市', detail: '1 号' }
const spec = { id: 'x1', name: '一斤', unit: 'jin', priceFen: 1500, stock: 9 }
const product = { id: 'p1', title: '蛤蜊', specs: [spec], photos: [], shop: {} }
const card = { id: 'c1', shopId: 's1', offFen: 500, thresholdFen: 3000 }
const quote = (qty: number) => {
  const goodsFen = 1500 * qty
  const missingFen = Math.max(0, 3000 - goodsFen)
  const discountFen = missingFen ? 0 : 500
  return {
    goodsFen,
    discountFen,
    freightFen: 0,
    payFen: goodsFen - discountFen,
    orders: [{ shopId: 's1', lines: [{ specId: 'x1', qty, perishable: true, flashId: '' }] }],
    addressNeeded: true,
    picks: missingFen ? [] : [{ couponId: 'c1', nth: 1 }],
    address,
    methods: ['sandbox', 'card'],
    coupons: [
      {
        couponId: 'c1',
        nth: 1,
        offFen: 500,
        reason: missingFen ? 'coupon_below_threshold' : '',
        missingFen,
        best: !missingFen,
        coupon: card
      }
    ]
  }
}
const placed = () => asked.filter(({ route }) => route === 'POST /api/orders')
const order = { bill: { id: 'o1', state: 'pending', payFen: 2500, heldUntil: 0, test: true, orders: [] } }

beforeEach(() => {
  asked.length = 0
  answers.clear()
  sessionStorage.clear()
  session.me = { id: 'b1', name: '小芳', phone: '13800000101', roles: ['buyer'] }
  answers.set('GET /api/products/:productId', () => ({ product }))
  answers.set('POST /api/orders/quote', (body) => quote((body.lines as { qty: number }[])[0]!.qty))
  answers.set('POST /api/orders', () => order)
})

async function open(qty = 2) {
  const checkout = new Buying({ showId: 'sh1' })
  await checkout.open('p1')
  await checkout.take(qty)
  checkout.tick('x1', true)
  return checkout
}

describe('the sum', () => {
  it('says how many more make the coupon count', async () => {
    const checkout = await open(1)
    expect(checkout.hint).toEqual({ qty: 2, coupon: card })
    await checkout.take(2)
    expect(checkout.hint).toBeUndefined()
    expect(checkout.quote!.payFen).toBe(2500)
  })

  it('begins with the cheapest, but with what a shop names first where the cheapest is for a child', async () => {
    const specs = [
      { ...spec, id: 'gone', stock: 0 },
      { ...spec, id: 'grown-up', priceFen: 6800 },
      { ...spec, id: 'child', priceFen: 3800 }
    ]
    const begun = async (kind: string) => {
      answers.set('GET /api/products/:productId', () => ({ product: { ...product, kind, specs } }))
      const checkout = new Buying()
      await checkout.open('p1')
      return checkout.specId
    }
    expect(await begun('goods')).toBe('child')
    expect(await begun('voucher')).toBe('grown-up')
  })

  it('never takes more than there is', async () => {
    const checkout = await open(50)
    expect(checkout.qty).toBe(9)
  })

  it('belongs to the newest question, whichever answer comes last', async () => {
    const checkout = await open(1)
    const late: ((value: unknown) => void)[] = []
    answers.set('POST /api/orders/quote', () => new Promise((go) => late.push(go)))
    const first = checkout.take(2)
    const second = checkout.take(3)
    late[1]!(quote(3))
    late[0]!(quote(2))
    await Promise.all([first, second])
    expect(checkout.quote!.goodsFen).toBe(4500)
  })

  it('is not asked for a guest', async () => {
    session.me = undefined
    await open()
    expect(asked.map(({ route }) => route)).toEqual(['GET /api/products/:productId'])
  })
})

describe('an order', () => {
  it('carries what the screen showed: sum, coupon, address, tick and show', async () => {
    const checkout = await open()
    await checkout.place()
    expect(placed()[0]!.body).toMatchObject({
      lines: [{ specId: 'x1', qty: 2, agreed: true }],
      picks: [{ couponId: 'c1', nth: 1 }],
      addressId: 'a1',
      payFen: 2500,
      showId: 'sh1'
    })
    expect(checkout.stage).toBe('pay')
  })

  it('cannot be placed before the tick for fresh food', async () => {
    const checkout = await open()
    checkout.tick('x1', false)
    expect(checkout.mayPlace).toBe(false)
    checkout.tick('x1', true)
    expect(checkout.mayPlace).toBe(true)
  })

  it.each([
    ['no answer comes', () => new Unreachable('no signal')],
    ['the server is too full to say', () => new Problem('busy')]
  ])('keeps its key while %s, even on a page that was loaded anew', async (_, trouble) => {
    answers.set('POST /api/orders', () => {
      throw trouble()
    })
    const checkout = await open()
    await checkout.place()
    expect(checkout.unsure).toBe(true)
    await checkout.place()
    answers.set('POST /api/orders', () => order)
    const reloaded = await open()
    await reloaded.place()
    const keys = placed().map(({ body }) => body.key)
    expect(keys).toHaveLength(3)
    expect(new Set(keys).size).toBe(1)
    expect(reloaded.unsure).toBe(false)
  })

  it('that follows another one has another key', async () => {
    await (await open()).place()
    await (await open()).place()
    const [one, other] = placed().map(({ body }) => body.key)
    expect(one).not.toBe(other)
  })

  it('that was refused says why, and shows the price of now', async () => {
    const checkout = await open()
    answers.set('POST /api/orders', () => {
      throw new Problem('price_changed')
    })
    answers.set('POST /api/orders/quote', () => ({ ...quote(2), payFen: 2600 }))
    await checkout.place()
    await vi.waitFor(() => expect(checkout.quote!.payFen).toBe(2600))
    await vi.waitFor(() => expect(checkout.error).toEqual(new Problem('price_changed')))
    expect(checkout.unsure).toBe(false)
    expect(checkout.stage).toBe('choose')
  })

  it('goes straight to the cashier when there is one way to pay, without leaving the page', async () => {
    answers.set('POST /api/orders/quote', () => ({ ...quote(2), methods: ['sandbox'] }))
    answers.set('POST /api/me/orders/:orderId/pay', () => ({ payUrl: '/pay/x', paymentId: 'x' }))
    const checkout = await open()
    await checkout.place()
    expect(checkout.stage).toBe('cashier')
    expect(checkout.paymentId).toBe('x')
  })

  it('leaves the page for a real gateway only', async () => {
    answers.set('POST /api/me/orders/:orderId/pay', () => ({
      payUrl: 'https://pay.example/1',
      paymentId: 'x'
    }))
    const checkout = await open()
    await checkout.place()
    const left: string[] = []
    await checkout.pay('card', (to) => left.push(to))
    expect(left).toEqual(['https://pay.example/1'])
  })

  it('shows a code to scan beside the picture, and leaves for nothing', async () => {
    const code = { payUrl: 'weixin://wxpay/bizpayurl?pr=1', paymentId: 'x' }
    answers.set('POST /api/me/orders/:orderId/pay', () => code)
    const checkout = await open()
    await checkout.place()
    const left: string[] = []
    await checkout.pay('wechat_pay', (to) => left.push(to))
    expect([checkout.stage, checkout.code, checkout.paymentId, left]).toEqual(['scan', code.payUrl, 'x', []])
    // From an order’s own page, ours with the code on it is the place; any other gateway has its own.
    expect(placeToPay(code)).toBe('/pay/x/back')
    expect(placeToPay({ payUrl: 'https://pay.example/1', paymentId: 'x' })).toBe('https://pay.example/1')
  })
})

describe('a bill over two shops', () => {
  const line = (specId: string, more: object = {}) => ({
    specId,
    productId: `p-${specId}`,
    qty: 1,
    priceFen: 1500,
    perishable: false,
    flashId: '',
    ...more
  })
  const choice = (couponId: string, shopId: string, best = false) => ({
    couponId,
    nth: 1,
    best,
    reason: '',
    coupon: { id: couponId, shopId }
  })
  const over = (more: object = {}) => ({
    orders: [
      { shopId: 's1', lines: [line('x1', { perishable: true })] },
      {
        shopId: 's2',
        lines: [line('x2', { perishable: true }), line('x3', { flashId: 'f1', ahead: { landsAt: 9 } })]
      }
    ],
    payFen: 4000,
    discountFen: 500,
    addressNeeded: true,
    address,
    methods: ['sandbox', 'card'],
    coupons: [choice('a', 's1', true), choice('b', 's1'), choice('c', 's2', true), choice('u', '', true)],
    picks: [
      { couponId: 'a', nth: 1 },
      { couponId: 'c', nth: 1 },
      { couponId: 'u', nth: 1 }
    ],
    ...more
  })
  const wanted = ['x1', 'x2', 'x3'].map((specId) => ({ specId, qty: 1 }))
  const quotes = () => asked.filter(({ route }) => route === 'POST /api/orders/quote').map(({ body }) => body)

  async function whole(more: object = {}) {
    answers.set('POST /api/orders/quote', () => over(more))
    const checkout = new Checkout({ fromBasket: true })
    await checkout.buy(wanted)
    return checkout
  }

  it('needs a tick for each fresh line, and sends each line as it was shown', async () => {
    const checkout = await whole()
    checkout.tick('x1', true)
    expect([checkout.mayPlace, checkout.unticked.map(({ specId }) => specId)]).toEqual([false, ['x2']])
    checkout.tick('x2', true)
    expect(checkout.mayPlace).toBe(true)
    await checkout.place()
    expect(placed()[0]!.body).toMatchObject({
      lines: [
        { specId: 'x1', qty: 1, agreed: true },
        { specId: 'x2', qty: 1, agreed: true },
        { specId: 'x3', qty: 1, flashId: 'f1', ahead: true }
      ],
      payFen: 4000,
      fromBasket: true
    })
  })

  it('changes the coupon of one shop and leaves those of the others', async () => {
    const checkout = await whole()
    await checkout.use(choice('b', 's1') as never)
    expect(quotes().at(-1)!.picks).toEqual([
      { couponId: 'c', nth: 1 },
      { couponId: 'u', nth: 1 },
      { couponId: 'b', nth: 1 }
    ])
    await checkout.useNone('')
    expect(quotes().at(-1)!.picks).toEqual([
      { couponId: 'a', nth: 1 },
      { couponId: 'c', nth: 1 }
    ])
  })

  it('goes back to the best coupons when the picked one is gone', async () => {
    const checkout = await whole()
    answers.set('POST /api/orders/quote', (body) => {
      if (body.picks) throw new Problem('coupon_over')
      return over()
    })
    await checkout.use(choice('b', 's1') as never)
    expect(quotes().at(-1)).not.toHaveProperty('picks')
    expect(checkout.error).toBeUndefined()
  })

  it('is not placed while something cannot be sent there', async () => {
    const refused = [{ productId: 'p-x2', title: '海蛎子', province: '西藏', reason: 'too_far' }]
    const checkout = await whole({
      orders: [{ shopId: 's2', lines: [line('x2')], delivery: { refused, unclear: false } }]
    })
    expect([checkout.mayPlace, checkout.undelivered]).toEqual([false, refused])
    answers.set('POST /api/orders/quote', () => over({ orders: [{ shopId: 's2', lines: [line('x2')] }] }))
    await checkout.sendTo({ ...address, id: 'a2' })
    expect(quotes().at(-1)!.addressId).toBe('a2')
    expect(checkout.mayPlace).toBe(true)
  })

  it('needs no address when nothing is sent', async () => {
    const checkout = await whole({
      address: undefined,
      addressNeeded: false,
      orders: [{ lines: [line('x3')] }]
    })
    expect(checkout.mayPlace).toBe(true)
    await checkout.place()
    expect(placed()[0]!.body).not.toHaveProperty('addressId')
  })

  it('that comes to nothing is paid at once, without any cashier', async () => {
    answers.set('POST /api/orders', () => ({ bill: { ...order.bill, state: 'paid', payFen: 0 } }))
    const checkout = await whole({ orders: [{ lines: [line('x3')] }], methods: ['sandbox'] })
    await checkout.place()
    expect(checkout.stage).toBe('paid')
    expect(asked.some(({ route }) => route.endsWith('/pay'))).toBe(false)
  })
})

describe('the key of a wish', () => {
  it('is the same for the same wish until it is settled or a quarter of an hour has gone', () => {
    const key = keyFor({ qty: 1 }, 0)
    expect(keyFor({ qty: 1 }, 60_000)).toBe(key)
    expect(keyFor({ qty: 1 }, 16 * 60_000)).not.toBe(key)
    const other = keyFor({ qty: 2 }, 0)
    expect(other).not.toBe(key)
    settled()
    expect(keyFor({ qty: 2 }, 0)).not.toBe(other)
    expect(key).toMatch(/^[0-9a-z-]{8,40}$/)
  })
})

describe('waiting for a payment', () => {
  const now = async () => {}
  const { signal } = new AbortController()

  it('asks until it is paid, through a moment without network', async () => {
    const said = ['open', '', 'open', 'paid']
    const ask = async () => {
      const state = said.shift()!
      if (!state) throw new Unreachable('no signal')
      return { state }
    }
    expect(await waitForPay(ask, signal, now)).toBe('paid')
    expect(said).toEqual([])
  })

  it('gives up after a minute and does not say that it failed', async () => {
    let times = 0
    expect(await waitForPay(async () => ({ state: (times++, 'open') }), signal, now)).toBe('unknown')
    expect(times).toBe(50)
  })

  it('stops when nobody looks any more', async () => {
    const leaving = new AbortController()
    const ask = async () => {
      leaving.abort()
      return { state: 'open' }
    }
    expect(await waitForPay(ask, leaving.signal, now)).toBeUndefined()
  })
})
