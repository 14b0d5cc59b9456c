import { systemClock } from '../clock.ts'
import { openEngine } from '../store/open.ts'
import { Problem } from '../../shared/problems.ts'
import { openCoupons } from './coupons.ts'

// Claims for many members at once, in a process of its own: `node claimer.ts '{…Orders}'`, then a message.

export interface Orders {
  databaseUrl: string
  dataDir: string
  couponId: string
  memberIds: string[]
}

const { couponId, memberIds, ...place } = JSON.parse(process.argv[2]!) as Orders
const store = await openEngine(place)
const nobody = () => {
  throw new Error('a claim asks nobody else')
}
const coupons = openCoupons({
  store,
  clock: systemClock,
  act: nobody,
  hint: () => {},
  runBy: nobody,
  followsIn: nobody,
  shopOf: nobody,
  shopsByIds: nobody
})
process.once('message', async () => {
  const claims = memberIds.map((id) => coupons.claimFor({ id, name: '', roles: ['buyer'] }, couponId))
  const outcomes = await Promise.allSettled(claims)
  await store.close()
  process.send!(
    outcomes.map((outcome) => {
      if (outcome.status === 'fulfilled') return 'claimed'
      return outcome.reason instanceof Problem ? outcome.reason.code : String(outcome.reason)
    }),
    () => process.disconnect()
  )
})
process.send!('ready')
