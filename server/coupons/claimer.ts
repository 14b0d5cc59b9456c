// Claims for many members at once, in a process of its own; answers what became of each.
import { Problem } from '../../shared/problems.ts'
import { systemClock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import { openEngine } from '../store/open.ts'
import { onErrand } from '../testing/together.ts'
import { openCoupons } from './coupons.ts'

export interface Errand {
  databaseUrl: string
  dataDir: string
  couponId: string
  memberIds: string[]
  /** The word that they say; without one they tap. */
  word?: string
}

const nobody = () => {
  throw new Error('a claim asks nobody else')
}

onErrand<Errand, string[]>(async ({ couponId, memberIds, word, ...place }) => {
  const store = await openEngine(place)
  const coupons = openCoupons({
    store,
    clock: systemClock,
    jobs: { every() {} },
    act: nobody,
    hint: () => {},
    runBy: nobody,
    followsIn: nobody,
    boughtIn: nobody,
    onAir: nobody,
    shopOf: nobody,
    shopsByIds: async () => new Map(),
    sellsAll: nobody,
    audit: nobody
  })
  return async () => {
    const claims = memberIds.map((id) => {
      const me: Member = { id, name: '', roles: ['buyer'] }
      return word ? coupons.claimByWord(me, word) : coupons.claimFor(me, couponId)
    })
    const outcomes = await Promise.allSettled(claims)
    await store.close()
    return outcomes.map((outcome) => {
      if (outcome.status === 'fulfilled') return 'claimed'
      return outcome.reason instanceof Problem ? outcome.reason.code : String(outcome.reason)
    })
  }
})
