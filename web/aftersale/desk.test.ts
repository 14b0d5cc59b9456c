import { mount, unmount } from 'svelte'
import { afterEach, expect, it, vi } from 'vitest'
import { payBack, setAftersaleRules, type OrderAftersale } from '../../shared/contracts/aftersale.ts'
import GiveBack from './GiveBack.svelte'
import { GivingBack } from './give-back.svelte.ts'
import { Paged } from './paged.svelte.ts'
import { Rules, rulesOf, typedRules } from './rules.svelte.ts'

afterEach(() => vi.unstubAllGlobals())

const order = {
  orderId: 'o1',
  leftFreightFen: 600,
  lines: [
    { specId: 'clams', leftQty: 2, leftFen: 7980 },
    { specId: 'gone', leftQty: 0, leftFen: 0 }
  ]
} as unknown as OrderAftersale

const RULES = {
  windows: [
    { goodsClass: 'fresh' as const, hours: 24 },
    { goodsClass: 'processed' as const, hours: 48 },
    { goodsClass: 'packed' as const, hours: 168 },
    { goodsClass: 'dining' as const, hours: 0 },
    { goodsClass: 'tourism' as const, hours: 0 }
  ],
  autoOrderFen: 5000,
  autoMonthFen: 10_000,
  autoMonthTimes: 3,
  returnTo: ''
}

it('gives back only what is left, with words, and one act under one key however often it is sent', async () => {
  const sent: { key: string; lines: unknown; freightFen: number }[] = []
  vi.stubGlobal('fetch', async (url: string, { body }: { body: string }) => {
    expect(url).toBe(payBack.url.replace(':orderId', 'o1'))
    sent.push(JSON.parse(body))
    if (sent.length === 1) throw new TypeError('no network')
    return Response.json({ refund: {}, aftersale: order })
  })
  const giving = new GivingBack(order)
  expect(giving.lines.map(({ specId }) => specId)).toEqual(['clams'])
  giving.lines[0]!.yuan = '79.81'
  giving.words = '少了一只'
  expect([giving.wrong, giving.ready]).toEqual([true, false])
  giving.lines[0]!.yuan = '79.80'
  expect([giving.wrong, giving.ready]).toEqual([false, true])
  giving.freight = '6.01'
  expect(giving.wrong).toBe(true)
  giving.freight = '6'
  giving.words = ' '
  expect(giving.ready).toBe(false)
  giving.words = '少了一只'
  await expect(giving.send()).rejects.toThrow('no network')
  await giving.send()
  expect(sent[1]).toEqual(sent[0])
  expect(sent[0]).toMatchObject({ lines: [{ specId: 'clams', qty: 0, fen: 7980 }], freightFen: 600 })
})

it('pieces that coupons paid for whole go back also when all the money is back, and nothing of what is closed', async () => {
  const gift = { specId: 'gift', leftQty: 2, leftFen: 0 }
  const paid = { ...order, state: 'paid', payFen: 600, refundedFen: 600, leftFreightFen: 0, lines: [gift] }
  const buttons = async (aftersale: object) => {
    const target = document.createElement('div')
    const props = { aftersale: aftersale as OrderAftersale, changed: () => {} }
    const page = mount(GiveBack, { target, props })
    const found = target.querySelectorAll('button.main').length
    await unmount(page)
    return found
  }
  expect(await buttons(paid)).toBe(1)
  expect(await buttons({ ...paid, lines: [{ ...gift, leftQty: 0 }] })).toBe(0)
  expect(await buttons({ ...paid, state: 'refunded' })).toBe(0)

  const giving = new GivingBack(paid as unknown as OrderAftersale)
  giving.words = '没货了'
  expect(giving.ready).toBe(false)
  giving.lines[0]!.qty = 2
  expect([giving.wrong, giving.ready]).toEqual([false, true])
  giving.lines[0]!.yuan = '0'
  expect([giving.wrong, giving.ready]).toEqual([false, true])
})

it('an older answer does not take the place of a newer one', async () => {
  const answers: ((items: { items: { id: string }[] }) => void)[] = []
  const list = new Paged<{ id: string }>(
    () => new Promise((resolve) => answers.push(resolve)),
    ({ id }) => id
  )
  const [first, second] = [list.load(), list.load()]
  answers[1]!({ items: [{ id: 'new' }] })
  await second
  answers[0]!({ items: [{ id: 'old' }] })
  await first
  expect(list.items).toEqual([{ id: 'new' }])
})

it('rules are as they were typed, or nothing', () => {
  const typed = typedRules(RULES)
  expect(rulesOf(typed)).toEqual(RULES)
  for (const wrong of [
    { autoOrder: 'x' },
    { autoMonth: '10000.01' },
    { autoTimes: '101' },
    { hours: { ...typed.hours, fresh: '721' } },
    { hours: { ...typed.hours, packed: '' } }
  ]) {
    expect(rulesOf({ ...typed, ...wrong }), JSON.stringify(wrong)).toBeUndefined()
  }
})

it('a clash of rules keeps what she typed', async () => {
  vi.stubGlobal('fetch', async (_url: string, { method }: { method: string }) =>
    method === setAftersaleRules.method
      ? Response.json({ code: 'rules_changed', message: '' }, { status: 409 })
      : Response.json({ version: 1, rules: RULES, changedAt: 1, changedByName: '' })
  )
  const rules = new Rules()
  await rules.load()
  rules.typed!.autoOrder = '80'
  expect(await rules.save()).toBe(false)
  expect([rules.clash, rules.typed!.autoOrder]).toEqual([true, '80'])
})
