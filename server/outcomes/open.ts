import type { Bookings } from '../bookings/bookings.ts'
import type { Shops } from '../catalogue/shops.ts'
import type { Clock } from '../clock.ts'
import type { Http } from '../http/http.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Licences } from '../licences/licences.ts'
import type { Shows } from '../live/shows.ts'
import type { Members } from '../members/members.ts'
import type { Orders } from '../orders/orders.ts'
import type { Payments } from '../payments/payments.ts'
import type { Register } from '../register/register.ts'
import type { Store } from '../store/store.ts'
import type { Certificates } from '../training/certificates.ts'
import { openOutcomes, type Outcomes } from './outcomes.ts'
import { outcomeRoutes } from './routes.ts'

interface BoardGround {
  http: Http
  store: Store
  clock: Clock
  jobs: Jobs
  members: Members
  register: Register
  shops: Shops
  shows: Shows
  orders: Orders
  payments: Payments
  bookings: Bookings
  certificates: Certificates
  licences: Licences
}

/** 成效板: hears from every domain how far each woman got. */
export function openBoard(ground: BoardGround) {
  const { http, store, clock, jobs, members, register, shops, shows, orders, payments } = ground
  const { bookings, certificates, licences } = ground
  const countsTest = payments.testOnly()
  /** What makes a successful host stands among the rules that officers may change. */
  const success = async () => {
    const { successShows, successFen } = await licences.rules.now(store.read)
    return { successShows, successFen }
  }
  const outcomes = openOutcomes({
    store,
    clock,
    jobs,
    namesOf: members.namesOf,
    sexOf: register.sexOf,
    branchNamesOf: register.branchNamesOf,
    counts: async (period) => ({
      ...(await bookings.counts(period)),
      certificates: await certificates.counted(period)
    }),
    success,
    numbersOf: async (hostId) => {
      const shop = await shops.shopOf(hostId)
      return {
        shows: await shows.heldBy(hostId),
        soldFen: shop ? await orders.soldFen(shop.id, countsTest) : 0
      }
    },
    hostOf: async (shopId) => (await shops.shopsByIds([shopId])).get(shopId)?.hostId,
    countsTest
  })
  outcomeRoutes(http, outcomes)
  noteMilestones(outcomes, ground)
  return { outcomes, success }
}

/** Each step in the unit of work in which she takes it. */
function noteMilestones(outcomes: Outcomes, { clock, bookings, shows, certificates, register }: BoardGround) {
  bookings.on({
    booked: (tx, { occasion, booking }) =>
      outcomes.reachedIn(tx, booking.memberId, 'enrolled', booking.at, occasion.id),
    attended: (tx, { occasion, memberId, at }) =>
      outcomes.reachedIn(tx, memberId, 'attended', at, occasion.id),
    undone: async (tx, { memberId, first }) => {
      await outcomes.lostIn(tx, memberId, 'attended')
      if (first) await outcomes.reachedIn(tx, memberId, 'attended', first.at, first.occasionId)
    }
  })
  shows.on({
    opened: async (tx, { id, kind, hostId, openedAt }) => {
      if (kind === 'public') await outcomes.reachedIn(tx, hostId, 'first_show', openedAt!, id)
    },
    ended: async (tx, { id, kind, hostId }) => {
      if (kind === 'rehearsal') await outcomes.reachedIn(tx, hostId, 'rehearsed', clock.now(), id)
      if (kind === 'public') await outcomes.countLaterIn(tx, { hostId })
    }
  })
  certificates.on({
    issued: async (tx, { memberId, issuedAt, code }, { topic }) => {
      if (topic === 'live_selling') await outcomes.reachedIn(tx, memberId, 'licensed', issuedAt, code)
    }
  })
  register.onChange(outcomes.sexIn)
}
