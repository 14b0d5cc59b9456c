import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { SettingsError } from '../settings.ts'
import type { Bus, RoomEvent } from './bus.ts'
import { Room } from './room.ts'

/** What the stream of one room keeps. If more than this happens between two looks, the room's own numbers show the gap. */
const STREAM_EVENTS = 4_000
const STREAM_KEPT_MS = 24 * 3_600_000
const COUNTER_KEPT_MS = 30 * 24 * 3_600_000
/** A server that has not reported its part of a gauge for this long is counted as dead. */
const ALIVE_MS = 10_000
/** A half-open connection announces nothing, so every room is looked after this often whatever happens. */
const LOOK_AFTER_MS = 2_000
const PULL_EVENTS = 500
const COMMAND_MS = 5_000
const PING_MS = 5_000

const PUBLISH = `
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], '*', 'body', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('PUBLISH', ARGV[1], '')`

const ADD = `
local value = redis.call('INCRBY', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return value`

// Redis's own clock judges who is alive: the servers' clocks may differ by more than a life is long.
const SHARE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], ARGV[3] * 6)
local parts, sum = redis.call('HGETALL', KEYS[1]), 0
for i = 1, #parts, 2 do
  local part, at = string.match(parts[i + 1], '(%S+) (%S+)')
  if now - tonumber(at) < tonumber(ARGV[3]) then sum = sum + tonumber(part)
  else redis.call('HDEL', KEYS[1], parts[i]) end
end
return sum`

interface Scripts {
  toldRoom(stream: string, news: string, body: string, events: number, keptMs: number): Promise<null>
  addedTo(counter: string, n: number, keptMs: number): Promise<number>
  sharedIn(gauge: string, server: string, part: number, aliveMs: number): Promise<number>
}

interface OpenRoom {
  room: Room
  users: number
  pull(): Promise<void>
  ready: Promise<void>
}

/**
 * The bus of a village with several servers. A stream per room holds its events; pub/sub only says that there are
 * some. So a lost message, connection or Redis costs a moment and no event.
 */
export async function redisBus(
  url: string,
  report: (error: unknown) => void,
  { aliveMs = ALIVE_MS } = {}
): Promise<Bus> {
  const redis = new Redis(url, {
    enableAutoPipelining: true,
    maxRetriesPerRequest: 3,
    commandTimeout: COMMAND_MS,
    scripts: {
      toldRoom: { lua: PUBLISH, numberOfKeys: 1 },
      addedTo: { lua: ADD, numberOfKeys: 1 },
      sharedIn: { lua: SHARE, numberOfKeys: 1 }
    }
  }) as Redis & Scripts
  const news = new Redis(url, { maxRetriesPerRequest: null, commandTimeout: COMMAND_MS })
  // Commands reject on their own and ioredis connects again; without a listener each loss would be printed.
  for (const connection of [redis, news]) connection.on('error', () => {})
  const server = randomUUID()
  const rooms = new Map<string, OpenRoom>()

  try {
    await answers(redis, url)
  } catch (error) {
    redis.disconnect()
    news.disconnect()
    throw error
  }

  function open(name: string): OpenRoom {
    const room = new Room(report)
    let again = false
    let pulling: Promise<void> | undefined
    async function pullAll() {
      try {
        while (again) {
          again = false
          const events = await since(redis, name, room.last)
          for (const event of events) room.append(event)
          if (events.length === PULL_EVENTS) again = true
        }
      } finally {
        pulling = undefined
      }
    }
    const pull = () => {
      again = true
      return (pulling ??= pullAll())
    }
    const ready = news.subscribe(newsOf(name)).then(pull)
    ready.catch(() => {}) // every subscriber awaits it and hears of it there
    const opened = { room, users: 0, pull, ready }
    rooms.set(name, opened)
    return opened
  }

  const refresh = (opened: OpenRoom | undefined) => void opened?.pull().catch(() => {}) // 'ready' comes again
  const refreshAll = () => {
    for (const opened of rooms.values()) refresh(opened)
  }
  news.on('message', (channel: string) => refresh(rooms.get(channel.slice(newsOf('').length))))
  news.on('ready', refreshAll)
  const lookAfter = setInterval(refreshAll, LOOK_AFTER_MS).unref()

  return {
    async publish(name, body) {
      await redis.toldRoom(streamOf(name), newsOf(name), body, STREAM_EVENTS, STREAM_KEPT_MS)
    },
    async subscribe(name, after, deliver) {
      const opened = rooms.get(name) ?? open(name)
      opened.users++
      const leave = () => {
        if (--opened.users > 0 || rooms.get(name) !== opened) return
        rooms.delete(name)
        news.unsubscribe(newsOf(name)).catch(() => {})
      }
      try {
        await opened.ready
      } catch (error) {
        leave()
        throw error
      }
      return opened.room.subscribe(after, deliver, leave)
    },
    add: (counter, n) => redis.addedTo(`count:${counter}`, n, COUNTER_KEPT_MS),
    share: (gauge, part) => redis.sharedIn(`gauge:${gauge}`, server, part, aliveMs),
    async close() {
      clearInterval(lookAfter)
      redis.disconnect()
      news.disconnect()
    }
  }
}

const streamOf = (room: string) => `room:${room}`
const newsOf = (room: string) => `news:${room}`

async function since(redis: Redis, name: string, last: string): Promise<RoomEvent[]> {
  const rows = await redis.xrange(streamOf(name), `(${last}`, '+', 'COUNT', PULL_EVENTS)
  return rows.map(([id, fields]) => ({ id, body: fields[1]! }))
}

/** A server that cannot reach its bus must say so at once instead of opening rooms that nobody else hears. */
async function answers(redis: Redis, url: string) {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PING_MS} ms`)), PING_MS)
  })
  try {
    await Promise.race([redis.ping(), tooLong])
  } catch (error) {
    const words = error instanceof Error ? `: ${error.message}` : ''
    throw new SettingsError(`REDIS_URL: no Redis or Valkey answers at ${new URL(url).host}${words}`)
  } finally {
    clearTimeout(timer)
  }
}
