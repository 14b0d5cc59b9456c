import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MAX_MINUTES } from '../../shared/contracts/debriefs.ts'
import { openEngine } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { settableClock } from '../testing/clock.ts'
import { engines, type Engine } from '../testing/engines.ts'
import { planOf } from '../testing/plan.ts'
import { roomStore, showStore } from '../live/store.ts'
import { tallyQueries } from '../orders/tallies.ts'
import { homeworkStore } from '../training/homework-store.ts'
import { filmStore } from '../video/store.ts'
import { openMinutes } from './minutes.ts'
import { debriefStore } from './store.ts'

const MINUTE = 60_000

describe.each(engines)('the minutes of a show on $name', (engine) => {
  let place: Awaited<ReturnType<Engine['make']>>
  let store: Store
  const clock = settableClock()
  const opened = clock.now()
  beforeEach(async () => {
    place = await engine.make()
    store = await openEngine(place)
    clock.set(opened)
  })
  afterEach(async () => {
    await store.close()
    await place.drop()
  })

  const onAir: Parameters<typeof openMinutes>[0]['onAir'] = async () => [
    { id: 'morning', kind: 'public', openedAt: opened },
    { id: 'class', kind: 'class', openedAt: opened },
    { id: 'late', kind: 'public', openedAt: null }
  ]
  /** One server with its own eyes. */
  function server(now = { viewers: 0 }, on = store) {
    let hear: (showId: string, viewers: number) => void = () => {}
    const { count } = openMinutes({
      store: on,
      clock,
      onAir,
      viewers: async () => now.viewers,
      onCount: (listener) => void (hear = listener)
    })
    return { count, sees: (viewers: number) => hear('morning', viewers), now }
  }
  const kept = async (showId = 'morning') =>
    (await debriefStore(store).minutesQuery(showId)).map(({ minute, viewers }) => [minute, viewers])

  it('keep the most who watched at once, also between two looks', async () => {
    const { count, sees, now } = server()
    now.viewers = 3
    await count()
    sees(9)
    sees(4)
    clock.set(opened + 30_000)
    await count()
    expect(await kept()).toEqual([[0, 9]])
    clock.set(opened + MINUTE)
    now.viewers = 4
    await count()
    expect(await kept()).toEqual([
      [0, 9],
      [1, 4]
    ])
  })

  it('are the same from two servers, in whatever order they write', async () => {
    const [one, other] = [server({ viewers: 5 }), server({ viewers: 8 })]
    await Promise.all([one.count(), other.count()])
    await one.count()
    expect(await kept()).toEqual([[0, 8]])
  })

  it('say that nobody was there, and nothing of what is not on air or is a class', async () => {
    await server().count()
    expect(await kept()).toEqual([[0, 0]])
    expect(await kept('class')).toEqual([])
    expect(await kept('late')).toEqual([])
  })

  it('are written once for as long as nobody more comes', async () => {
    let units = 0
    const counting = { ...store, tx: ((fn, hint) => (units++, store.tx(fn, hint))) as Store['tx'] }
    const { count, now } = server({ viewers: 3 }, counting)
    for (let look = 0; look < 4; look++) await count()
    expect(units).toBe(1)
    now.viewers = 2
    await count()
    expect(units).toBe(1)
    now.viewers = 4
    await count()
    expect(units).toBe(2)
    expect(await kept()).toEqual([[0, 4]])
  })

  it('are written later when the store was away, and none is lost', async () => {
    let away = true
    const shaky = {
      ...store,
      tx: ((fn, hint) => {
        if (away) throw new Error('away')
        return store.tx(fn, hint)
      }) as Store['tx']
    }
    const { count, now } = server({ viewers: 6 }, shaky)
    await expect(count()).rejects.toThrow('away')
    away = false
    now.viewers = 2
    clock.set(opened + MINUTE)
    await count()
    expect(await kept()).toEqual([
      [0, 6],
      [1, 2]
    ])
  })

  it('end after twelve hours', async () => {
    const { count } = server({ viewers: 1 })
    clock.set(opened + (MAX_MINUTES - 1) * MINUTE)
    await count()
    clock.set(opened + MAX_MINUTES * MINUTE)
    await count()
    expect(await kept()).toEqual([[MAX_MINUTES - 1, 1]])
  })
})

describe('what a debrief reads', () => {
  let place: Awaited<ReturnType<Engine['make']>>
  let store: Store
  beforeEach(async () => {
    place = await engines[0]!.make()
    store = await openEngine(place)
  })
  afterEach(async () => {
    await store.close()
    await place.drop()
  })

  it('is asked of an index, never of a whole table', () => {
    const show = { id: 'a', hostId: 'h', kind: 'public', startsAt: 1 } as never
    const shows = showStore(store)
    const debriefs = debriefStore(store)
    const tallies = tallyQueries(store)
    const reads: Record<string, { toSQL(): { sql: string; params: unknown[] } }> = {
      'what was said': roomStore(store).happenedQuery('a', ['message_said'], 10),
      'what was done': roomStore(store).happenedQuery('a', ['product_pinned', 'coupon_dropped'], 10),
      'shows that are over': shows.overQuery(undefined, undefined, 50),
      'her shows that are over': shows.overQuery(['h'], undefined, 50),
      'her shows before': shows.beforeQuery(show, 5),
      'who watched': debriefs.minutesQuery('a'),
      'how many cards': debriefs.cardCountsQuery(['a', 'b']),
      'her orders': tallies.statesQuery(['a', 'b']),
      'her buyers': tallies.buyersQuery(['a', 'b'], false),
      'orders of a minute': tallies.minutesQuery('a', { from: 0, minutes: 5 }, false),
      'the film': filmStore(store).filmedQuery('s'),
      'what is asked of her': homeworkStore(store).tasksQuery('h'),
      'what homework answers': homeworkStore(store).answeredQuery(['w'])
    }
    for (const [name, query] of Object.entries(reads)) {
      const plan = planOf(place.dataDir, query.toSQL())
      expect(plan, name).toContain('SEARCH')
      expect(plan, name).not.toContain('SCAN')
    }
    for (const name of ['shows that are over', 'her shows before', 'what is asked of her']) {
      const plan = planOf(place.dataDir, reads[name]!.toSQL())
      expect(plan, name).not.toContain('USE TEMP B-TREE FOR ORDER BY')
    }
  })
})
