// A server of its own for suites in which several of them want the same goods; answers what became of each try.
import type { Body } from '../../shared/contract.ts'
import type { addLot } from '../../shared/contracts/lots.ts'
import type { placeOrder } from '../../shared/contracts/orders.ts'
import { Problem } from '../../shared/problems.ts'
import type { Member } from '../members/member.ts'
import { settableClock } from '../testing/clock.ts'
import { villageAt, type Place } from '../testing/market.ts'
import { onErrand } from '../testing/together.ts'

export type Try =
  | { do: 'buy'; me: Member; draft: Body<typeof placeOrder> }
  | { do: 'wait'; me: Member; specId: string }
  | { do: 'restock'; me: Member; specId: string; stock: number }
  | { do: 'land'; me: Member; draft: Body<typeof addLot> }
  | { do: 'sweep' }

export interface Errand {
  place: Place
  now: number
  tries: Try[]
}

onErrand<Errand, string[]>(async ({ place, now, tries }) => {
  const village = await villageAt(place, settableClock(now))
  const { orders, products, shop } = village
  const run = async (each: Try): Promise<string> => {
    switch (each.do) {
      case 'buy':
        return (await orders.place(each.me, each.draft)).id
      case 'wait':
        return (await shop.lots.waits.join(each.me, each.specId, 1)).id
      case 'restock':
        await products.setStock(each.me, each.specId, { stock: each.stock, seenStock: 0 })
        return 'restocked'
      case 'land':
        return (await shop.lots.landings.add(each.me, each.draft)).id
      case 'sweep':
        await shop.lots.waits.sweep()
        return 'swept'
    }
  }
  return async () => {
    const got = await Promise.all(
      tries.map((each) =>
        run(each).catch((error: unknown) => (error instanceof Problem ? error.code : String(error)))
      )
    )
    await village.close()
    return got
  }
})
