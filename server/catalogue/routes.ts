import multipart from '@fastify/multipart'
import {
  addProduct,
  changeProduct,
  getProduct,
  getShop,
  listShops,
  myProducts,
  openShop,
  PHOTO_BYTES,
  searchProducts,
  setStock,
  uploadPhoto
} from '../../shared/contracts/catalogue.ts'
import { Problem } from '../../shared/problems.ts'
import type { Http } from '../http/http.ts'
import type { Photos } from './photos.ts'
import type { Products } from './products.ts'
import type { Shops } from './shops.ts'

export function catalogueRoutes(
  http: Http,
  { shops, products, photos }: { shops: Shops; products: Products; photos: Photos }
) {
  http.route({ ...listShops, handler: async () => ({ items: await shops.list() }) })
  http.route({
    ...getShop,
    handler: async ({ params: { shopId } }) => {
      const shop = await shops.get(shopId)
      return { shop, products: await products.onSaleOf(shopId) }
    }
  })
  http.route({ ...openShop, handler: async ({ me, body }) => ({ shop: await shops.openMine(me, body) }) })

  http.route({ ...searchProducts, handler: async ({ query }) => ({ items: await products.search(query) }) })
  http.route({
    ...getProduct,
    handler: async ({ member, params }) => ({ product: await products.get(member, params.productId) })
  })
  http.route({ ...myProducts, handler: async ({ me }) => ({ items: await products.mine(me) }) })
  http.route({ ...addProduct, handler: async ({ me, body }) => ({ product: await products.add(me, body) }) })
  http.route({
    ...changeProduct,
    handler: async ({ me, params, body }) => ({ product: await products.change(me, params.productId, body) })
  })
  http.route({
    ...setStock,
    handler: async ({ me, params, body }) => ({
      spec: await products.setStock(me, params.specId, body)
    })
  })

  // Multipart bodies are read on this one route and nowhere else.
  http.register(async (uploads) => {
    await uploads.register(multipart, { limits: { files: 1, fields: 2, fileSize: PHOTO_BYTES, parts: 3 } })
    uploads.route({
      ...uploadPhoto,
      bodyLimit: PHOTO_BYTES + 64 * 1024, // the photo and the envelope around it
      handler: async (request) => {
        if (!request.isMultipart()) throw new Problem('not_a_picture')
        const part = await request.file()
        if (part?.fieldname !== 'photo') throw new Problem('not_a_picture')
        return photos.keep(await part.toBuffer())
      }
    })
  })
}
