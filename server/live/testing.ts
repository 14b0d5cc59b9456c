import { addProduct, openShop, type GoodsClass } from '../../shared/contracts/catalogue.ts'
import { goLive, scheduleShow } from '../../shared/contracts/live.ts'
import type { SignedIn, TestVillage } from '../testing/village.ts'

/** A show of this host with these products on its shelf; its id. */
export async function newShow(v: TestVillage, host: SignedIn, productIds: string[] = []) {
  const { status, json } = await host.call(scheduleShow, {
    body: { title: '赶海', cover: '', startsAt: v.village.clock.now() + 60_000, productIds }
  })
  if (status !== 200) throw new Error(json.message)
  return json.show.id
}

export async function newShop(host: SignedIn) {
  const { status, json } = await host.call(openShop, {
    body: { name: `${host.me.name}的店`, village: '红岛', story: '当天潮水现捞', portrait: '' }
  })
  if (status !== 200) throw new Error(json.message)
  return json.shop
}

export async function newProduct(
  host: SignedIn,
  title: string,
  priceFen = 3990,
  goodsClass: GoodsClass = 'fresh'
) {
  const { status, json } = await host.call(addProduct, {
    body: {
      title,
      about: '',
      kind: 'goods',
      goodsClass,
      origin: '红岛',
      caughtOn: '2026-11-22',
      perishable: true,
      photos: [],
      specs: [{ name: '两斤', unit: 'jin', priceFen, stock: 50 }],
      state: 'on_sale'
    }
  })
  if (status !== 200) throw new Error(json.message)
  return json.product
}

/** On air as if the first frame had just come. Resolves to the film session. */
export async function goOnAir(v: TestVillage, host: SignedIn, showId: string) {
  const { status, json } = await host.call(goLive, { params: { showId } })
  if (status !== 200) throw new Error(json.message)
  await v.village.shows.pictureArrived(json.sessionId)
  return json.sessionId
}
