import type { FreightDraft, FreightTemplate } from '../../shared/contracts/freight.ts'
import { MAX_TEMPLATES } from '../../shared/contracts/freight.ts'
import { faultOf } from '../../shared/freight.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import { newId } from '../store/id.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import type { Goods, ShopOf } from './freight.ts'
import { freightStore, type TemplateRow } from './store.ts'

/** 运费模板: what a shop asks for sending its goods, written by its host. */
export function openTemplates({
  store,
  clock,
  goods,
  shopOf
}: {
  store: Store
  clock: Clock
  goods: Pick<Goods, 'byFreightIn'>
  shopOf: ShopOf
}) {
  const rows = freightStore(store)

  return {
    /** Those of my shop, the oldest first; none while I have no shop. */
    async mine(me: Member): Promise<FreightTemplate[]> {
      const shop = await shopOf(me.id)
      if (!shop) return []
      const [found, goodsOf] = await Promise.all([
        rows.templatesOf(store.read, shop.id),
        goods.byFreightIn(store.read, shop.id)
      ])
      return found.map((row) => view(row, goodsOf.get(row.id)))
    },

    /** Problems: no_such_shop, freight_full, bad_input. */
    async add(me: Member, draft: FreightDraft): Promise<FreightTemplate> {
      refuseFaults(draft)
      const shopId = await myShop(me)
      const now = clock.now()
      const row: TemplateRow = { ...draft, id: newId(now), shopId, version: 1, updatedAt: now }
      await store.tx(async (tx) => {
        if ((await rows.countOf(tx, shopId)) >= MAX_TEMPLATES) throw new Problem('freight_full')
        await rows.addTemplate(tx, row)
      })
      return view(row)
    },

    /** Problems: no_such_freight, freight_changed, bad_input. Orders that were placed keep what they cost. */
    async change(me: Member, freightId: string, version: number, draft: FreightDraft) {
      refuseFaults(draft)
      const shopId = await myShop(me)
      return store.tx(async (tx) => {
        await ownIn(tx, shopId, freightId)
        const row = await rows.changeTemplate(tx, freightId, version, { ...draft, updatedAt: clock.now() })
        if (!row) throw new Problem('freight_changed')
        return view(row, (await goods.byFreightIn(tx, shopId)).get(freightId))
      })
    },

    /** Problems: no_such_freight, freight_in_use {goods}. */
    async drop(me: Member, freightId: string) {
      const shopId = await myShop(me)
      await store.tx(async (tx) => {
        await ownIn(tx, shopId, freightId)
        const used = (await goods.byFreightIn(tx, shopId)).get(freightId) ?? 0
        if (used) throw new Problem('freight_in_use', { goods: used })
        await rows.dropTemplate(tx, freightId)
      })
    },

    /** Whether goods of this shop may go by it. */
    isOf: async (on: Tx | Reader, shopId: string, freightId: string) =>
      (await rows.template(on, freightId))?.shopId === shopId
  }

  async function myShop(me: Member) {
    const shop = await shopOf(me.id)
    if (!shop) throw new Problem('no_such_shop')
    return shop.id
  }

  async function ownIn(tx: Tx, shopId: string, freightId: string) {
    const row = await rows.template(tx, freightId)
    if (row?.shopId !== shopId) throw new Problem('no_such_freight')
  }
}

function refuseFaults(draft: FreightDraft) {
  const fault = faultOf(draft)
  if (fault) throw new Problem('bad_input', { field: '/zones', ...fault })
}

function view(row: TemplateRow, goods = 0): FreightTemplate {
  const { id, name, chilledFen, frozenFen, cutoffMinute, version } = row
  // The contract wrote them, so they are provinces.
  const { zones, refused } = row as unknown as FreightDraft
  return { id, name, zones, refused, chilledFen, frozenFen, cutoffMinute, version, goods }
}
