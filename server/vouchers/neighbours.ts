import type { ShopCard } from '../../shared/contracts/catalogue.ts'
import type { Aftersale } from '../aftersale/open.ts'
import type { Clock } from '../clock.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Rooms } from '../live/rooms.ts'
import type { Notices } from '../notices/notices.ts'
import type { Orders } from '../orders/orders.ts'
import type { Reader, Store, Tx } from '../store/store.ts'

/** What vouchers ask of the rest of the village. */
export interface Neighbours {
  store: Store
  clock: Clock
  jobs: Jobs
  report: (error: unknown, what: string) => void
  act: Rooms['act']
  orders: Pick<Orders, 'on' | 'rowIn' | 'linesIn' | 'moveIn'>
  aftersale: Pick<Aftersale, 'on' | 'refundIn' | 'sayChanged'>
  shops: {
    shopOf(memberId: string): Promise<ShopCard | undefined>
    shopsByIds(ids: string[]): Promise<ReadonlyMap<string, ShopCard>>
  }
  /** How many days these are good for after they were bought; what is not there is missing. */
  validDaysIn: (on: Tx | Reader, productIds: string[]) => Promise<ReadonlyMap<string, { validDays: number }>>
  namesOf: (ids: string[]) => Promise<ReadonlyMap<string, { name: string }>>
  tellIn: Notices['tellIn']
  audit: (
    tx: Tx,
    line: { actorId: string; action: string; subject: string; details: Record<string, unknown> }
  ) => Promise<void>
  /** Something about money that a person has to look at. */
  alert: Aftersale['alerts']['raiseIn']
}
