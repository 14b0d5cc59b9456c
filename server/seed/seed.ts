import sharp from 'sharp'
import type { Product, ProductDraft } from '../../shared/contracts/catalogue.ts'
import { Problem } from '../../shared/problems.ts'
import type { Village } from '../app.ts'
import { ZONE, type StoryClock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import { reportWhatCameBad } from './aftersale.ts'
import { ART, type ArtName } from './art.ts'
import { giveForTheFestival } from './coupons.ts'
import { sayTheWeather, sent, writeFreight, type Freights } from './freight.ts'
import { tellTheSales } from './history.ts'
import { beforeTheTide, expectTheTide, landTheCatch } from './landings.ts'
import { sendTheParcels } from './packing.ts'
import { givePapers } from './papers.ts'
import { DEMO_HOSTS, DEMO_LEARNER, DEMO_PEOPLE, HOSTS_PAPERS } from './people.ts'
import { sayHowItWas } from './reviews.ts'
import { seedSchool } from './school.ts'
import { EVENING, SHOPS, type DemoProduct } from './stories.ts'
import { sellTheFeast } from './vouchers.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
export const EVENING_SHOW = 'demo-evening'
export const REPLAY_SHOW = 'demo-replay'

/** Somebody of the demo village, as the plural faces want to know who acts. */
export function person(id: string): Member {
  const found = DEMO_PEOPLE.find((each) => each.id === id)
  if (!found) throw new Error(`nobody in the demo village is called ${id}`)
  return { id: found.id, name: found.name, roles: found.roles }
}

/** What lies on a shelf, in the order of these drawings. */
export async function goodsOf(
  village: Village,
  hostId: string,
  arts: readonly ArtName[]
): Promise<Product[]> {
  const titles = SHOPS.flatMap((shop) => shop.products)
  const mine = await village.products.mine(person(hostId))
  return arts.flatMap((art) => {
    const title = titles.find((product) => product.art === art)?.title
    const product = mine.find((each) => each.title === title && each.state === 'on_sale')
    return product ? [product] : []
  })
}

/**
 * Puts the demo village into an empty store through the same doors that people use. Whatever is there already stays as
 * it is; a store with real members is never touched. Answers whether this is the demo village.
 */
export async function seedVillage(village: Village, clock: StoryClock): Promise<boolean> {
  const { members } = village
  const known = await members.namesOf(DEMO_PEOPLE.map((each) => each.id))
  if (!known.size && !(await isEmpty(village))) return false
  for (const each of DEMO_PEOPLE) if (!known.has(each.id)) await members.enrol(each)
  const people = { trainer: person('trainer'), officer: person('officer') }
  const isNew = await seedSchool(village, clock, people, (art) => hang(village, art))
  for (const { id, name } of [...DEMO_HOSTS, DEMO_LEARNER]) {
    // A demo village from before there was a school has hosts without papers: they got none that anybody took away.
    if (isNew || !known.has(id)) await givePapers(village, { memberId: id, name, ...HOSTS_PAPERS[id]! })
  }
  await Promise.all(SHOPS.map((shop) => openTheShop(village, shop)))
  if (isNew) await tellTheSales(village, clock)
  if (isNew) await sayTheWeather(village, people.officer)
  if (isNew) await giveForTheFestival(village, people.officer)
  if (isNew) await sendTheParcels(village, clock, { person, goodsOf })
  if (isNew) await reportWhatCameBad(village, clock, person)
  if (isNew) await sellTheFeast(village, clock, { person, goodsOf })
  if (isNew) await sayHowItWas(village, clock, { person, goodsOf })
  await scheduleTheEvening(village)
  return true
}

async function isEmpty({ store }: Village) {
  const [anybody] = await store.read.select({ id: store.schema.user.id }).from(store.schema.user).limit(1)
  return anybody === undefined
}

async function openTheShop(village: Village, { host, products, portrait, ...words }: (typeof SHOPS)[number]) {
  const me = person(host)
  if (!(await village.shops.shopOf(host))) {
    await village.shops.openMine(me, { ...words, portrait: await hang(village, portrait) })
  }
  if ((await village.products.mine(me)).length) return expectTheTide(village, me)
  const freights = await writeFreight(village, me)
  // The last added stands first in the shop.
  for (const product of products.toReversed()) {
    const added = await village.products.add(me, await draftOf(village, product, freights))
    await landTheCatch(village, me, added, product.art)
  }
}

async function draftOf(village: Village, product: DemoProduct, freights: Freights): Promise<ProductDraft> {
  const { art, caughtDaysAgo, ...words } = product
  const caughtOn =
    caughtDaysAgo === undefined ? '' : dayInTheVillage(village.clock.now() - caughtDaysAgo * DAY_MS)
  const draft = { ...words, caughtOn, photos: [await hang(village, art)], state: 'on_sale' as const }
  return sent(beforeTheTide(draft, art), art, freights)
}

/** A drawing becomes a photo like any host's: taken by the same door, resized, kept as an object. */
export async function hang(village: Village, art: ArtName) {
  const { url } = await village.photos.keep(await sharp(Buffer.from(ART[art]())).png().toBuffer())
  return url
}

/** 2026-07-03, as it is in the village. */
export const dayInTheVillage = (at: number) => new Intl.DateTimeFormat('en-CA', { timeZone: ZONE }).format(at)

/** Tomorrow evening, half past seven by the village's clock. */
function tomorrowEvening(now: number) {
  const midnight = Date.parse(`${dayInTheVillage(now + DAY_MS)}T00:00:00+08:00`)
  return midnight + 19.5 * HOUR_MS
}

async function scheduleTheEvening(village: Village) {
  const now = village.clock.now()
  const there = await isThere(village, EVENING_SHOW)
  if (there && (there.state !== 'coming' || there.startsAt > now)) return
  const draft = {
    title: EVENING.title,
    cover: there?.cover ?? (await hang(village, EVENING.cover)),
    startsAt: tomorrowEvening(now),
    productIds: (await goodsOf(village, EVENING.host, EVENING.arts)).map((product) => product.id)
  }
  const me = person(EVENING.host)
  // A village that is looked at again next week still has a show to look forward to.
  if (there) await village.shows.change(me, EVENING_SHOW, draft)
  else await village.shows.schedule(me, draft, { demo: true, id: EVENING_SHOW })
}

export async function isThere(village: Village, showId: string) {
  try {
    return await village.shows.get(showId)
  } catch (error) {
    if (error instanceof Problem && error.code === 'no_such_show') return undefined
    throw error
  }
}

/** Where to click, for whoever has just started the demo village. */
export function signpost(base: string) {
  const doors = [
    ['店面', '/'],
    ['主播台', '/studio'],
    ['场控台', '/desk'],
    ['工会', '/union'],
    ['短信箱', '/dev/inbox']
  ]
  const people = [...DEMO_HOSTS.slice(0, 1), ...DEMO_PEOPLE.filter(({ roles }) => !roles.includes('host'))]
  const shown = people.filter(
    ({ roles }, i) => people.findIndex((other) => other.roles.at(-1) === roles.at(-1)) === i
  )
  return [
    ...doors.map(([name, path]) => `  ${name}\t${base}${path}`),
    '  演示账号（验证码在短信箱里，没有真正发送；全部账号：npm run demo:accounts）',
    ...shown.map(({ phone, name, about }) => `  ${phone}\t${name} · ${about}`)
  ].join('\n')
}
