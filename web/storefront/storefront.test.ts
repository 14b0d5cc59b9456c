import { beforeEach, expect, it, vi } from 'vitest'
import type { Product } from '../../shared/contracts/catalogue.ts'
import type { ShowCard } from '../../shared/contracts/live.ts'
import { catchOf, countdown, dateOf, dayOf, timeOf } from '../words/when.ts'
import { affordable } from './affordable.ts'
import { lines } from './card.ts'
import { Front, type FrontData } from './front.svelte.ts'
import { cheapest, leftOf } from './goods.ts'

const asked: string[] = []
let shows: Record<string, { id: string; viewers?: number }[]> = {}

vi.mock('../call.ts', () => ({
  call: async ({ url }: { url: string }, input?: { query?: { state?: string } }) => {
    asked.push(input?.query?.state ?? url)
    return { items: input?.query?.state ? (shows[input.query.state] ?? []) : [] }
  }
}))

const show = (id: string, viewers = 0) => ({ id, viewers }) as ShowCard
const first = (): FrontData => ({
  live: [show('a', 1)],
  coming: [show('b')],
  replay: [],
  products: [],
  shops: [],
  classes: []
})

beforeEach(() => {
  asked.length = 0
  shows = { live: [{ id: 'a', viewers: 5 }], coming: [{ id: 'b' }], replay: [] }
})

it('looks only at who is on air while nothing begins or ends', async () => {
  const front = new Front(first())
  await front.look()
  expect(asked).toEqual(['live'])
  expect(front.data!.live[0]!.viewers).toBe(5)
})

it('shows a show that begins, and takes it off the coming ones', async () => {
  const front = new Front(first())
  shows = { live: [{ id: 'b' }, { id: 'a' }], coming: [], replay: [] }
  await front.look()
  expect(front.data!.live.map(({ id }) => id)).toEqual(['b', 'a'])
  expect(front.data!.coming).toEqual([])
})

it('moves a show that ended to the replays', async () => {
  const front = new Front(first())
  shows = { live: [], coming: [{ id: 'b' }], replay: [{ id: 'a' }] }
  await front.look()
  expect(front.data!.live).toEqual([])
  expect(front.data!.replay.map(({ id }) => id)).toEqual(['a'])
})

it('shows the cheapest spec that is still there', () => {
  const product = {
    specs: [
      { id: 'big', priceFen: 6900, stock: 2 },
      { id: 'small', priceFen: 1500, stock: 0 },
      { id: 'middle', priceFen: 2900, stock: 1 }
    ]
  } as Product
  expect(cheapest(product)!.id).toBe('middle')
  expect(leftOf(product)).toBe(3)
  expect(cheapest({ ...product, specs: product.specs.map((spec) => ({ ...spec, stock: 0 })) })!.id).toBe(
    'small'
  )
})

it('spares a phone that saves data, a slow line, and eyes that want rest', () => {
  expect(affordable(undefined, false)).toBe(true)
  expect(affordable({ effectiveType: '4g' }, false)).toBe(true)
  expect(affordable({ effectiveType: '3g' }, false)).toBe(false)
  expect(affordable({ effectiveType: '4g', saveData: true }, false)).toBe(false)
  expect(affordable({ effectiveType: '4g' }, true)).toBe(false)
})

it('cuts a long title into lines and says that there is more', () => {
  const measure = (text: string) => text.length
  expect(lines('蛤蜊', 4, 2, measure)).toEqual(['蛤蜊'])
  expect(lines('红岛蛤蜊吐好沙', 4, 2, measure)).toEqual(['红岛蛤蜊', '吐好沙'])
  expect(lines('红岛蛤蜊吐好沙子了没', 4, 2, measure)).toEqual(['红岛蛤蜊', '吐好沙…'])
})

it('tells the village’s time wherever the phone is', () => {
  const at = Date.parse('2026-07-03T17:30:00Z')
  expect(dateOf(at)).toBe('2026-07-04')
  expect(timeOf(at)).toBe('01:30')
  expect(dayOf(at, at - 3_600_000)).toBe('今天')
  expect(dayOf(at, at - 86_400_000)).toBe('明天')
  expect(catchOf('2026-07-04', at)).toBe('今早捕捞')
  expect(catchOf('2026-07-03', at)).toBe('昨天捕捞')
  expect(catchOf('', at)).toBe('')
})

it('counts down to zero and not below', () => {
  expect(countdown(65_000)).toBe('1:05')
  expect(countdown(3_600_000 + 61_000)).toBe('1:01:01')
  expect(countdown(2 * 86_400_000 + 3_600_000)).toBe('2天1小时')
  expect(countdown(-5)).toBe('0:00')
})
