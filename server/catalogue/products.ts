import type { Body } from '../../shared/contract.ts'
import type {
  changeProduct,
  GoodsClass,
  Product,
  ProductDraft,
  setStock,
  Spec,
  Unit
} from '../../shared/contracts/catalogue.ts'
import type { ShelfItem } from '../../shared/contracts/live.ts'
import { Problem } from '../../shared/problems.ts'
import type { Hints } from '../../shared/room.ts'
import { DEFAULT_VALID_DAYS } from '../../shared/voucher.ts'
import type { Bus } from '../bus/bus.ts'
import { openNews } from '../bus/news.ts'
import type { Clock } from '../clock.ts'
import { has, type Member } from '../members/member.ts'
import { newId } from '../store/id.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import {
  gathered,
  gramsOfUnit,
  isCatchDay,
  searchTextOf,
  shelfPrice,
  stockAfterEdit,
  wordsOf,
  type SpecRow
} from './product.ts'
import type { Shops } from './shops.ts'
import { catalogueStore, MAX_PRODUCTS, type ProductRow } from './store.ts'

/** Where servers tell each other that goods have changed. */
const CHANNEL = 'goods'

/** What an order line copies of a product at the moment it is held: later edits change no order. */
export interface HeldLine {
  specId: string
  productId: string
  shopId: string
  title: string
  specName: string
  unit: Unit
  photo: string
  qty: number
  priceFen: number
  perishable: boolean
  kind: 'goods' | 'voucher'
  goodsClass: GoodsClass
  tempClass: 'ambient' | 'chilled' | 'frozen'
  /** Of one. */
  grams: number
}

/** What others need to know of one spec. */
export interface SpecFacts {
  specId: string
  specName: string
  unit: Unit
  priceFen: number
  stock: number
  grams: number
  productId: string
  shopId: string
  title: string
  photo: string
  kind: 'goods' | 'voucher'
  onSale: boolean
}

export interface Ahead {
  planned: number
  landsAt: number
}

export type Products = Awaited<ReturnType<typeof openProducts>>

/** What the shops sell. */
export async function openProducts({
  store,
  bus,
  clock,
  shops,
  isOurPicture,
  isFreightOf,
  aheadOf
}: {
  store: Store
  bus: Bus
  clock: Clock
  shops: Shops
  isOurPicture: (url: string) => boolean
  /** Whether goods of this shop may go by this freight template. */
  isFreightOf: (on: Tx | Reader, shopId: string, freightId: string) => Promise<boolean>
  /** How many of each spec are sold ahead of their landing, and when the first of them lands. */
  aheadOf: (on: Reader, specIds: string[]) => Promise<ReadonlyMap<string, Ahead>>
}) {
  const catalogue = catalogueStore(store)
  const listeners = new Set<(change: { productIds: string[] }) => void>()
  const stocked: ((tx: Tx, specIds: string[]) => Promise<void>)[] = []
  const news = await openNews<string[]>(bus, CHANNEL, (productIds) => {
    for (const listener of listeners) listener({ productIds })
  })

  /** Says that stock or words of these products have changed; call it after the commit. */
  function changed(productIds: string[]) {
    if (productIds.length) news.tell([...new Set(productIds)])
  }

  async function views(rows: ProductRow[]): Promise<Product[]> {
    const all = await catalogue.specsOf(
      store.read,
      rows.map((row) => row.id)
    )
    const specs = Map.groupBy(all, (spec) => spec.productId)
    const ahead = await aheadOf(
      store.read,
      all.map((spec) => spec.id)
    )
    const cards = await shops.shopsByIds(rows.map((row) => row.shopId))
    return rows.map((row) => {
      const { id, name, village, hostId, hostName } = cards.get(row.shopId)!
      return {
        ...row,
        shop: { id, name, village, hostId, hostName },
        specs: (specs.get(row.id) ?? []).map((spec) => specView(spec, ahead.get(spec.id)))
      }
    })
  }

  async function productsByIds(ids: string[]): Promise<Map<string, Product>> {
    const rows = await catalogue.productsByIds(store.read, [...new Set(ids)])
    return new Map((await views(rows)).map((product) => [product.id, product]))
  }

  async function one(productId: string) {
    const product = (await productsByIds([productId])).get(productId)
    if (!product) throw new Problem('no_such_product')
    return product
  }

  async function myShop(me: Member) {
    const shop = await shops.shopOf(me.id)
    if (!shop) throw new Problem('no_such_shop')
    return shop
  }

  return {
    productsByIds,
    changed,

    /** Hears after every commit that changed stock or words of a product, here or on another server. */
    onChange(listener: (change: { productIds: string[] }) => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },

    /** Runs in every unit in which somebody set the stock of specs by hand, or put their product on or off sale. */
    onStocked: (run: (tx: Tx, specIds: string[]) => Promise<void>) => void stocked.push(run),

    /** A page of what is on sale. Problem no_such_product for an unknown `after`. */
    async search({
      q = '',
      shopId,
      after
    }: {
      q?: string
      shopId?: string
      after?: string
    }): Promise<Product[]> {
      const from = after === undefined ? undefined : await catalogue.product(store.read, after)
      if (after !== undefined && !from) throw new Problem('no_such_product')
      return views(await catalogue.search(wordsOf(q), shopId, from))
    },

    /** One product as this viewer may see it: drafts and what is off sale only for its host and the union. */
    async get(viewer: Member | undefined, productId: string): Promise<Product> {
      const product = await one(productId)
      const insider = viewer && (viewer.id === product.shop.hostId || has(viewer, 'operator', 'officer'))
      if (product.state !== 'on_sale' && !insider) throw new Problem('no_such_product')
      return product
    },

    /** What a shop has on sale, last changed first. */
    onSaleOf: async (shopId: string) => views(await catalogue.productsOf(shopId, true)),

    /** Everything of my shop, drafts too; nothing while I have none. */
    async mine(me: Member): Promise<Product[]> {
      const shop = await shops.shopOf(me.id)
      return shop ? views(await catalogue.productsOf(shop.id, false)) : []
    },

    /** What a room shows of these products; what is not on sale is missing. */
    async shelfItems(ids: string[]): Promise<Map<string, Omit<ShelfItem, 'number'>>> {
      const items = new Map<string, Omit<ShelfItem, 'number'>>()
      for (const product of (await productsByIds(ids)).values()) {
        const { id, title, shop, photos, perishable, state, specs } = product
        if (state !== 'on_sale') continue
        items.set(id, {
          productId: id,
          title,
          shopName: shop.name,
          photo: photos[0] ?? '',
          perishable,
          ...shelfPrice(specs)
        })
      }
      return items
    },

    /** What is left of these products, spec by spec, each with the line of a shelf that sums them up. */
    async stockOf(ids: string[]): Promise<Hints['stock_left'][]> {
      return [...(await productsByIds(ids)).values()].flatMap(({ id, specs }) => {
        const shelf = shelfPrice(specs)
        return specs.map((spec) => ({ productId: id, specId: spec.id, left: spec.stock, shelf }))
      })
    },

    /** Adds a product to my shop. Problems: no_such_shop, shop_full, bad_input. */
    async add(me: Member, draft: ProductDraft): Promise<Product> {
      const words = checked(draft)
      const shop = await myShop(me)
      const now = clock.now()
      const id = newId(now)
      await store.tx(async (tx) => {
        if ((await catalogue.countOf(tx, shop.id)) >= MAX_PRODUCTS) throw new Problem('shop_full')
        await refuseForeignFreight(tx, shop.id, words.freightId)
        await catalogue.addProduct(tx, {
          ...words,
          id,
          shopId: shop.id,
          version: 1,
          createdAt: now,
          updatedAt: now
        })
        await putSpecs(tx, id, [], draft.specs)
      })
      changed([id])
      return one(id)
    },

    /**
     * Changes a product of my shop; specs that stay keep their id, and what an order holds of them. Problems:
     * no_such_product, not_yours, product_changed, no_such_spec, bad_input.
     */
    async change(me: Member, productId: string, { version, product: draft }: Body<typeof changeProduct>) {
      const words = checked(draft)
      const before = await one(productId)
      if (before.shop.hostId !== me.id) throw new Problem('not_yours')
      await store.tx(async (tx) => {
        const row = await catalogue.changeProduct(tx, productId, version, {
          ...words,
          updatedAt: clock.now()
        })
        if (!row) throw new Problem('product_changed')
        await refuseForeignFreight(tx, row.shopId, words.freightId)
        const before = await catalogue.specsOf(tx, [productId])
        await putSpecs(tx, productId, before, draft.specs)
        for (const run of stocked)
          await run(
            tx,
            before.map(({ id }) => id)
          )
      })
      changed([productId])
      return one(productId)
    },

    /** Sets how many are left of a spec: a host of her own goods, an operator of any. Problems: no_such_spec, not_yours. */
    async setStock(me: Member, specId: string, draft: Body<typeof setStock>): Promise<Spec> {
      const spec = await store.tx(async (tx) => {
        const before = await catalogue.spec(tx, specId)
        if (!before) throw new Problem('no_such_spec')
        const product = (await catalogue.product(tx, before.productId))!
        const [shop] = await catalogue.shopsOf(tx, [me.id])
        const mine = shop?.id === product.shopId
        if (!mine && !has(me, 'operator')) throw new Problem('not_yours')
        const after = (await catalogue.setStock(tx, specId, stockAfterEdit(before.stock, draft)))!
        for (const run of stocked) await run(tx, [specId])
        return (await catalogue.spec(tx, specId)) ?? after
      })
      changed([spec.productId])
      return specView(spec)
    },

    /**
     * The lines as they would be held now, without holding them: for a quote. `kept`: what is off the shelf for her
     * already. Problems as `holdIn`.
     */
    quoteIn: (
      on: Tx | Reader,
      lines: { specId: string; qty: number }[],
      kept?: ReadonlyMap<string, number>
    ) =>
      Promise.all(
        gathered(lines).map(async (line) => {
          const spec = await catalogue.spec(on, line.specId)
          if (!spec) throw new Problem('no_such_spec')
          const left = spec.stock + (kept?.get(spec.id) ?? 0)
          if (left < line.qty) throw new Problem('sold_out', { specId: spec.id, left })
          return heldLine(spec, await onSale(on, spec.productId), line.qty)
        })
      ),

    /**
     * Takes the lines off the stock as part of the caller's unit: all of them or, by a Problem, none.
     * Problems: sold_out {specId, left}, product_off_sale {productId}, no_such_spec.
     * The caller says `changed(productIds)` after its commit.
     */
    async holdIn(tx: Tx, lines: { specId: string; qty: number }[]): Promise<HeldLine[]> {
      const held: HeldLine[] = []
      for (const line of gathered(lines)) {
        const spec = await catalogue.hold(tx, line)
        if (!spec) throw await whyNotHeld(tx, line.specId)
        held.push(heldLine(spec, await onSale(tx, spec.productId), line.qty))
      }
      return held
    },

    /** How these travel, by product, as part of the caller's unit; what is not there is missing. */
    async travelIn(on: Tx | Reader, productIds: string[]) {
      const found = await Promise.all(productIds.map((id) => catalogue.product(on, id)))
      return new Map(found.flatMap((row) => (row ? [[row.id, row] as const] : [])))
    },

    /** How many of a shop's goods go by each freight template. */
    async byFreightIn(on: Tx | Reader, shopId: string) {
      const found = await catalogue.byFreight(on, shopId)
      return new Map(found.map(({ freightId, goods }) => [freightId, goods]))
    },

    /** Puts the lines back as part of the caller's unit. What is no longer sold has nowhere to go back to. */
    async giveBackIn(tx: Tx, lines: { specId: string; qty: number }[]) {
      for (const line of gathered(lines)) await catalogue.giveBack(tx, line)
    },

    /** One spec with what its product says of it, as things stand in the caller's unit. */
    async specIn(on: Tx | Reader, specId: string): Promise<SpecFacts | undefined> {
      const spec = await catalogue.spec(on, specId)
      const product = spec && (await catalogue.product(on, spec.productId))
      if (!product) return undefined
      const { productId, name: specName, unit, priceFen, stock, grams } = spec
      const { shopId, title, photos, kind, state } = product
      return {
        specId,
        specName,
        unit,
        priceFen,
        stock,
        grams,
        productId,
        shopId,
        title,
        kind,
        photo: photos[0] ?? '',
        onSale: state === 'on_sale'
      }
    },

    /** Takes goods off the stock that no order takes: an offer keeps them, or they are gone. */
    async takeOffIn(tx: Tx, line: { specId: string; qty: number }) {
      if ((await catalogue.hold(tx, line)) || !(await catalogue.spec(tx, line.specId))) return
      throw new Error(`fewer than ${line.qty} of ${line.specId} are there to be taken off`)
    },

    /** Somebody weighed what nobody had weighed. */
    weighIn: (tx: Tx, specId: string, grams: number) => catalogue.weigh(tx, specId, grams),

    /** A newer catch came ashore (YYYY-MM-DD): lists begin with it. No change of words, so it refuses nobody's form. */
    caughtIn: (tx: Tx, productId: string, day: string) => catalogue.caught(tx, productId, day),

    close: news.close
  }

  async function onSale(on: Tx | Reader, productId: string) {
    const product = await catalogue.product(on, productId)
    if (product?.state !== 'on_sale') throw new Problem('product_off_sale', { productId })
    return product
  }

  async function whyNotHeld(tx: Tx, specId: string) {
    const spec = await catalogue.spec(tx, specId)
    return spec ? new Problem('sold_out', { specId, left: spec.stock }) : new Problem('no_such_spec')
  }

  /** What the schema cannot say of a draft, and what is written of it. */
  function checked(draft: ProductDraft) {
    const { specs, ...words } = draft
    const ids = specs.flatMap(({ id }) => id ?? [])
    if (new Set(ids).size < ids.length) throw new Problem('bad_input', { field: '/specs' })
    if (!isCatchDay(draft.caughtOn, clock.now())) throw new Problem('bad_input', { field: '/caughtOn' })
    const photos = draft.photos.filter((photo) => photo !== '')
    if (!photos.every(isOurPicture)) throw new Problem('bad_input', { field: '/photos' })
    const goodsClass = draft.goodsClass ?? (draft.kind === 'voucher' ? 'dining' : 'fresh')
    // Who says nothing of it sells what is good for the usual time, and reads so afterwards.
    const validDays = draft.kind === 'voucher' ? draft.validDays || DEFAULT_VALID_DAYS : 0
    return { ...words, goodsClass, validDays, photos, searchText: searchTextOf(draft) }
  }

  /** Another shop's prices are not hers, and a template that is gone is nobody's. */
  async function refuseForeignFreight(tx: Tx, shopId: string, freightId: string | undefined) {
    if (freightId && !(await isFreightOf(tx, shopId, freightId))) throw new Problem('no_such_freight')
  }

  async function putSpecs(tx: Tx, productId: string, before: SpecRow[], drafts: ProductDraft['specs']) {
    const heldOf = new Map(before.map((spec) => [spec.id, spec.stock]))
    const gramsOf = new Map(before.map((spec) => [spec.id, spec.grams]))
    for (const { id } of drafts) if (id !== undefined && !heldOf.has(id)) throw new Problem('no_such_spec')
    for (const [position, { id, name, unit, priceFen, ...draft }] of drafts.entries()) {
      const stock = id === undefined ? draft.stock : stockAfterEdit(heldOf.get(id)!, draft)
      await catalogue.putSpec(tx, {
        id: id ?? newId(clock.now()),
        productId,
        name,
        unit,
        priceFen,
        stock,
        grams: draft.grams ?? gramsOf.get(id ?? '') ?? gramsOfUnit(unit),
        position
      })
    }
    const kept = new Set(drafts.map((draft) => draft.id))
    for (const { id } of before) if (!kept.has(id)) await catalogue.dropSpec(tx, productId, id)
  }
}

const specView = ({ id, name, unit, priceFen, stock, grams }: SpecRow, ahead?: Ahead): Spec => ({
  id,
  name,
  unit,
  priceFen,
  stock,
  grams,
  ...(ahead && { ahead: { ashore: Math.max(0, stock - ahead.planned), landsAt: ahead.landsAt } })
})

function heldLine(spec: SpecRow, product: ProductRow, qty: number): HeldLine {
  return {
    specId: spec.id,
    productId: product.id,
    shopId: product.shopId,
    title: product.title,
    specName: spec.name,
    unit: spec.unit,
    photo: product.photos[0] ?? '',
    qty,
    priceFen: spec.priceFen,
    perishable: product.perishable,
    kind: product.kind,
    goodsClass: product.goodsClass,
    tempClass: product.tempClass,
    grams: spec.grams
  }
}
