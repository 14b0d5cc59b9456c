import type { Reason } from '../../shared/freight.ts'
import type { Aftersale } from '../aftersale/open.ts'
import type { Shops } from '../catalogue/shops.ts'
import type { Clock } from '../clock.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Rooms } from '../live/rooms.ts'
import type { Notices } from '../notices/notices.ts'
import type { LineRow, Orders } from '../orders/orders.ts'
import type { Sendings } from '../orders/sendings.ts'
import type { Reader, Store, Tx } from '../store/store.ts'

/** Where so many of a line come from. `planned`: they are not ashore yet. */
export interface Origin {
  specId: string
  lotId: string
  qty: number
  state: string
  landsAt: number
  sourceName: string
}

/** What packing asks of the rest of the village. */
export interface Neighbours {
  store: Store
  clock: Clock
  jobs: Jobs
  report: (error: unknown, what: string) => void
  act: Rooms['act']
  orders: Pick<Orders, 'on' | 'moveIn' | 'dueIn' | 'noteIn' | 'rowIn' | 'linesIn' | 'due'> & Sendings
  aftersale: Pick<Aftersale, 'on'>
  shops: Pick<Shops, 'shopOf' | 'shopsByIds'>
  namesOf: (ids: string[]) => Promise<ReadonlyMap<string, { name: string }>>
  tellIn: Notices['tellIn']
  /** 批次: from which landings the lines of these orders come. */
  landingsOf: (on: Tx | Reader, orderIds: readonly string[]) => Promise<ReadonlyMap<string, Origin[]>>
  /** 截单 by product: the minute until when it leaves the same day; 0: nothing is promised. */
  cutoffsOf: (on: Tx | Reader, productIds: readonly string[]) => Promise<ReadonlyMap<string, number>>
  /** Hours on the road by province. */
  hoursOf: (on: Tx | Reader) => Promise<Readonly<Record<string, number>>>
  /** What the weather does today to orders that are not sent yet; those that can leave are missing. */
  heldUpIn: (
    on: Tx | Reader,
    orders: readonly { id: string; region: string; productIds: readonly string[] }[]
  ) => Promise<ReadonlyMap<string, { reason: Reason; province: string }>>
  /** An order that is more than its parcel: it has vouchers that somebody may use. */
  keepsOpen: (on: Tx | Reader, orderId: string) => Promise<boolean>
  /** Until when something may be asked back of lines that were received. */
  askableUntil: (on: Tx | Reader, lines: LineRow[], receivedAt: number) => Promise<number>
}
