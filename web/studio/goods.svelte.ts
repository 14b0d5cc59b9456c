import {
  MAX_STOCK,
  type GoodsClass,
  type Product,
  type ProductDraft,
  type TempClass,
  type Unit
} from '../../shared/contracts/catalogue.ts'
import { fenOf, yuan } from '../../shared/money.ts'
import { DEFAULT_VALID_DAYS } from '../../shared/voucher.ts'
import { GRAMS_OF_JIN, gramsIn, jinOf } from '../../shared/weight.ts'
import { keptAs } from '../me/kept.ts'

interface TypedSpec {
  id?: string
  name: string
  unit: Unit
  /** Yuan, as she typed it. */
  price: string
  stock: string
  /** 斤 that one of it weighs; empty: nobody has weighed it. A 斤 weighs what it weighs. */
  weight: string
  /** Of a spec that is in the shop: what the form showed. What is sold while she types then stays sold. */
  seenStock?: number
}

interface Typed {
  version: number
  title: string
  about: string
  kind: ProductDraft['kind']
  goodsClass: GoodsClass
  origin: string
  caughtOn: string
  perishable: boolean
  tempClass: TempClass
  freightId: string
  maxHours: number
  maxCelsius: number
  validDays: number
  photos: string[]
  specs: TypedSpec[]
}

/** What goods and what vouchers may be; the first is what most of them are. */
export const CLASSES_OF = {
  goods: ['fresh', 'processed', 'packed'],
  voucher: ['dining', 'tourism']
} as const satisfies Record<ProductDraft['kind'], readonly GoodsClass[]>

export type Wrong = 'title' | `price-${number}` | `stock-${number}` | `weight-${number}`

/** Nobody sends a heavier piece (grams). */
const MOST_GRAMS = 100_000

function weightOf({ unit, weight }: TypedSpec) {
  if (unit === 'jin') return GRAMS_OF_JIN
  if (weight.trim() === '') return 0
  const grams = gramsIn(weight)
  return grams !== undefined && grams <= MOST_GRAMS ? grams : undefined
}

const emptySpec = (): TypedSpec => ({ name: '', unit: 'jin', price: '', stock: '', weight: '' })

/**
 * What a host is writing about one of her goods. It stays on this phone until the server has it, because the pier has
 * no signal behind the second breakwater.
 */
export class GoodsDraft {
  typed: Typed = $state()!
  /** True: this is what she left unfinished last time. */
  recovered = $state(false)
  readonly productId: string | undefined
  readonly #key: string
  readonly #origin: () => Typed

  constructor(today: string, village: string, product?: Product) {
    this.productId = product?.id
    this.#key = keptAs(`goods-draft:${product?.id ?? 'new'}`)
    this.#origin = () => (product ? typedOf(product) : newGoods(today, village))
    const kept = read(this.#key)
    this.recovered = kept !== undefined
    this.typed = kept ?? this.#origin()
  }

  /** The fields that can't be sent as they are. */
  wrong = $derived.by(() => {
    const wrong = new Set<Wrong>()
    if (!this.typed.title.trim()) wrong.add('title')
    for (const [i, spec] of this.typed.specs.entries()) {
      if (!fenOf(spec.price)) wrong.add(`price-${i}`)
      if (!/^\d{1,7}$/.test(spec.stock.trim()) || Number(spec.stock) > MAX_STOCK) wrong.add(`stock-${i}`)
      if (this.typed.kind === 'goods' && weightOf(spec) === undefined) wrong.add(`weight-${i}`)
    }
    return wrong
  })

  /** What the server is sent. Only asked for when nothing is wrong. */
  product(state: ProductDraft['state']): ProductDraft {
    const { title, about, kind, goodsClass, origin, caughtOn, perishable, photos, specs } = this.typed
    const { tempClass, freightId, maxHours, maxCelsius, validDays } = this.typed
    const sent = kind === 'goods'
    return {
      title: title.trim(),
      about: about.trim(),
      kind,
      goodsClass,
      origin: origin.trim(),
      caughtOn: kind === 'voucher' ? '' : caughtOn,
      perishable: sent && perishable,
      tempClass,
      freightId: sent ? freightId : '',
      maxHours: sent ? maxHours : 0,
      maxCelsius: sent ? maxCelsius : 0,
      validDays: sent ? 0 : validDays,
      photos,
      specs: specs.map((spec) => ({
        ...(spec.id && { id: spec.id }),
        name: spec.name.trim() || title.trim().slice(0, 30),
        unit: spec.unit,
        priceFen: fenOf(spec.price) ?? 0,
        stock: Number(spec.stock),
        grams: (sent && weightOf(spec)) || 0,
        ...(spec.seenStock !== undefined && { seenStock: spec.seenStock })
      })),
      state
    }
  }

  /** A voucher is no fish: with the kind the class changes too. */
  setKind(kind: ProductDraft['kind']) {
    this.typed.kind = kind
    const classes: readonly GoodsClass[] = CLASSES_OF[kind]
    if (!classes.includes(this.typed.goodsClass)) this.typed.goodsClass = CLASSES_OF[kind][0]
  }

  addSpec() {
    this.typed.specs.push(emptySpec())
  }

  dropSpec(i: number) {
    this.typed.specs.splice(i, 1)
  }

  keep() {
    try {
      localStorage.setItem(this.#key, JSON.stringify(this.typed))
    } catch {
      // A full phone keeps no drafts; she can still send this one.
    }
  }

  /** The server has it, or she doesn't want it. */
  forget() {
    localStorage.removeItem(this.#key)
    this.recovered = false
  }

  startOver() {
    this.forget()
    this.typed = this.#origin()
  }
}

const newGoods = (today: string, village: string): Typed => ({
  version: 0,
  title: '',
  about: '',
  kind: 'goods',
  goodsClass: 'fresh',
  origin: village,
  caughtOn: today,
  perishable: true,
  tempClass: 'chilled',
  freightId: '',
  maxHours: 0,
  maxCelsius: 0,
  validDays: DEFAULT_VALID_DAYS,
  photos: [],
  specs: [emptySpec()]
})

const typedOf = (product: Product): Typed => ({
  version: product.version,
  title: product.title,
  about: product.about,
  kind: product.kind,
  goodsClass: product.goodsClass,
  origin: product.origin,
  caughtOn: product.caughtOn,
  perishable: product.perishable,
  tempClass: product.tempClass,
  freightId: product.freightId,
  maxHours: product.maxHours,
  maxCelsius: product.maxCelsius,
  validDays: product.validDays || DEFAULT_VALID_DAYS,
  photos: [...product.photos],
  specs: product.specs.map(({ id, name, unit, priceFen, stock, grams }) => ({
    id,
    name,
    unit,
    price: yuan(priceFen),
    stock: String(stock),
    weight: grams && unit !== 'jin' ? jinOf(grams) : '',
    seenStock: stock
  }))
})

function read(key: string): Typed | undefined {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? 'null')
    // A draft of an older shape is not worth a broken form.
    return kept && typeof kept === 'object' && 'specs' in kept && 'freightId' in kept
      ? (kept as Typed)
      : undefined
  } catch {
    return undefined
  }
}
