import { addProduct, openShop, type ProductDraft } from '../../shared/contracts/catalogue.ts'
import { getProduct } from '../../shared/contracts/catalogue.ts'
import { saveAddress } from '../../shared/contracts/members.ts'
import { placeOrder } from '../../shared/contracts/orders.ts'
import type { Body } from '../../shared/contract.ts'
import { openVillage, type Village } from '../app.ts'
import { readSettings, type Settings } from '../settings.ts'
import { openEngine } from '../store/open.ts'
import { settableClock } from './clock.ts'
import type { Engine } from './engines.ts'
import { people, type SignedIn } from './village.ts'

export const SECRET = 's'.repeat(32)
export const CLAM_FEN = 3990

/** What a process of its own needs to open the same village. */
export interface Place {
  databaseUrl: string
  dataDir: string
}

/** A village without the lock on its store, so that two servers, or the one after a crash, may stand side by side. */
export async function villageAt(place: Place, clock: Village['clock'], settings: Partial<Settings> = {}) {
  const standard = readSettings({ DEMO: '0', LOG_LEVEL: 'fatal', SECRET })
  const { databaseUrl, dataDir } = place
  return openVillage(
    { ...standard, databaseUrl, dataDir, ...settings },
    { clock, store: await openEngine(place) }
  )
}

let keys = 0

/** A host with a shop that sells clams, and a buyer with an address: where orders and payments are tried out. */
export async function market(engine: Engine, settings: Partial<Settings> = {}, clock = settableClock()) {
  const place = await engine.make()
  const open: Village[] = []
  const another = async () => {
    const village = await villageAt(place, clock, settings)
    open.push(village)
    return village
  }
  const village = await another()
  const { signIn } = people(village)
  const host = await signIn('王秀兰', 'host')
  const buyer = await signIn('李梅')
  await shopOf(host, '秀兰海鲜')
  const clams = await goods(host, { title: '红岛蛤蜊', stock: 10 })
  const addressId = await addressOf(buyer)

  async function shopOf(owner: SignedIn, name: string) {
    const body = { name, village: '红岛', story: '', portrait: '' }
    return (await owner.call(openShop, { body })).json.shop
  }

  async function goods(
    owner: SignedIn,
    {
      stock,
      priceFen = CLAM_FEN,
      ...words
    }: { title: string; stock: number; priceFen?: number } & Partial<ProductDraft>
  ) {
    const specs = [{ name: '三斤装', unit: 'portion' as const, priceFen, stock }]
    const draft: ProductDraft = {
      about: '',
      kind: 'goods',
      origin: '胶州湾',
      caughtOn: '',
      perishable: true,
      photos: [],
      state: 'on_sale',
      ...words,
      specs
    }
    const { product } = (await owner.call(addProduct, { body: draft })).json
    return { productId: product.id, specId: product.specs[0]!.id, shopId: product.shop.id }
  }

  async function addressOf(someone: SignedIn) {
    const body = { receiver: '李梅', phone: '13900000001', region: '山东 青岛 城阳', detail: '红岛街道 8 号' }
    return (await someone.call(saveAddress, { body })).json.address.id
  }

  /** An order as her screen would send it: every fresh line ticked, unless a test says otherwise. */
  const draft = ({
    lines = [{ specId: clams.specId, qty: 1 }],
    ...more
  }: Partial<Body<typeof placeOrder>> = {}): Body<typeof placeOrder> => ({
    key: `key-${String(++keys).padStart(6, '0')}`,
    lines: lines.map((line) => ({ agreed: true, ...line })),
    addressId,
    payFen: CLAM_FEN,
    ...more
  })

  const bill = async (more: Partial<Body<typeof placeOrder>> = {}, who = buyer) => {
    const { status, json, text } = await who.call(placeOrder, { body: draft(more) })
    if (status !== 200) throw new Error(`no order: ${text}`)
    return json.bill
  }

  return {
    place,
    clock,
    village,
    host,
    buyer,
    clams,
    addressId,
    signIn,
    shopOf,
    goods,
    addressOf,
    draft,
    /** One more server on the same store: beside this one, or after it is gone. */
    another,
    bill,
    /** The only order of a bill from one shop. */
    order: async (more: Partial<Body<typeof placeOrder>> = {}, who = buyer) =>
      (await bill(more, who)).orders[0]!,
    stock: async ({ productId } = clams) =>
      (await host.call(getProduct, { params: { productId } })).json.product.specs[0]!.stock,
    async close() {
      for (const each of open) await each.close()
      await place.drop()
    }
  }
}

export type Market = Awaited<ReturnType<typeof market>>
