import type { Product, ProductDraft } from '../../shared/contracts/catalogue.ts'
import { DAY_MS, dayOf } from '../../shared/day.ts'
import type { Village } from '../app.ts'
import type { Member } from '../members/member.ts'
import type { ArtName } from './art.ts'

const HOUR_MS = 3_600_000

/** What of one of the demo's goods came ashore this morning, and what comes tomorrow; pieces in the order of its specs. */
interface Catch {
  source: 'boat' | 'plot'
  sourceName: string
  /** By the village's clock: 5.5 is half past five. */
  hour: number
  jin: number
  pieces: readonly number[]
  /** Sold ahead: so many more of each, from the next tide. */
  ahead?: readonly number[]
}

/** Made up, like the stories: no boat of this number is known to us. */
const CATCHES: Partial<Record<ArtName, Catch>> = {
  clams: { source: 'plot', sourceName: '红岛东滩（演示）', hour: 5.5, jin: 210, pieces: [40, 18] },
  oysters: {
    source: 'plot',
    sourceName: '宿流筏架 12 排（演示）',
    hour: 6,
    jin: 260,
    pieces: [50, 0],
    ahead: [30, 0]
  },
  mussels: { source: 'plot', sourceName: '宿流外礁（演示）', hour: 6.5, jin: 150, pieces: [30] },
  crab: { source: 'boat', sourceName: '鲁青渔 00000（演示）', hour: 4, jin: 24, pieces: [30, 7] }
}

/** The stock of a draft without what its landing of this morning brings. */
export function beforeTheTide(draft: ProductDraft, art: ArtName): ProductDraft {
  const pieces = CATCHES[art]?.pieces ?? []
  return {
    ...draft,
    specs: draft.specs.map((spec, i) => ({ ...spec, stock: spec.stock - (pieces[i] ?? 0) }))
  }
}

/** This morning's landing of one of her products, and tomorrow's, written down by the same door as any host's. */
export async function landTheCatch({ shop, clock }: Village, me: Member, product: Product, art: ArtName) {
  const caught = CATCHES[art]
  if (!caught) return
  const { source, sourceName, hour, jin, pieces, ahead } = caught
  const now = clock.now()
  const lines = (of: readonly number[]) =>
    product.specs.flatMap(({ id: specId }, i) => (of[i] ? [{ specId, qty: of[i] }] : []))
  const landing = { productId: product.id, source, sourceName, grams: jin * 500 }
  const thisMorning = Math.min(at(now, hour), now)
  const { landings } = shop.lots
  await landings.add(me, {
    ...landing,
    key: `demo-lot-${product.id}`,
    state: 'landed',
    landsAt: thisMorning,
    lines: lines(pieces)
  })
  if (!ahead) return
  await landings.add(me, {
    ...landing,
    key: `demo-ahead-${product.id}`,
    state: 'planned',
    landsAt: at(now + DAY_MS, hour),
    lines: lines(ahead)
  })
}

/** A village that is looked at again next week still expects its next tide tomorrow. */
export async function expectTheTide({ shop, clock }: Village, me: Member) {
  const now = clock.now()
  const { expected } = await shop.lots.landings.mine(me, {})
  for (const { id, landsAt, version } of expected) {
    if (landsAt > now) continue
    await shop.lots.landings.move(me, id, {
      version,
      landsAt: landsAt + Math.ceil((now - landsAt + 1) / DAY_MS) * DAY_MS
    })
  }
}

/** An hour of that day in the village. */
const at = (day: number, hour: number) => Date.parse(`${dayOf(day)}T00:00:00+08:00`) + hour * HOUR_MS
