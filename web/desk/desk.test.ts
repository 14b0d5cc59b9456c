import { describe, expect, it } from 'vitest'
import type { RoomView, ShelfItem } from '../../shared/contracts/live.ts'
import { Desk, moved, withFact } from './desk.svelte.ts'

const item = (productId: string, left = 5): ShelfItem => ({
  number: 1,
  productId,
  title: productId,
  photo: '',
  fromFen: 100,
  unit: 'jin',
  left,
  perishable: true
})

const room = (shelf: ShelfItem[], pinnedProductId = ''): RoomView => ({
  version: 3,
  now: 0,
  show: {
    id: 'show',
    title: '早潮',
    cover: '',
    state: 'live',
    startsAt: 0,
    openedAt: 0,
    host: { id: 'h', name: '兰姐', shopId: 's', shopName: '', village: '', portrait: '' },
    playlist: '',
    viewers: 1,
    demo: false,
    kind: 'public' as const,
    paused: false,
    saleStopped: ''
  },
  shelf,
  pinnedProductId,
  flash: [],
  coupons: [],
  chat: [],
  hearts: 0
})

const numbers = {
  version: 7,
  viewers: 1,
  peakViewers: 2,
  orders: 0,
  paidFen: 0,
  testFen: 0,
  claims: 0,
  followers: 0,
  latest: []
}
const order = { orderId: 'o-1', buyer: '王**', title: '蛤蜊', qty: 2, payFen: 3980, test: false }

describe('the desk of a show', () => {
  it('hears of an order when it is placed and again when it is paid, as one order', () => {
    const placed = withFact(numbers, [8, 100, 'order_placed', order])
    expect(placed).toMatchObject({ version: 8, orders: 1, paidFen: 0, latest: [{ state: 'pending' }] })
    const paid = withFact(placed, [9, 200, 'order_paid', order])
    expect(paid).toMatchObject({ orders: 1, paidFen: 3980, latest: [{ state: 'paid', at: 200 }] })
    expect(paid.latest).toHaveLength(1)
    const closed = withFact(placed, [9, 200, 'order_closed', { orderId: 'o-1', state: 'expired' }])
    expect(closed).toMatchObject({ orders: 0, latest: [{ state: 'expired' }] })
  })

  it('counts a payment once, however often it is told', () => {
    const once = withFact(numbers, [8, 100, 'order_paid', order])
    expect(withFact(once, [8, 100, 'order_paid', order])).toBe(once)
  })

  it('keeps payments at the demo cashier out of the turnover', () => {
    const paid = withFact(numbers, [8, 100, 'order_paid', { ...order, test: true }])
    expect(paid).toMatchObject({ paidFen: 0, testFen: 3980 })
  })

  it('knows what comes next: around the end, and never what is sold out', () => {
    const desk = new Desk('show')
    desk.room = room([item('a'), item('b', 0), item('c')], 'a')
    expect(desk.next?.productId).toBe('c')
    desk.room = room([item('a'), item('b', 0), item('c')], 'c')
    expect(desk.next?.productId).toBe('a')
    desk.room = room([item('a'), item('b', 0)])
    expect(desk.next?.productId).toBe('a')
    desk.room = room([item('a', 0)])
    expect(desk.next).toBeUndefined()
  })

  it('does not skip over a fact that it has missed', () => {
    const desk = new Desk('show')
    desk.room = room([item('a')])
    desk.hearRoom([5, 0, 'product_pinned', { productId: 'a' }])
    expect(desk.room).toMatchObject({ version: 3, pinnedProductId: '' })
    desk.hearRoom([4, 0, 'product_pinned', { productId: 'a' }])
    expect(desk.room).toMatchObject({ version: 4, pinnedProductId: 'a' })
  })

  it('shows what is left of all sizes together at once, whichever was sold', () => {
    const desk = new Desk('show')
    desk.room = room([item('a', 100), item('b', 4)])
    const shelf = { left: 99, fromFen: 100, unit: 'jin' as const }
    desk.hearRoom([0, 0, 'stock_left', { productId: 'a', specId: 'small', left: 59, shelf }])
    expect(desk.room.shelf.map(({ left }) => left)).toEqual([99, 4])
  })

  it('moves goods along the shelf and never off its ends', () => {
    const shelf = [item('a'), item('b'), item('c')]
    const order = (items: ShelfItem[]) => items.map((each) => each.productId).join('')
    expect(order(moved(shelf, 'c', -1))).toBe('acb')
    expect(order(moved(shelf, 'a', 1))).toBe('bac')
    expect(order(moved(shelf, 'a', -1))).toBe('abc')
    expect(order(moved(shelf, 'c', 1))).toBe('abc')
  })
})
