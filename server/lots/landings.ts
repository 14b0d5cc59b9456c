import type { Body } from '../../shared/contract.ts'
import {
  AHEAD_DAYS,
  type addLot,
  type closeLot,
  type Landing,
  type landLot,
  type loseLot,
  type Lot,
  type moveLot,
  type spreadLot
} from '../../shared/contracts/lots.ts'
import { MAX_STOCK } from '../../shared/contracts/catalogue.ts'
import { DAY_MS, dayOf } from '../../shared/day.ts'
import { Problem } from '../../shared/problems.ts'
import type { Products } from '../catalogue/products.ts'
import type { Shops } from '../catalogue/shops.ts'
import type { Clock } from '../clock.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { has, type Member } from '../members/member.ts'
import type { News } from '../notices/notice.ts'
import type { Store, Tx } from '../store/store.ts'
import { spareGrams } from './lot.ts'
import { lotStore, type LotRow } from './store.ts'

/** A landing that nobody had time to write down: it may be three days old. */
const LATE_DAYS = 3
/** Of one product; who has more does not close what is sold out. */
const MAX_OPEN_LOTS = 60
const MAX_EXPECTED = 50
const PAGE = 24
/** What a buyer reads of where it comes from. */
const SHOWN_LANDINGS = 10
/** Buyers of one landing who are told in one unit. */
const TOLD_AT_ONCE = 50

type Lines = Body<typeof addLot>['lines']

export type Landings = ReturnType<typeof openLandings>

/** 到岸: what came or will come ashore, how much, and as what it is sold. */
export function openLandings({
  store,
  clock,
  jobs,
  goods,
  shops,
  freedIn,
  tellIn,
  buyerIn
}: {
  store: Store
  clock: Clock
  jobs: Jobs
  goods: Pick<
    Products,
    'specIn' | 'giveBackIn' | 'takeOffIn' | 'weighIn' | 'caughtIn' | 'productsByIds' | 'changed'
  >
  shops: Pick<Shops, 'shopOf'>
  freedIn: (tx: Tx, specIds: string[]) => Promise<void>
  tellIn: (tx: Tx, news: News) => Promise<void>
  /** Who bought this order, unless it is over. */
  buyerIn: (tx: Tx, orderId: string) => Promise<string | undefined>
}) {
  const lots = lotStore(store)
  jobs.on<{ lotId: string; was: number; landsAt: number }>('lot_moved', ({ payload }) => tellMoved(payload))

  return {
    /**
     * A landing becomes stock; the same key is the same landing. Problems: no_such_product, not_yours, lot_voucher,
     * lot_time, lots_full, no_such_spec, weight_unknown {specId}, lot_too_light {overGrams},
     * bad_input (a spec named twice).
     */
    async add(me: Member, { key, productId, lines, ...draft }: Body<typeof addLot>): Promise<Lot> {
      const product = (await goods.productsByIds([productId])).get(productId)
      if (!product) throw new Problem('no_such_product')
      await refuseUnlessMine(me, product.shop.id)
      if (product.kind === 'voucher') throw new Problem('lot_voucher')
      const now = clock.now()
      const landsAt = draft.state === 'planned' ? willLand(draft.landsAt) : hasLanded(draft.landsAt)
      const row: LotRow = {
        ...draft,
        id: key,
        shopId: product.shop.id,
        productId,
        landsAt,
        version: 1,
        createdBy: me.id,
        createdAt: now
      }
      await store.tx(async (tx) => {
        if (!(await lots.add(tx, row))) return // a second tap
        if ((await lots.openCount(tx, productId)) > MAX_OPEN_LOTS) throw new Problem('lots_full')
        await spreadIn(tx, row, lines, 'never below what is sold')
        if (row.state === 'landed') await goods.caughtIn(tx, productId, dayOf(landsAt))
      }, hotOf(lines))
      goods.changed([productId])
      const lot = await one(key)
      await refuseUnlessMine(me, lot.shopId) // somebody else's key
      return view(lot)
    },

    /**
     * Sets what of it is sold as which spec; specs that are not named stay. Problems: no_such_lot, not_yours, lot_changed,
     * lot_over, lot_sold {specId, sold}, and those of `add`.
     */
    spread: async (me: Member, lotId: string, { version, lines }: Body<typeof spreadLot>) =>
      change(me, lotId, lines, async (tx, lot) => {
        if (lot.state !== 'planned' && lot.state !== 'landed') throw new Problem('lot_over')
        await changed(tx, lotId, version, {})
        await spreadIn(tx, lot, lines, 'never below what is sold')
      }),

    /** What was expected is ashore. Problems as `spread`, without lot_sold: who bought last gets her money back. */
    land: async (me: Member, lotId: string, { version, grams, lines }: Body<typeof landLot>) =>
      change(me, lotId, lines, async (tx, lot) => {
        if (lot.state !== 'planned') throw new Problem('lot_over')
        const landsAt = clock.now()
        const landed = await changed(tx, lotId, version, { state: 'landed', landsAt, grams })
        await spreadIn(tx, landed, lines, 'though more is sold')
        await goods.caughtIn(tx, lot.productId, dayOf(landsAt))
        await makeGoodIn(tx, landed, '到岸的比预订的少')
      }),

    /** It comes at another time. Problems: no_such_lot, not_yours, lot_changed, lot_over, lot_time. */
    move: async (me: Member, lotId: string, { version, landsAt }: Body<typeof moveLot>) =>
      change(me, lotId, [], async (tx, lot) => {
        if (lot.state !== 'planned') throw new Problem('lot_over')
        if (lot.landsAt === landsAt) return
        await changed(tx, lotId, version, { landsAt: willLand(landsAt) })
        await jobs.add(
          tx,
          'lot_moved',
          { lotId, was: lot.landsAt, landsAt },
          { id: `moved-${lotId}-${version}` }
        )
      }),

    /** It does not come; what was sold of it is paid back. Problems: no_such_lot, not_yours, lot_changed, lot_over. */
    lose: async (me: Member, lotId: string, { version, reason }: Body<typeof loseLot>) =>
      change(me, lotId, [], async (tx, lot) => {
        if (lot.state !== 'planned') throw new Problem('lot_over')
        await emptyIn(tx, lot)
        await makeGoodIn(tx, await changed(tx, lotId, version, { state: 'lost' }), reason)
      }),

    /** Nothing more is sold of it. Problems: no_such_lot, not_yours, lot_changed, lot_over. */
    close: async (me: Member, lotId: string, { version }: Body<typeof closeLot>) =>
      change(me, lotId, [], async (tx, lot) => {
        if (lot.state !== 'landed') throw new Problem('lot_over')
        await emptyIn(tx, lot)
        await changed(tx, lotId, version, { state: 'closed' })
      }),

    /** Of my shop; an operator says which. Problems: no_such_shop, not_yours, no_such_lot. */
    async mine(me: Member, { shopId, after }: { shopId?: string; after?: string }) {
      const shop = shopId ?? (await shops.shopOf(me.id))?.id
      if (!shop) throw new Problem('no_such_shop')
      await refuseUnlessMine(me, shop)
      const from = after === undefined ? undefined : await one(after)
      if (from && from.shopId !== shop) throw new Problem('no_such_lot')
      const [expected, past] = await Promise.all([
        after === undefined ? lots.expected(shop, MAX_EXPECTED) : [],
        lots.past(shop, from, PAGE)
      ])
      const shown = new Map((await views([...expected, ...past])).map((lot) => [lot.id, lot]))
      const seen = (rows: LotRow[]) => rows.map(({ id }) => shown.get(id)!)
      return { expected: seen(expected), past: seen(past) }
    },

    /** What buyers read. */
    async ofProduct(productId: string): Promise<Landing[]> {
      const rows = await lots.ofProduct(productId, SHOWN_LANDINGS)
      return rows.map(({ id, source, sourceName, landsAt, state }) => {
        return { id, source, sourceName, landsAt, state: state === 'planned' ? 'planned' : 'landed' }
      })
    }
  }

  async function one(lotId: string): Promise<LotRow> {
    const lot = await lots.one(store.read, lotId)
    if (!lot) throw new Problem('no_such_lot')
    return lot
  }

  async function refuseUnlessMine(me: Member, shopId: string) {
    if (has(me, 'operator')) return
    if ((await shops.shopOf(me.id))?.id !== shopId) throw new Problem('not_yours')
  }

  async function change(
    me: Member,
    lotId: string,
    lines: Lines,
    act: (tx: Tx, lot: LotRow) => Promise<void>
  ): Promise<Lot> {
    const { shopId, productId } = await one(lotId)
    await refuseUnlessMine(me, shopId)
    await store.tx(async (tx) => act(tx, (await lots.one(tx, lotId))!), hotOf(lines))
    goods.changed([productId])
    return view(await one(lotId))
  }

  async function changed(tx: Tx, lotId: string, version: number, row: Partial<LotRow>): Promise<LotRow> {
    const lot = await lots.change(tx, lotId, version, row)
    if (!lot) throw new Problem('lot_changed')
    return lot
  }

  function willLand(landsAt: number) {
    const now = clock.now()
    if (landsAt <= now || landsAt > now + AHEAD_DAYS * DAY_MS) throw new Problem('lot_time')
    return landsAt
  }

  /** A phone whose clock is ahead has nothing from the future. */
  function hasLanded(landsAt: number) {
    const now = clock.now()
    if (landsAt < now - LATE_DAYS * DAY_MS) throw new Problem('lot_time')
    return Math.min(landsAt, now)
  }

  /** Puts the lines of a landing on sale, or some of them off, as far as it weighs that much. */
  async function spreadIn(
    tx: Tx,
    lot: LotRow,
    lines: Lines,
    below: 'never below what is sold' | 'though more is sold'
  ) {
    if (new Set(lines.map(({ specId }) => specId)).size < lines.length)
      throw new Problem('bad_input', { field: '/lines' })
    const before = new Map((await lots.specsOf(tx, [lot.id])).map((row) => [row.specId, row]))
    const weighed = new Map<string, { qty: number; grams: number }>()
    for (const { specId, qty } of before.values()) {
      weighed.set(specId, { qty, grams: (await goods.specIn(tx, specId))?.grams ?? 0 })
    }
    for (const { specId, qty, grams } of [...lines].sort((a, b) => (a.specId < b.specId ? -1 : 1))) {
      const spec = await goods.specIn(tx, specId)
      if (spec?.productId !== lot.productId) throw new Problem('no_such_spec')
      const weight = spec.grams || grams
      if (qty && !weight) throw new Problem('weight_unknown', { specId })
      if (weight && !spec.grams) await goods.weighIn(tx, specId, weight)
      weighed.set(specId, { qty, grams: weight ?? 0 })
      const was = before.get(specId) ?? { qty: 0, left: 0 }
      const sold = await lots.used(tx, lot.id, specId)
      if (qty < sold && below === 'never below what is sold') throw new Problem('lot_sold', { specId, sold })
      const left = Math.max(0, Math.min(was.left + qty - was.qty, qty - sold))
      await lots.putSpec(tx, { lotId: lot.id, specId, qty, left })
      if (left > was.left) await goods.giveBackIn(tx, [{ specId, qty: left - was.left }])
      if (left < was.left) await goods.takeOffIn(tx, { specId, qty: was.left - left })
      if (spec.stock + left - was.left > MAX_STOCK) throw new Problem('bad_input', { field: '/lines' })
    }
    const spare = spareGrams(lot.grams, [...weighed.values()])
    if (spare < 0) throw new Problem('lot_too_light', { overGrams: -spare })
    await freedIn(
      tx,
      lines.map(({ specId }) => specId)
    )
  }

  /** What is left of it goes off the shelf. */
  async function emptyIn(tx: Tx, lot: LotRow) {
    for (const { left, ...row } of await lots.specsOf(tx, [lot.id])) {
      if (!left) continue
      await lots.putSpec(tx, { ...row, left: 0 })
      await goods.takeOffIn(tx, { specId: row.specId, qty: left })
    }
  }

  /** Where more is sold than comes, a job pays back: one landing may have hundreds of buyers. */
  async function makeGoodIn(tx: Tx, lot: LotRow, reason: string) {
    await jobs.add(tx, 'lot_short', { lotId: lot.id, reason }, { id: `short-${lot.id}` })
  }

  async function tellMoved({ lotId, was, landsAt }: { lotId: string; was: number; landsAt: number }) {
    const lot = await one(lotId)
    const title = (await goods.productsByIds([lot.productId])).get(lot.productId)?.title ?? ''
    let before: string | undefined
    for (;;) {
      const orderIds = await lots.holdersOf(lotId, before, TOLD_AT_ONCE)
      await store.tx(async (tx) => {
        for (const orderId of orderIds) {
          const memberId = await buyerIn(tx, orderId)
          if (!memberId) continue
          const about = { title, was: `${was}`, landsAt: `${landsAt}` }
          await tellIn(tx, { memberId, kind: 'lot_moved', about, href: `/me/orders/${orderId}` })
        }
      })
      before = orderIds.at(-1)
      if (orderIds.length < TOLD_AT_ONCE) return
    }
  }

  async function view(lot: LotRow): Promise<Lot> {
    return (await views([lot]))[0]!
  }

  async function views(rows: LotRow[]): Promise<Lot[]> {
    const lotIds = rows.map(({ id }) => id)
    const [products, parts, used] = await Promise.all([
      goods.productsByIds(rows.map(({ productId }) => productId)),
      lots.specsOf(store.read, lotIds),
      lots.usedOfLots(store.read, lotIds)
    ])
    const soldOf = new Map(used.map(({ lotId, specId, qty }) => [`${lotId} ${specId}`, qty]))
    const partsOf = Map.groupBy(parts, ({ lotId }) => lotId)
    return rows.map(({ id, productId, source, sourceName, landsAt, grams, state, version }) => {
      const product = products.get(productId)!
      // In the order of the product's specs; one that is sold no more has nothing to be shown.
      const lines = product.specs.flatMap((spec) => {
        const part = partsOf.get(id)?.find(({ specId }) => specId === spec.id)
        if (!part) return []
        const { specId, qty, left } = part
        const sold = soldOf.get(`${id} ${specId}`) ?? 0
        return [{ specId, specName: spec.name, unit: spec.unit, grams: spec.grams, qty, sold, left }]
      })
      const from = { source, sourceName, landsAt, grams }
      const { title, photos } = product
      const spare = spareGrams(grams, lines)
      return {
        id,
        productId,
        title,
        photo: photos[0] ?? '',
        ...from,
        spareGrams: spare,
        state,
        version,
        lines
      }
    })
  }
}

/** Orders for the same goods line up instead of colliding. */
function hotOf(lines: Lines) {
  const first = lines.map(({ specId }) => specId).sort()[0]
  return first === undefined ? undefined : { hot: `spec:${first}` }
}
