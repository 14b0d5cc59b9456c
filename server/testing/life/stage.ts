import path from 'node:path'
import { openVillage } from '../../app.ts'
import { jobRunner } from '../../jobs/runner.ts'
import { readSettings } from '../../settings.ts'
import { openEngine } from '../../store/open.ts'
import { openSqlite } from '../../store/sqlite.ts'
import type { Store } from '../../store/store.ts'
import { settableClock } from '../clock.ts'
import type { Place } from '../market.ts'
import { stripeDouble } from '../stripe-double.ts'
import { openBooks } from './books.ts'
import type { Stage } from './life.ts'

export const FEE_PERMYRIAD = 300

/**
 * A village for many lives, in which real money moves as well as the demo cashier's. It waits for no disk: what is tried
 * here is arithmetic. Nothing runs by itself, for sweeps look after everybody: each life calls those that it needs.
 */
export async function openStage(place: Place): Promise<Stage & { close(): Promise<void> }> {
  const clock = settableClock()
  const stripe = await stripeDouble(clock)
  const engine = place.databaseUrl
    ? await openEngine(place)
    : openSqlite({
        file: path.join(place.dataDir, 'village.db'),
        onWriter: (writer) => writer.pragma('synchronous = OFF')
      })
  let units = 0
  const store: Store = {
    ...engine,
    tx: async (fn, hint) => {
      const value = await engine.tx(fn, hint)
      units++
      return value
    }
  }
  const broken: unknown[] = []
  const runner = jobRunner({ store, clock, report: (error) => broken.push(error) })
  const settings = {
    ...readSettings({ DEMO: '0', LOG_LEVEL: 'error' }),
    ...place,
    unionFeePermyriad: FEE_PERMYRIAD,
    stripe: { ...stripe.settings, secretKey: 'sk_live_double' }
  }
  const village = await openVillage(settings, { clock, store, jobs: { ...runner, every: () => {} } })
  return {
    village,
    clock,
    stripe,
    broken,
    units: () => units,
    books: openBooks(engine),
    done: new Map(),
    async close() {
      await village.close()
      await stripe.close()
    }
  }
}
