import type { Clock } from '../clock.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Store } from '../store/store.ts'
import { filingStore } from './filing-store.ts'

const FILE_EVERY_MS = 5_000
/** A claim belongs to the moment of the tap and may be written a little later. */
const SETTLED_MS = 60_000
const MEMBERS_PER_UNIT = 500
const COUPONS_PER_SWEEP = 20

/**
 * 归档: puts the claims of a coupon under their members once nobody can claim it any more. In a rush that would touch a
 * page of the store for every member; until then a pocket asks the few coupons that can still be claimed.
 */
export function openFiling({
  store,
  clock,
  jobs
}: {
  store: Store
  clock: Clock
  jobs: Pick<Jobs, 'every'>
}) {
  const rows = filingStore(store)

  /** Files a piece of each coupon that is due. */
  async function file() {
    for (const due of await rows.dueQuery(clock.now() - SETTLED_MS, COUPONS_PER_SWEEP))
      await store.tx((tx) => rows.fileNext(tx, due, MEMBERS_PER_UNIT))
  }

  jobs.every('coupons.file', FILE_EVERY_MS, file)
}
