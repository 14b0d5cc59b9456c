import type { Clock } from '../clock.ts'
import type { Files } from '../files/files.ts'
import type { Notices } from '../notices/notices.ts'
import type { Orders } from '../orders/orders.ts'
import type { Reader, Store, Tx } from '../store/store.ts'

/** What reviews ask of the rest of the village. */
export interface Neighbours {
  store: Store
  clock: Clock
  orders: Pick<Orders, 'rowIn' | 'linesIn'>
  /** What was paid back of these orders, oldest first. */
  refundsIn: (
    on: Tx | Reader,
    orderIds: string[]
  ) => Promise<readonly { createdAt: number; lines: readonly { specId: string; qty: number }[] }[]>
  files: Pick<Files, 'ownedBy' | 'open'>
  shopsByIds: (ids: string[]) => Promise<ReadonlyMap<string, { name: string }>>
  /** Who sells there; through the unit. */
  hostIn: (on: Tx | Reader, shopId: string) => Promise<string>
  /** The shop of this member; undefined: she has none. */
  shopIdOf: (memberId: string) => Promise<string | undefined>
  namesOf: (ids: string[]) => Promise<ReadonlyMap<string, { name: string }>>
  tellIn: Notices['tellIn']
  audit: (
    tx: Tx,
    line: { actorId: string; action: string; subject: string; details: Record<string, unknown> }
  ) => Promise<void>
}
