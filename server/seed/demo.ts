import { setTimeout } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { Problem } from '../../shared/problems.ts'
import type { Village } from '../app.ts'
import type { StoryClock } from '../clock.ts'
import { DEMO_BUYERS } from './people.ts'
import { playFilm, readFilm, replayFilm } from './film.ts'
import { soldOne } from './history.ts'
import { writeDown, XIUMEI } from './looking-back.ts'
import { goodsOf, hang, isThere, person, REPLAY_SHOW, seedVillage, signpost } from './seed.ts'
import { MORNING, YESTERDAY } from './stories.ts'

const MINUTE_MS = 60_000
/** Between two lines of the story while somebody watches, and while nobody does: a log need not grow for nobody. */
const PACE_MS = 5_000
const ALONE_MS = 60_000
/** A film's first part opens its show; how long we look whether it has. */
const OPENING_MS = 50
const OPENING_TRIES = 200
/** The story so far when the first viewer comes in. */
const LINES_BEFORE = 4
const COUPONS = [
  { kind: 'plain', offFen: 500, thresholdFen: 3900, total: 50, perMember: 1, lifeMs: 20 * MINUTE_MS },
  { kind: 'follow', offFen: 300, thresholdFen: 0, total: 100, perMember: 1, lifeMs: 30 * MINUTE_MS }
] as const

/** A neighbour of the script says on every line that she is one. */
const SCRIPTED = '（演示）'

export interface Demo {
  signpost: string
  stop(): Promise<void>
}

/**
 * Fills the demo village and plays it: one show on air with talk, pins and coupons, all through the faces that people
 * use. Undefined in a village with real members.
 */
export async function openDemo(village: Village, clock: StoryClock): Promise<Demo | undefined> {
  if (!(await seedVillage(village, clock))) return undefined
  const stopped = new AbortController()
  const playing = play(village, stopped.signal).catch((error: unknown) => {
    village.http.log.error({ err: error }, 'the demo village stopped playing')
  })
  return {
    signpost: signpost(village.settings.publicUrl),
    async stop() {
      stopped.abort()
      await playing
    }
  }
}

async function play(village: Village, signal: AbortSignal) {
  const showId = await morningShow(village)
  const { sessionId } = await village.shows.goLive(person(MORNING.host), showId)
  let film: ReturnType<typeof playFilm> | undefined
  // Whoever goes live with this show from a phone of her own takes the picture over.
  const publisher = await village.films.publisher(sessionId, () => film?.stop())
  film = playFilm(publisher)
  try {
    await Promise.all([tapeYesterday(village), tellTheMorning(village, showId, signal)])
  } finally {
    film.stop()
  }
}

/** Yesterday's show, filmed again as fast as this machine goes, so that there is one to replay. */
async function tapeYesterday(village: Village) {
  const { shows, store, clock } = village
  const host = person(YESTERDAY.host)
  const there = await isThere(village, REPLAY_SHOW)
  if (there?.state === 'ended') return
  if (!there) {
    const shelf = await goodsOf(village, YESTERDAY.host, YESTERDAY.arts)
    const cover = await hang(village, YESTERDAY.cover)
    const draft = { title: YESTERDAY.title, cover, startsAt: clock.now() }
    const productIds = shelf.map((product) => product.id)
    await shows.schedule(host, { ...draft, productIds }, { demo: true, id: REPLAY_SHOW })
  }
  const filmedAt = clock.now() - YESTERDAY.hoursAgo * 60 * MINUTE_MS
  const { sessionId } = await shows.goLive(host, REPLAY_SHOW)
  await replayFilm(await village.films.publisher(sessionId), { filmedAt, rounds: YESTERDAY.rounds })
  for (let tries = 0; (await shows.get(REPLAY_SHOW)).state === 'coming' && tries < OPENING_TRIES; tries++) {
    await setTimeout(OPENING_MS)
  }
  await shows.end(host, REPLAY_SHOW)
  // Nobody can hold a show in the past; its times are put where its film is, and what happened in it with them.
  const table = store.schema.shows
  const lengthMs = Math.round((readFilm().lengthUs / 1000) * YESTERDAY.rounds)
  const times = { startsAt: filmedAt, openedAt: filmedAt, endedAt: filmedAt + lengthMs }
  await store.tx(async (tx) => {
    await tx.update(table).set(times).where(eq(table.id, REPLAY_SHOW))
  })
  const products = await goodsOf(village, YESTERDAY.host, YESTERDAY.arts)
  const shop = await village.shops.shopOf(host.id)
  if (!shop || products.length < YESTERDAY.arts.length) return
  const show = { showId: REPLAY_SHOW, hostId: host.id, shopId: shop.id, openedAt: filmedAt }
  const minutes = Math.ceil(lengthMs / MINUTE_MS)
  await writeDown(village, { ...show, minutes }, host.name, products, XIUMEI)
  for (const [i, minute] of XIUMEI.orders.entries()) {
    const at = filmedAt + minute * MINUTE_MS
    await soldOne(village, products[i % 2]!, { at: Math.round(at), qty: 1, i, showId: REPLAY_SHOW })
  }
}

/** The morning show that is still open, or a new one: a village that was closed for an hour has ended it. */
async function morningShow(village: Village): Promise<string> {
  const host = person(MORNING.host)
  const mine = await village.shows.mine(host)
  const open = mine.find((show) => show.demo && show.state !== 'replay')
  if (open) return open.id
  const shelf = await goodsOf(
    village,
    MORNING.host,
    MORNING.acts.map((act) => act.art)
  )
  const { id } = await village.shows.schedule(
    host,
    {
      title: MORNING.title,
      cover: mine.find((show) => show.demo)?.cover ?? (await hang(village, MORNING.cover)),
      startsAt: village.clock.now(),
      productIds: shelf.map((product) => product.id)
    },
    { demo: true }
  )
  return id
}

/** Act after act, round and round, until the village closes or somebody ends the show. */
async function tellTheMorning(village: Village, showId: string, signal: AbortSignal) {
  const host = person(MORNING.host)
  let told = 0
  for (let round = 0; ; round++) {
    for (const [i, act] of MORNING.acts.entries()) {
      const [product] = await goodsOf(village, MORNING.host, [act.art])
      if (product) await village.shows.pin(host, showId, product.id).catch(shrug)
      if (!(await village.coupons.cardsOf(showId)).length)
        await dropOne(village, showId, round + i).catch(shrug)
      for (const [who, text] of act.lines) {
        if (signal.aborted || (await isOver(village, showId))) return
        await say(village, showId, who, text).catch(shrug)
        if (++told > LINES_BEFORE) {
          const watched = (await village.rooms.viewers(showId)) > 0
          await pause(village, showId, watched ? PACE_MS : ALONE_MS, signal)
        }
      }
    }
  }
}

async function say({ talk }: Village, showId: string, who: string | number, text: string) {
  const id = crypto.randomUUID()
  if (typeof who === 'string') {
    const { name } = person(who)
    return talk.say(showId, { id: who, name: name + SCRIPTED, role: 'host', staff: true }, { id, text })
  }
  const { id: buyerId, name } = DEMO_BUYERS[who]!
  return talk.say(showId, { id: buyerId, name: name + SCRIPTED, role: 'buyer', staff: false }, { id, text })
}

/** A coupon for everybody, and three neighbours who are quicker than you; not those whose phones the console offers. */
async function dropOne({ coupons, members }: Village, showId: string, turn: number) {
  const host = person(MORNING.host)
  const { id, kind } = await coupons.drop(host, showId, COUPONS[turn % COUPONS.length]!)
  for (const { id: buyerId } of DEMO_BUYERS.slice(-3)) {
    if (kind === 'follow') await members.follow(person(buyerId), host.id)
    await coupons.claimFor(person(buyerId), id).catch(shrug)
  }
}

const isOver = async (village: Village, showId: string) => (await village.shows.get(showId)).state === 'ended'

/** What the script asks for may be refused, like anybody's wish: sold out, ended, busy. Bugs are not refusals. */
function shrug(error: unknown) {
  if (!(error instanceof Problem)) throw error
}

/** Waits; a viewer who comes in is not kept waiting for the slow pace of an empty room. */
async function pause({ rooms }: Village, showId: string, ms: number, signal: AbortSignal) {
  for (let waited = 0; waited < ms && !signal.aborted; waited += PACE_MS) {
    await setTimeout(PACE_MS, undefined, { signal }).catch(() => {})
    if (ms > PACE_MS && (await rooms.viewers(showId)) > 0) return
  }
}
