import { beforeEach, describe, expect, it, vi } from 'vitest'
import { VOUCHERS_PAGE, type MyVoucher } from '../../shared/contracts/vouchers.ts'
import { endOf } from './voucher-end.ts'
import { VoucherBook } from './vouchers.svelte.ts'

const DAY_MS = 86_400_000
/** 2026-11-23 12:00 in the village. */
const NOON = Date.UTC(2026, 10, 23, 4)
const END_OF_DAY = Date.UTC(2026, 10, 23, 16) - 1

const server = vi.hoisted(() => ({
  items: [] as unknown[],
  voucher: undefined as unknown,
  next: [] as unknown[],
  asked: [] as unknown[]
}))
vi.mock('../call.ts', async (original) => ({
  ...(await original<object>()),
  call: async (_contract: unknown, { query }: { query?: { after?: string } }) => {
    server.asked.push(query?.after)
    return query?.after ? { items: server.next } : server
  }
}))

const voucher = (more: Partial<MyVoucher>): MyVoucher => ({
  id: 'v1',
  orderId: 'o1',
  specId: 's1',
  productId: 'p1',
  shopId: 'shop1',
  shopName: '秀梅渔家宴',
  hostName: '秀梅',
  village: '东大洋',
  title: '四人渔家宴',
  specName: '四人桌',
  photo: '',
  n: 1,
  of: 2,
  code: '012345',
  qr: 'yj1.first',
  state: 'open',
  expiresAt: END_OF_DAY,
  redeemedAt: 0,
  backFen: 29_800,
  canRefund: true,
  test: false,
  createdAt: NOON,
  ...more
})

it('a voucher says its last day, then days, then a date; and after its end that the money comes back', () => {
  const says = (days: number, now = NOON) => endOf(END_OF_DAY + days * DAY_MS, now)
  expect(says(0)).toBe('今天是最后一天')
  expect(says(0, END_OF_DAY)).toBe('今天是最后一天')
  expect(says(0, END_OF_DAY + 1)).toContain('自动退')
  expect(says(1)).toBe('明天到期')
  expect(says(14)).toBe('还有 14 天到期')
  expect(says(15)).toBe('有效到 2026年12月8日')
})

describe('the voucher that she holds out', () => {
  let book: VoucherBook
  beforeEach(async () => {
    book = new VoucherBook(async () => ({
      value: { items: [voucher({}), voucher({ id: 'v2', n: 2 })] },
      stale: false
    }))
    await book.load()
    book.show(book.items![0])
  })

  it('keeps its code while it is good, and says when it was taken', async () => {
    server.items = [voucher({ qr: 'yj1.signed-anew' })]
    await book.look()
    expect(book.shown).toMatchObject({ state: 'open', qr: 'yj1.first' })
    server.items = [voucher({ qr: '', state: 'redeemed', redeemedAt: NOON })]
    await book.look()
    expect(book.shown).toMatchObject({ state: 'redeemed', qr: '' })
    expect(book.items![1]).toMatchObject({ state: 'open' })
  })

  it('is found also where an order has more than one page of them, and the next time at once', async () => {
    const page = Array.from({ length: VOUCHERS_PAGE }, (_, i) => voucher({ id: `w${i}`, n: i + 1 }))
    server.items = page
    server.next = [voucher({ qr: 'yj1.signed-anew' })]
    server.asked = []
    await book.look()
    server.next = [voucher({ qr: '', state: 'redeemed', redeemedAt: NOON })]
    await book.look()
    expect(book.shown).toMatchObject({ state: 'redeemed' })
    const last = page.at(-1)!.id
    expect(server.asked).toEqual([undefined, last, last])
  })

  it('is given back, and no other', async () => {
    server.voucher = voucher({ qr: '', state: 'refunded', backFen: 0 })
    await book.giveBack(book.shown!)
    expect(book.items!.map(({ state }) => state)).toEqual(['refunded', 'open'])
    expect(book.busy).toBe(false)
  })
})
