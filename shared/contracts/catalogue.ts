import { Array, Boolean, Integer, Object, Optional, String, type Static } from 'typebox'
import { contract } from '../contract.ts'
import { Count, Fen, Id, Line, listOf, Millis, oneOf, Picture, Text } from '../schemas.ts'

/** 斤 (500 g), 只, 份. */
export const UNITS = ['jin', 'piece', 'portion'] as const
export type Unit = (typeof UNITS)[number]

/**
 * 初级农产品 (as it came from the sea), 加工食品 (fish balls), 预包装食品, 餐饮, 旅游体验: the class decides which papers a
 * host needs to sell it on air (食品经营许可和备案管理办法 §4–5).
 */
export const GOODS_CLASSES = ['fresh', 'processed', 'packed', 'dining', 'tourism'] as const
export type GoodsClass = (typeof GOODS_CLASSES)[number]

/** How goods travel: 常温, 冷藏 (0–4 °C), 冷冻 (−18 °C). */
export const TEMP_CLASSES = ['ambient', 'chilled', 'frozen'] as const
export type TempClass = (typeof TEMP_CLASSES)[number]

export const MAX_SPECS = 12
export const MAX_PHOTOS = 9
export const PHOTO_BYTES = 10 * 1024 * 1024
export const MAX_STOCK = 1_000_000

export const ShopCard = Object({
  id: Id,
  name: Text(30),
  village: Text(30),
  story: Text(300),
  portrait: Picture,
  /** The woman who sells. */
  hostId: Id,
  hostName: Text(40)
})
export type ShopCard = Static<typeof ShopCard>

export const Spec = Object({
  id: Id,
  name: Text(30),
  unit: oneOf(UNITS),
  priceFen: Fen,
  stock: Count,
  grams: Count,
  /** 预售: of the stock so many are ashore; the rest is sold ahead and lands then. Left out: all of it is ashore. */
  ahead: Optional(Object({ ashore: Count, landsAt: Millis }))
})
export type Spec = Static<typeof Spec>

export const Product = Object({
  id: Id,
  shop: Object({ id: Id, name: Text(30), village: Text(30), hostId: Id, hostName: Text(40) }),
  title: Text(60),
  about: Text(2000),
  kind: oneOf(['goods', 'voucher']),
  goodsClass: oneOf(GOODS_CLASSES),
  origin: Text(60),
  caughtOn: String(),
  perishable: Boolean(),
  tempClass: oneOf(TEMP_CLASSES),
  /** Its freight template; empty: its shop sends it free. */
  freightId: Text(40),
  maxHours: Count,
  maxCelsius: Count,
  validDays: Count,
  photos: Array(Picture, { maxItems: MAX_PHOTOS }),
  specs: Array(Spec, { maxItems: MAX_SPECS }),
  state: oneOf(['draft', 'on_sale', 'off_sale']),
  version: Count
})
export type Product = Static<typeof Product>

const params = Object({ productId: Id })

export const listShops = contract({
  method: 'GET',
  url: '/api/shops',
  schema: { summary: 'The women’s shops.', response: { 200: listOf(ShopCard) } },
  config: { who: 'anyone' }
})

export const getShop = contract({
  method: 'GET',
  url: '/api/shops/:shopId',
  schema: {
    summary: 'One shop with what it has on sale.',
    params: Object({ shopId: Id }),
    response: { 200: Object({ shop: ShopCard, products: Array(Product, { maxItems: 200 }) }) }
  },
  config: { who: 'anyone' }
})

export const openShop = contract({
  method: 'POST',
  url: '/api/my/shop',
  schema: {
    summary: 'A host opens her shop, or changes what it says of itself.',
    body: Object({ name: Line(30), village: Line(30), story: Text(300), portrait: Picture }),
    response: { 200: Object({ shop: ShopCard }) }
  },
  config: { who: ['host'] }
})

export const searchProducts = contract({
  method: 'GET',
  url: '/api/products',
  schema: {
    summary: 'What is on sale, newest catch first; `q` searches Chinese words and single characters.',
    querystring: Object({ q: Optional(Text(40)), shopId: Optional(Id), after: Optional(Id) }),
    response: { 200: listOf(Product) }
  },
  config: { who: 'anyone' }
})

export const getProduct = contract({
  method: 'GET',
  url: '/api/products/:productId',
  schema: { summary: 'One product.', params, response: { 200: Object({ product: Product }) } },
  config: { who: 'anyone' }
})

export const myProducts = contract({
  method: 'GET',
  url: '/api/my/products',
  schema: { summary: 'Everything of my shop, drafts too.', response: { 200: listOf(Product) } },
  config: { who: ['host'] }
})

const Stock = Integer({ minimum: 0, maximum: MAX_STOCK })
/** Of a spec that exists: the stock her form showed. What was sold meanwhile then stays sold. */
const SeenStock = Optional(Stock)

const SpecDraft = Object({
  id: Optional(Id),
  name: Line(30),
  unit: oneOf(UNITS),
  priceFen: Integer({ minimum: 1, maximum: 10_000_000 }),
  stock: Stock,
  seenStock: SeenStock,
  /** What one of it weighs; left out: 500 of a 斤, otherwise as it was. */
  grams: Optional(Integer({ minimum: 0, maximum: 100_000 }))
})

export const ProductDraft = Object({
  title: Line(60),
  about: Text(2000),
  kind: oneOf(['goods', 'voucher']),
  /** Left out: fresh for goods, dining for vouchers. */
  goodsClass: Optional(oneOf(GOODS_CLASSES)),
  origin: Text(60),
  caughtOn: String({ pattern: '^(|\\d{4}-\\d{2}-\\d{2})$' }),
  perishable: Boolean(),
  /** Left out, these five stay as they are. */
  tempClass: Optional(oneOf(TEMP_CLASSES)),
  freightId: Optional(Text(40)),
  /** Hours on the road at most; 0: anywhere. */
  maxHours: Optional(Integer({ minimum: 0, maximum: 240 })),
  /** Not sent where it is this hot (°C); 0: whatever the weather. */
  maxCelsius: Optional(Integer({ minimum: 0, maximum: 60 })),
  /** A voucher is good for so many days. */
  validDays: Optional(Integer({ minimum: 0, maximum: 730 })),
  photos: Array(Picture, { maxItems: MAX_PHOTOS }),
  specs: Array(SpecDraft, { minItems: 1, maxItems: MAX_SPECS }),
  state: oneOf(['draft', 'on_sale', 'off_sale'])
})
export type ProductDraft = Static<typeof ProductDraft>

export const addProduct = contract({
  method: 'POST',
  url: '/api/my/products',
  schema: {
    summary: 'A host adds a product to her shop.',
    body: ProductDraft,
    response: { 200: Object({ product: Product }) }
  },
  config: { who: ['host'] }
})

export const changeProduct = contract({
  method: 'PUT',
  url: '/api/my/products/:productId',
  schema: {
    summary: 'Changes a product of my shop; refused when somebody changed it since `version`.',
    params,
    body: Object({ version: Count, product: ProductDraft }),
    response: { 200: Object({ product: Product }) }
  },
  config: { who: ['host'] }
})

export const setStock = contract({
  method: 'PUT',
  url: '/api/my/specs/:specId/stock',
  schema: {
    summary: 'Sets how many are left of one spec. A host for her own shop, an operator for any.',
    params: Object({ specId: Id }),
    body: Object({ stock: Stock, seenStock: SeenStock }),
    response: { 200: Object({ spec: Spec }) }
  },
  config: { who: ['host', 'operator'] }
})

export const uploadPhoto = contract({
  method: 'POST',
  url: '/api/photos',
  schema: {
    summary:
      'Takes one photo (multipart, field `photo`, ≤ 10 MB), strips EXIF, resizes, answers its address.',
    response: { 200: Object({ url: Picture }) }
  },
  config: { who: ['host', 'operator', 'trainer', 'officer'] }
})
