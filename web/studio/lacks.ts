import { myLicence, type Missing } from '../../shared/contracts/licences.ts'
import type { GoodsClass } from '../../shared/contracts/catalogue.ts'
import { call } from '../call.ts'

/** What a host is missing to sell each class of goods on air; without an answer nothing is known and nothing is said. */
export type Lacks = Partial<Record<GoodsClass, readonly Missing[]>>

export async function lacksOf(): Promise<Lacks | undefined> {
  try {
    const { goods } = await call(myLicence)
    return Object.fromEntries(goods.map(({ goodsClass, missing }) => [goodsClass, missing]))
  } catch {
    // The server says so again where it matters: when a shelf is set and when a show begins.
    return undefined
  }
}
