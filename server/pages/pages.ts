import { LRUCache } from 'lru-cache'
import type { ShopCard, Product } from '../../shared/contracts/catalogue.ts'
import type { RoomView, ShowCard } from '../../shared/contracts/live.ts'
import { yuan } from '../../shared/money.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import { page, type Face, type First } from './page.ts'
import { Sendable, type Web } from './web.ts'

/** A page may be this old: a room catches up over its socket, a storefront asks again every few seconds. */
const FRESH_MS = 1_000
const PAGES_KEPT = 500

/** What a guest may read, already written as JSON by the same contracts that the API answers with. */
export interface Sources {
  storefront(): Promise<Written<{ live: ShowCard[]; coming: ShowCard[] }>>
  room(showId: string): Promise<Written<RoomView>>
  product(productId: string): Promise<Written<{ product: Product }>>
  shop(shopId: string): Promise<Written<{ shop: ShopCard; products: Product[] }>>
}
export interface Written<T> {
  value: T
  json: string
}

export interface Answer {
  status: 200 | 404
  body: Sendable
}

const HOUSE: Face = {
  title: '渔家直播 · 红岛女人自己的直播间',
  about:
    '赶海归来，姐妹们在自己的直播间里卖自己的海货：蛤蜊、海蛎子、虾酱、海带。谁在卖，卖谁的货，一看就知道。',
  image: '/cover.png',
  kind: 'website'
}

export type Pages = ReturnType<typeof openPages>

/** The HTML of every page. A page with a face is built once a second at most, however many ask for it. */
export function openPages({
  web,
  sources,
  base,
  clock
}: {
  web: Web
  sources: Sources
  /** Where strangers reach us: https://shop.example */
  base: string
  clock: Clock
}) {
  const kept = new LRUCache<string, { builtAt: number; answer: Promise<Answer> }>({ max: PAGES_KEPT })

  const faces: Record<First['kind'], (id: string) => Promise<{ face: Face; json: string }>> = {
    async storefront() {
      const { value, json } = await sources.storefront()
      const [show] = value.live
      return { face: show ? { ...HOUSE, about: `正在直播：${show.title}。${HOUSE.about}` } : HOUSE, json }
    },
    async room(id) {
      const { value, json } = await sources.room(id)
      return { face: faceOfShow(value), json }
    },
    async product(id) {
      const { value, json } = await sources.product(id)
      return { face: faceOfProduct(value.product), json }
    },
    async shop(id) {
      const { value, json } = await sources.shop(id)
      return { face: faceOfShop(value.shop), json }
    }
  }

  /** Once a second at most; whoever comes meanwhile waits for the same build. */
  function shared(address: string, build: () => Promise<Answer>) {
    const known = kept.get(address)
    if (known && clock.now() - known.builtAt < FRESH_MS) return known.answer
    const answer = build()
    kept.set(address, { builtAt: clock.now(), answer })
    answer.catch(() => kept.delete(address))
    return answer
  }

  const written = async (address: string, face: Face, status: Answer['status'], first?: First) => ({
    status,
    body: new Sendable(
      Buffer.from(page(await web.shell(address), { face, address, base, ...(first && { first }) })),
      'text/html; charset=utf-8'
    )
  })

  const lost = (address: string) => written(address, { ...HOUSE, title: '没有找到 · 渔家直播' }, 404)

  return {
    file: web.file,

    /** A page with a face and first data. An id that nothing has is a 404 that looks like the house. */
    faced(kind: First['kind'], address: string, id = ''): Promise<Answer> {
      return shared(address, async () => {
        try {
          const { face, json } = await faces[kind](id)
          return await written(address, face, 200, { kind, json })
        } catch (error) {
          if (error instanceof Problem && error.status === 404) return lost('/lost')
          // A show that is not for everybody: its page says nothing of it, and fills for whom it concerns.
          if (error instanceof Problem && error.code === 'sign_in_first') return written(address, HOUSE, 200)
          throw error
        }
      })
    },

    /** A page that only its reader's phone fills. */
    plain: () => shared('', () => written('/', HOUSE, 200)),

    lost: () => shared('/lost', () => lost('/lost'))
  }
}

function faceOfShow({ show, shelf }: RoomView): Face {
  const goods = shelf.map((item) => item.title).join('、')
  const state = { coming: '即将开播', live: '正在直播', away: '正在直播', replay: '看回放' }[show.state]
  const demo = show.demo ? '（演示）' : ''
  return {
    title: `${show.title}${demo} · 渔家直播`,
    about: `${state}：${show.host.village}${show.host.name}${goods && `，带来${goods}`}`,
    image: show.cover || show.host.portrait,
    kind: 'video.other'
  }
}

function faceOfProduct({ title, about, shop, photos, specs, origin }: Product): Face {
  const cheapest = Math.min(...specs.map((spec) => spec.priceFen))
  const price = specs.length ? ` ¥${yuan(cheapest)}` : ''
  return {
    title: `${title}${price} · ${shop.name}`,
    about: `${shop.village}${shop.hostName}自己的货，产自${origin || shop.village}。${about}`,
    image: photos[0] ?? '',
    kind: 'product'
  }
}

const faceOfShop = ({ name, village, story, portrait }: ShopCard): Face => ({
  title: `${name} · 渔家直播`,
  about: `${village}。${story}`,
  image: portrait,
  kind: 'website'
})
