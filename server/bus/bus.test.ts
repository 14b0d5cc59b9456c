import { Redis } from 'ioredis'
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { ownRedis } from '../testing/redis.ts'
import type { Bus, RoomEvent } from './bus.ts'
import { memoryBus } from './memory.ts'
import { openBus } from './open.ts'
import { redisBus } from './redis.ts'
import { HISTORY_EVENTS, START } from './room.ts'

const redisUrl = inject('redisUrl')

/** Collects what one listener hears. */
function listener() {
  const heard: RoomEvent[] = []
  return {
    heard,
    bodies: () => heard.map((event) => event.body),
    deliver: (event: RoomEvent) => void heard.push(event)
  }
}

const forms = [
  {
    name: 'in one server',
    servers: async (report: (error: unknown) => void) => {
      const bus = memoryBus(report)
      return [bus, bus] as const
    }
  },
  ...(redisUrl
    ? [
        {
          name: 'between two servers over Redis',
          servers: async (report: (error: unknown) => void) =>
            [await redisBus(redisUrl, report), await redisBus(redisUrl, report)] as const
        }
      ]
    : [])
]

describe.each(forms)('the bus $name', ({ servers }) => {
  let here: Bus
  let there: Bus
  let room: string
  const reported: unknown[] = []
  beforeAll(async () => {
    ;[here, there] = await servers((error) => void reported.push(error))
  })
  afterAll(async () => {
    await here.close()
    await there.close()
  })
  beforeEach(() => {
    room = `show-${randomUUID()}`
  })

  it('tells everybody in a room the same things in the same order', async () => {
    const [first, second] = [listener(), listener()]
    await here.subscribe(room, undefined, first.deliver)
    await there.subscribe(room, undefined, second.deliver)
    await Promise.all(Array.from({ length: 100 }, (_, i) => (i % 2 ? here : there).publish(room, `${i}`)))
    await expect.poll(() => [first.heard.length, second.heard.length]).toEqual([100, 100])
    expect(first.heard).toEqual(second.heard)
    expect(new Set(first.bodies())).toEqual(new Set(Array.from({ length: 100 }, (_, i) => `${i}`)))
  })

  it('tells a room nothing of another room', async () => {
    const [ours, theirs] = [listener(), listener()]
    await here.subscribe(room, undefined, ours.deliver)
    await here.subscribe(`${room}-next-door`, undefined, theirs.deliver)
    await there.publish(room, 'a secret')
    await there.publish(`${room}-next-door`, 'a word')
    await expect.poll(() => [ours.bodies(), theirs.bodies()]).toEqual([['a secret'], ['a word']])
  })

  it('replays what was missed, then goes on live', async () => {
    const before = listener()
    const left = await here.subscribe(room, undefined, before.deliver)
    for (const body of ['1', '2']) await here.publish(room, body)
    await expect.poll(before.bodies).toEqual(['1', '2'])
    left.close()
    for (const body of ['3', '4']) await here.publish(room, body)

    const after = listener()
    const back = await there.subscribe(room, before.heard.at(-1)!.id, after.deliver)
    await here.publish(room, '5')
    await expect.poll(after.bodies).toEqual(['3', '4', '5'])
    expect(back.complete).toBe(true)
    expect(before.bodies()).toEqual(['1', '2'])
  })

  it('gives a newcomer nothing old, and a cursor to come back with even if nothing happens', async () => {
    const empty = await here.subscribe(room, undefined, () => {})
    expect(empty).toMatchObject({ cursor: START, complete: true })
    empty.close()
    await here.publish(room, '1')
    const newcomer = listener()
    const { cursor } = await there.subscribe(room, undefined, newcomer.deliver)
    expect(newcomer.heard).toEqual([])
    await here.publish(room, '2')
    const back = listener()
    expect((await here.subscribe(room, empty.cursor, back.deliver)).complete).toBe(true)
    await expect.poll(back.bodies).toEqual(['1', '2'])
    const again = listener()
    expect((await there.subscribe(room, cursor, again.deliver)).complete).toBe(true)
    await expect.poll(again.bodies).toEqual(['2'])
  })

  it('keeps a bounded history and says when it no longer reaches back', async () => {
    const all = 2 * HISTORY_EVENTS + 300
    const first = listener()
    const early = await here.subscribe(room, undefined, first.deliver)
    await here.publish(room, 'first')
    await expect.poll(() => first.heard.length).toBe(1)
    await Promise.all(Array.from({ length: all }, (_, i) => there.publish(room, `${i}`)))
    await expect.poll(() => first.heard.length).toBe(all + 1)
    const behind = listener()
    const late = await here.subscribe(room, first.heard[0]!.id, behind.deliver)
    expect(late.complete).toBe(false)
    expect(behind.heard.length).toBeLessThanOrEqual(2 * HISTORY_EVENTS)
    const near = await here.subscribe(room, first.heard.at(-HISTORY_EVENTS)!.id, () => {})
    expect(near.complete).toBe(true)
    expect((await here.subscribe(room, START, () => {})).complete).toBe(false)
    expect((await here.subscribe(room, 'no such cursor', () => {})).complete).toBe(false)
    early.close()
  })

  it('tells the others even when one listener has a bug, and reports the bug', async () => {
    const sound = listener()
    await here.subscribe(room, undefined, () => {
      throw new Error('a bug in a listener')
    })
    await here.subscribe(room, undefined, sound.deliver)
    reported.length = 0
    await here.publish(room, 'hello')
    await expect.poll(sound.bodies).toEqual(['hello'])
    expect(reported.map(String)).toEqual(['Error: a bug in a listener'])
  })

  it('tells nothing to who has left, and lets one function listen twice', async () => {
    const twice = listener()
    const one = await here.subscribe(room, undefined, twice.deliver)
    const two = await here.subscribe(room, undefined, twice.deliver)
    one.close()
    one.close()
    await here.publish(room, 'once')
    await expect.poll(twice.bodies).toEqual(['once'])
    two.close()
    const stayed = listener()
    await here.subscribe(room, undefined, stayed.deliver)
    await here.publish(room, 'to nobody else')
    await expect.poll(stayed.bodies).toEqual(['to nobody else'])
    expect(twice.bodies()).toEqual(['once'])
  })

  it('counts for all servers', async () => {
    expect(await here.add(room, 3)).toBe(3)
    expect(await there.add(room, 4)).toBe(7)
  })
})

describe('the memory bus', () => {
  it('forgets the rooms that nobody has listened to for the longest', async () => {
    const bus = memoryBus(() => {})
    const kept = listener()
    const { close } = await bus.subscribe('kept', undefined, kept.deliver)
    await bus.publish('forgotten', 'old')
    for (let i = 0; i < 1_100; i++) await bus.publish(`room-${i}`, 'x')
    await bus.publish('kept', 'still here')
    expect(kept.bodies()).toEqual(['still here'])
    const late = listener()
    await bus.subscribe('forgotten', START, late.deliver)
    expect(late.bodies()).toEqual([])
    close()
  })

  it('is the only server there is', async () => {
    expect(await memoryBus(() => {}).share('viewers', 7)).toBe(7)
  })
})

describe.skipIf(!redisUrl)('the bus over Redis, when things go wrong', () => {
  let own: Awaited<ReturnType<typeof ownRedis>>
  const open: Bus[] = []
  async function server(options = {}) {
    const bus = await redisBus(own.url, () => {}, options)
    open.push(bus)
    return bus
  }
  beforeEach(async () => {
    own = await ownRedis()
  })
  afterEach(async () => {
    await Promise.all(open.splice(0).map((bus) => bus.close()))
    await own.drop()
  })

  it('loses nothing that it acknowledged when Redis is killed and comes back', async () => {
    const [here, there] = [await server(), await server()]
    const heard = listener()
    await there.subscribe('show', undefined, heard.deliver)
    const acknowledged: string[] = []
    let publishing = true
    const publisher = (async () => {
      for (let n = 0; publishing; n++) {
        await here.publish('show', `${n}`).then(
          () => acknowledged.push(`${n}`),
          () => {}
        )
      }
    })()
    await expect.poll(() => acknowledged.length).toBeGreaterThan(50)
    await own.kill()
    const atDeath = acknowledged.length
    await own.start()
    await expect.poll(() => acknowledged.length, { timeout: 10_000 }).toBeGreaterThan(atDeath + 50)
    publishing = false
    await publisher
    await expect
      .poll(() => acknowledged.filter((body) => !heard.bodies().includes(body)), { timeout: 10_000 })
      .toEqual([])
  })

  it('goes on when every connection is cut', async () => {
    const [here, there] = [await server(), await server()]
    const heard = listener()
    await there.subscribe('show', undefined, heard.deliver)
    const admin = new Redis(own.url)
    for (let round = 0; round < 3; round++) {
      await here.publish('show', `before ${round}`)
      await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
      await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
      await here.publish('show', `after ${round}`)
    }
    admin.disconnect()
    const bodies = [0, 1, 2].flatMap((round) => [`before ${round}`, `after ${round}`])
    await expect.poll(() => [...new Set(heard.bodies())], { timeout: 10_000 }).toEqual(bodies)
  })

  it('counts the viewers of all servers, and forgets a server that is dead', async () => {
    const [here, there] = [await server({ aliveMs: 400 }), await server({ aliveMs: 400 })]
    await here.share('viewers', 3)
    expect(await there.share('viewers', 4)).toBe(7)
    expect(await here.share('viewers', 5)).toBe(9)
    await expect.poll(() => here.share('viewers', 5)).toBe(5) // `there` says nothing any more
  })

  it('keeps a bounded stream, and keeps it no longer than a day', async () => {
    const bus = await server()
    await Promise.all(Array.from({ length: 6_000 }, (_, i) => bus.publish('show', `${i}`)))
    const look = new Redis(own.url)
    expect(await look.xlen('room:show')).toBeLessThan(4_400)
    expect(await look.pttl('room:show')).toBeGreaterThan(0)
    look.disconnect()
  })

  it('stops listening to Redis when the last listener of a room has left', async () => {
    const bus = await server()
    const look = new Redis(own.url)
    const channels = () => look.pubsub('CHANNELS')
    const [one, two] = [
      await bus.subscribe('show', undefined, () => {}),
      await bus.subscribe('show', undefined, () => {})
    ]
    expect(await channels()).toEqual(['news:show'])
    one.close()
    expect(await channels()).toEqual(['news:show'])
    two.close()
    await expect.poll(channels).toEqual([])
    const again = listener()
    await bus.subscribe('show', undefined, again.deliver)
    await bus.publish('show', 'back')
    await expect.poll(again.bodies).toEqual(['back'])
    look.disconnect()
  })

  it('says at the start when nobody answers, without the password', async () => {
    const { url } = own
    await own.kill()
    const failed = openBus({ redisUrl: url.replace('//', '//:secret@') }, () => {})
    await expect(failed).rejects.toThrow(
      /^REDIS_URL: no Redis or Valkey answers at 127\.0\.0\.1:\d+(?!.*secret)/
    )
  })
})
