import type { Jobs } from '../jobs/jobs.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import type { Ledger } from './ledger.ts'
import { ledgerStore } from './store.ts'

const OLDER_JOB = 'ledger_older'
const OPENED = 'ledger:opened'
/** Written down in one unit of work, which has its time like any other. */
const PARTY = 20
const LOOK_MS = 10 * 60_000

/**
 * Orders from before there was a ledger get their postings once: a job that goes on where it stopped, whoever is killed
 * meanwhile. At the end an empty posting says that the older ones are in.
 */
export function openOlder({
  store,
  jobs,
  ledger,
  paidAfter
}: {
  store: Store
  jobs: Jobs
  ledger: Pick<Ledger, 'olderIn' | 'postIn'>
  paidAfter: (on: Tx | Reader, after: string, limit: number) => Promise<string[]>
}) {
  const rows = ledgerStore(store)

  jobs.on<{ after: string }>(OLDER_JOB, async ({ payload }) => {
    for (let after = payload.after; ;) {
      const ids = await store.tx(async (tx) => {
        const some = await paidAfter(tx, after, PARTY)
        for (const orderId of some) await ledger.olderIn(tx, orderId)
        if (some.length < PARTY) await opened(tx)
        return some
      })
      if (ids.length < PARTY) return
      after = ids.at(-1)!
    }
  })

  async function opened(tx: Tx) {
    const words = '以前的订单都记进来了'
    await ledger.postIn(tx, { ...NOBODYS, key: OPENED, words, entries: [] })
  }

  let known = false
  /** Whether they are in. */
  async function areIn(): Promise<boolean> {
    known ||= (await rows.byKey(store.read, OPENED)) !== undefined
    return known
  }

  jobs.every('older orders into the ledger', LOOK_MS, async () => {
    if (await areIn()) return
    await store.tx((tx) => jobs.add(tx, OLDER_JOB, { after: '' }, { id: OLDER_JOB }))
  })

  return { areIn }
}

const NOBODYS = {
  kind: 'correction',
  orderId: '',
  shopId: '',
  test: false,
  actorId: ''
} as const
