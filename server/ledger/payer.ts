// An officer’s desk in a process of its own: draws up, says that a batch was paid or drops it, and answers what became of it.
import { Problem } from '../../shared/problems.ts'
import { systemClock } from '../clock.ts'
import { openSeal } from '../seal.ts'
import { openEngine } from '../store/open.ts'
import { newId } from '../store/id.ts'
import type { Store } from '../store/store.ts'
import { onErrand } from '../testing/together.ts'
import { openBankAccounts } from './bank-accounts.ts'
import { openLedger, type MoneyOf } from './ledger.ts'
import { openPayouts } from './payouts.ts'

export interface Errand {
  databaseUrl: string
  dataDir: string
  officerId: string
  /** All of this at once. */
  deeds: ('draw_up' | 'paid' | 'drop')[]
  batchId: string
  totalFen: number
}

/** The payouts of a store that no server has opened. */
export function deskOn(store: Store, moneyOf: MoneyOf = async () => new Map()) {
  const clock = systemClock
  const { audit } = store.schema
  const ground = {
    store,
    clock,
    audit: async (tx: Parameters<Parameters<Store['tx']>[0]>[0], line: object) => {
      await tx.insert(audit).values({ ...(line as typeof audit.$inferInsert), id: newId(), at: clock.now() })
    },
    shopOf: async (hostId: string) => ({ id: `shop-of-${hostId}` }),
    tellIn: async () => {}
  }
  const ledger = openLedger({ ...ground, fee: { permyriad: 0 }, moneyOf })
  const bankAccounts = openBankAccounts({
    ...ground,
    seal: openSeal('a secret of this village, long enough')
  })
  const payouts = openPayouts({
    ...ground,
    ledger,
    bankAccounts,
    shopsByIds: async () => new Map(),
    namesOf: async () => new Map(),
    auditOf: async () => [],
    openOrders: async () => [],
    lastTroubles: async () => 0
  })
  return { ledger, bankAccounts, payouts }
}

onErrand<Errand, string[]>(async ({ officerId, deeds, batchId, totalFen, ...place }) => {
  const store = await openEngine(place)
  const { payouts } = deskOn(store)
  const officer = { id: officerId, name: '', roles: ['officer'] as const }
  const run = {
    draw_up: () => payouts.drawUp(officer, totalFen),
    paid: () => payouts.markPaid(officer, batchId),
    drop: () => payouts.drop(officer, batchId, '不打了')
  }
  return async () => {
    const outcomes = await Promise.allSettled(deeds.map((deed) => run[deed]()))
    await store.close()
    return outcomes.map((outcome) => {
      if (outcome.status === 'fulfilled') return outcome.value.batch.state
      return outcome.reason instanceof Problem ? outcome.reason.code : String(outcome.reason)
    })
  }
})
