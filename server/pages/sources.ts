import type { Answer, Contract } from '../../shared/contract.ts'
import { getProduct, getShop, listShops, searchProducts } from '../../shared/contracts/catalogue.ts'
import { listClasses } from '../../shared/contracts/classes.ts'
import { getRoom, listShows } from '../../shared/contracts/live.ts'
import { Problem, type ProblemAnswer } from '../../shared/problems.ts'
import type { Http } from '../http/http.ts'
import type { Sources, Written } from './pages.ts'

/**
 * A page's first data is what the village's own API answers to a guest, word for word: it is asked through the same
 * routes, inside this process, so nothing can stand in a page that a guest may not read.
 */
export function guestSources(http: Http): Sources {
  const ask = async <C extends Contract>(contract: C, params: Record<string, string> = {}, query = '') => {
    const url = contract.url.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
    const answer = await http.inject({ url: url + query })
    if (answer.statusCode === 200) {
      return { json: answer.payload, value: answer.json() } as Written<Answer<C>>
    }
    const { code, details } = answer.json<ProblemAnswer>()
    // An id that can't be one is as unknown as one that nothing has.
    throw new Problem(code === 'bad_input' ? 'not_found' : code, details)
  }
  const items = async <C extends Contract>(contract: C, query = '') =>
    (await ask(contract, {}, query)).value as { items: unknown[] }

  return {
    async storefront() {
      const [live, coming, replay, products, shops, classes] = await Promise.all([
        items(listShows, '?state=live'),
        items(listShows, '?state=coming'),
        items(listShows, '?state=replay'),
        items(searchProducts),
        items(listShops),
        items(listClasses)
      ])
      const value = {
        live: live.items,
        coming: coming.items,
        replay: replay.items,
        products: products.items,
        shops: shops.items,
        classes: classes.items
      }
      return { value, json: JSON.stringify(value) } as Awaited<ReturnType<Sources['storefront']>>
    },
    room: (showId) => ask(getRoom, { showId }),
    product: (productId) => ask(getProduct, { productId }),
    shop: (shopId) => ask(getShop, { shopId })
  }
}
