import type { Village } from '../../app.ts'
import type { Member } from '../../members/member.ts'

/** What things cost in one life, and how much of them there is. */
export interface Terms {
  clamsFen: number
  /** Of clams, for the first half hour; below what they usually cost. */
  flashFen: number
  kelpFen: number
  prawnsFen: number
  firstFen: number
  moreFen: number
  freeFromFen: number
  shopOffFen: number
  percent: number
  otherOffFen: number
  unionOffFen: number
  unionThresholdFen: number
  shopPotFen: number
  unionPotFen: number
}

export interface Ware {
  specId: string
  productId: string
  shopId: string
  priceFen: number
  stock: number
}

/** Who takes part in it. */
export interface People {
  buyer: Member
  hosts: [Member, Member]
  officers: [Member, Member]
}

/** Two shops of their own, one buyer, and what nobody else touches: what goes wrong is theirs. */
export interface Begun extends People {
  id: string
  shopIds: [string, string]
  addressId: string
  /** Clams come from landings and are in a flash sale; kelp can be sent back; prawns are the other shop’s. */
  wares: [clams: Ware, kelp: Ware, prawns: Ware]
  flash: { id: string; priceFen: number; total: number }
  /** Clams of no landing, of one that is ashore, and of one that is still to come. */
  lots: { loose: number; landed: Landing; planned: Landing }
  couponIds: string[]
  feePermyriad: number
}

interface Landing {
  id: string
  qty: number
  grams: number
}

const GRAMS = 1500
const LOOSE = 2
const LANDED = 4
const PLANNED = 3
const FLASH = 3
const FLASH_EACH = 2
const FLASH_MS = 30 * 60_000
const COUPONS = 2
const A_DAY_MS = 86_400_000
const LONG_MS = 400 * A_DAY_MS

/**
 * Writes down what a life of orders begins with, in one unit: as rows, for how shops, goods and coupons come about is
 * tried out where they are made.
 */
export async function begin(
  { store, clock, settings }: Village,
  id: string,
  terms: Terms,
  { buyer, hosts, officers }: People = strangers(id)
): Promise<Begun> {
  const now = clock.now()
  const shopIds: Begun['shopIds'] = [`${id}-shop-a`, `${id}-shop-b`]
  const freightId = `${id}-freight`
  const ware = (name: string, shop: 0 | 1, priceFen: number, stock: number): Ware => ({
    specId: `${id}-${name}-spec`,
    productId: `${id}-${name}`,
    shopId: shopIds[shop],
    priceFen,
    stock
  })
  const clams = ware('clams', 0, terms.clamsFen, LOOSE + LANDED + PLANNED)
  const kelp = ware('kelp', 0, terms.kelpFen, 6)
  const prawns = ware('prawns', 1, terms.prawnsFen, 5)
  const wares: Begun['wares'] = [clams, kelp, prawns]
  const flash = { id: `${id}-flash`, priceFen: terms.flashFen, total: FLASH }
  const landing = (name: string, qty: number): Landing => ({ id: `${id}-${name}`, qty, grams: 60_000 })
  const lots = { loose: LOOSE, landed: landing('landed', LANDED), planned: landing('planned', PLANNED) }
  const pots = { shop: `${id}-pot-shop`, union: `${id}-pot-union` }
  const coupon = (name: string, more: Partial<CouponRow>): CouponRow => ({
    id: `${id}-coupon-${name}`,
    shopId: shopIds[0],
    hostId: hosts[0].id,
    showId: id,
    kind: 'plain',
    offFen: terms.shopOffFen,
    thresholdFen: 0,
    total: COUPONS,
    left: COUPONS,
    perMember: COUPONS,
    endsAt: now + LONG_MS,
    createdBy: hosts[0].id,
    createdAt: now,
    ...more
  })
  const given = [
    coupon('shop', {}),
    coupon('percent', {
      offFen: terms.shopPotFen,
      offPermyriad: terms.percent * 100,
      scope: 'products',
      productIds: [clams.productId],
      budgetId: pots.shop
    }),
    coupon('other', { shopId: shopIds[1], hostId: hosts[1].id, offFen: terms.otherOffFen }),
    coupon('union', {
      shopId: '',
      hostId: '',
      scope: 'union',
      payer: 'union',
      offFen: terms.unionOffFen,
      thresholdFen: terms.unionThresholdFen,
      budgetId: pots.union
    })
  ]

  const t = store.schema
  type CouponRow = typeof t.coupons.$inferInsert
  await store.tx(async (tx) => {
    await tx.insert(t.shops).values(
      shopIds.map((shopId, i) => ({
        id: shopId,
        ownerId: hosts[i]!.id,
        name: hosts[i]!.name,
        village: '红岛',
        story: '',
        portrait: '',
        createdAt: now
      }))
    )
    await tx.insert(t.bankAccounts).values(
      shopIds.map((shopId) => ({
        shopId,
        sealed: '',
        shown: '农业银行 · 尾号 1234',
        updatedBy: '',
        updatedAt: now - 1
      }))
    )
    await tx.insert(t.freightTemplates).values({
      id: freightId,
      shopId: shopIds[0],
      name: '冷链',
      zones: [
        {
          provinces: [],
          firstGrams: 1000,
          firstFen: terms.firstFen,
          moreGrams: 500,
          moreFen: terms.moreFen,
          freeFromFen: terms.freeFromFen
        }
      ],
      refused: [],
      chilledFen: 100,
      version: 1,
      updatedAt: now
    })
    await tx.insert(t.products).values(
      wares.map(({ productId, shopId }) => ({
        id: productId,
        shopId,
        title: productId,
        about: '',
        kind: 'goods' as const,
        goodsClass: productId === kelp.productId ? ('packed' as const) : ('fresh' as const),
        origin: '',
        caughtOn: '',
        perishable: productId !== kelp.productId,
        tempClass: productId === kelp.productId ? ('ambient' as const) : ('chilled' as const),
        freightId: shopId === shopIds[0] ? freightId : '',
        photos: [],
        state: 'on_sale' as const,
        searchText: '',
        version: 1,
        createdAt: now,
        updatedAt: now
      }))
    )
    await tx.insert(t.specs).values(
      wares.map(({ specId, productId, priceFen, stock }) => ({
        id: specId,
        productId,
        name: '三斤装',
        unit: 'portion' as const,
        priceFen,
        stock,
        grams: GRAMS,
        position: 0
      }))
    )
    await tx.insert(t.lots).values(
      [lots.landed, lots.planned].map(({ id: lotId, grams }) => ({
        id: lotId,
        shopId: shopIds[0],
        productId: clams.productId,
        source: 'boat' as const,
        sourceName: '鲁青渔 60123',
        landsAt: lotId === lots.landed.id ? now : now + A_DAY_MS,
        grams,
        state: lotId === lots.landed.id ? ('landed' as const) : ('planned' as const),
        version: 1,
        createdBy: hosts[0].id,
        createdAt: now
      }))
    )
    await tx.insert(t.lotSpecs).values(
      [lots.landed, lots.planned].map(({ id: lotId, qty }) => {
        return { lotId, specId: clams.specId, qty, left: qty }
      })
    )
    await tx.insert(t.flashSales).values({
      id: flash.id,
      showId: id,
      productId: clams.productId,
      specId: clams.specId,
      priceFen: flash.priceFen,
      total: FLASH,
      left: FLASH,
      perMember: FLASH_EACH,
      startsAt: now,
      endsAt: now + FLASH_MS,
      createdBy: hosts[0].id,
      createdAt: now
    })
    await tx
      .insert(t.budgets)
      .values([
        potOf(pots.shop, 'host', shopIds[0], terms.shopPotFen),
        potOf(pots.union, 'union', '', terms.unionPotFen)
      ])
    await tx.insert(t.coupons).values(given)
    await tx.insert(t.addresses).values({
      id: `${id}-address`,
      memberId: buyer.id,
      receiver: '李梅',
      phone: '13900000001',
      region: '山东 青岛 城阳',
      detail: '红岛街道 8 号',
      usedAt: now
    })
  })

  function potOf(potId: string, payer: 'host' | 'union', shopId: string, totalFen: number) {
    const fen = { totalFen, leftFen: totalFen }
    return { id: potId, payer, shopId, name: '', ...fen, createdBy: '', createdAt: now }
  }

  return {
    id,
    buyer,
    hosts,
    officers,
    shopIds,
    addressId: `${id}-address`,
    wares,
    flash,
    lots,
    couponIds: given.map((each) => each.id),
    feePermyriad: settings.unionFeePermyriad
  }
}

/** People whom nobody has met: they are in no register and need no session. */
function strangers(id: string): People {
  const one = (name: string, ...roles: Member['roles']): Member => ({ id: `${id}-${name}`, name, roles })
  return {
    buyer: one('李梅'),
    hosts: [one('秀兰', 'host'), one('赵梅', 'host')],
    officers: [one('王主任', 'officer', 'operator'), one('李主任', 'officer', 'operator')]
  }
}
