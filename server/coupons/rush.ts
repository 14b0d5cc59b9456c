import { setImmediate as nextTurn } from 'node:timers/promises'
import { Problem } from '../../shared/problems.ts'
import type { Member } from '../members/member.ts'
import { StoreBusy, type Reader, type Store, type Tx } from '../store/store.ts'
import { over } from './coupon.ts'
import type { CouponRow, couponStore, NewClaim } from './store.ts'

/** Claims that share one unit of work; 1: each has its own. */
const SEATS = 64
/** People who wait for the boats of one coupon. */
const ON_THE_PIER = 2_000
/** A commit waits for the disk, so a boat waits for those who are just coming, but no longer than so many turns. */
const BOARDING_TURNS = 24

interface Claimed {
  nth: number
  /** How many of the coupon are left after hers. */
  left: number
}

interface Passenger {
  me: Member
  /** The moment of the tap: a coupon’s beginning and end are measured by it. */
  now: number
  arrived: (claimed: Claimed) => void
  refused: (why: unknown) => void
}

/** There are not enough left for the whole boat, or it is too early or too late for somebody in it. */
class NotForAll extends Error {}

/**
 * Claims as units of work, whole boats of them: what is left of a coupon is one row that everybody wants, so those who
 * claim in the same moment take their number off it together. Where it does not suffice for all, each goes alone and in
 * order, which happens once a coupon.
 */
export function openRush({
  store,
  rows,
  followsIn,
  seats = SEATS
}: {
  store: Store
  rows: ReturnType<typeof couponStore>
  followsIn: (on: Tx | Reader, memberId: string, hostId: string) => Promise<boolean>
  seats?: number | undefined
}) {
  const piers = new Map<string, Passenger[]>()

  /** Resolves when her claim is on disk. Problems: follow_first, coupon_claimed, coupon_gone, coupon_early, coupon_over. */
  function claim(coupon: CouponRow, me: Member, now: number): Promise<Claimed> {
    return new Promise((arrived, refused) => {
      const passenger = { me, now, arrived, refused }
      if (seats === 1) return void alone(coupon, passenger)
      const pier = piers.get(coupon.id)
      if (!pier) void ferry(coupon, [passenger])
      else if (pier.length < ON_THE_PIER) pier.push(passenger)
      else refused(new StoreBusy('too many claim one coupon'))
    })
  }

  /** One boat after the other, as long as somebody stands there. */
  async function ferry(coupon: CouponRow, pier: Passenger[]) {
    piers.set(coupon.id, pier)
    while (pier.length) {
      await boarding(pier)
      await sail(coupon, pier)
    }
    piers.delete(coupon.id)
  }

  /** Resolves when nobody came in the last turn, or the boat is full, or has waited long enough. */
  async function boarding(pier: Passenger[]) {
    let seen = 0
    for (let turns = 0; pier.length > seen && pier.length < seats && turns < BOARDING_TURNS; turns++) {
      seen = pier.length
      await nextTurn()
    }
  }

  async function sail(coupon: CouponRow, pier: Passenger[]) {
    let crew: Passenger[] | undefined
    // Who comes while it waits for its turn is still taken along; should it run again, it is with the same crew.
    const board = () => (crew ??= pier.splice(0, seats))
    try {
      const outcomes = await store.tx((tx) => claimIn(tx, coupon, board()), hotOf(coupon))
      tell(board(), outcomes)
    } catch (error) {
      if (error instanceof NotForAll) await oneByOne(coupon, board())
      else for (const { refused } of board()) refused(error)
    }
  }

  async function oneByOne(coupon: CouponRow, crew: readonly Passenger[]) {
    let gone: Problem | undefined
    for (const passenger of crew) {
      if (gone) passenger.refused(gone)
      else gone = await alone(coupon, passenger)
    }
  }

  /** Answers why nobody after her gets one either, if that is so. */
  async function alone(coupon: CouponRow, passenger: Passenger): Promise<Problem | undefined> {
    try {
      tell([passenger], await store.tx((tx) => claimIn(tx, coupon, [passenger]), hotOf(coupon)))
      return undefined
    } catch (error) {
      passenger.refused(error)
      return error instanceof Problem && error.code === 'coupon_gone' ? error : undefined
    }
  }

  function tell(crew: readonly Passenger[], outcomes: (Claimed | Problem)[]) {
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome instanceof Problem) crew[i]!.refused(outcome)
      else crew[i]!.arrived(outcome)
    }
  }

  /** Her share is counted by the claims’ key, the total by one conditional update. */
  async function claimIn(tx: Tx, coupon: CouponRow, crew: readonly Passenger[]) {
    const outcomes = await pocketsIn(tx, coupon, crew)
    const many = outcomes.filter((each) => typeof each === 'number').length
    if (!many) return outcomes as Problem[]

    const taps = crew.map(({ now }) => now)
    const [first, last] = [Math.min(...taps), Math.max(...taps)]
    const rest = await rows.take(tx, { couponId: coupon.id, many, first, last })
    if (rest === undefined) {
      if (crew.length > 1) throw new NotForAll()
      throw whyNotTaken((await rows.coupon(tx, coupon.id))!, last)
    }
    let left = rest + many
    return outcomes.map((each) => (typeof each === 'number' ? { nth: each, left: --left } : each))
  }

  /** Which of hers it is, for each of them, or why it is not. */
  async function pocketsIn(tx: Tx, coupon: CouponRow, crew: readonly Passenger[]) {
    const asked: NewClaim[] = []
    const nths: (Problem | number)[] = []
    for (const { me, now } of crew) {
      const nth = await nthIn(tx, coupon, me.id, asked)
      if (typeof nth === 'number') asked.push({ memberId: me.id, nth, now })
      nths.push(nth)
    }
    const isHers = (await rows.claim(tx, coupon.id, asked)).values()
    return nths.map((nth) =>
      nth instanceof Problem || isHers.next().value ? nth : new Problem('coupon_claimed')
    )
  }

  /** Which of hers it would be, if it is not there already. `asked`: by others, and by her, in the same boat. */
  async function nthIn(tx: Tx, coupon: CouponRow, memberId: string, asked: readonly NewClaim[]) {
    if (coupon.kind === 'follow' && !(await followsIn(tx, memberId, coupon.hostId)))
      return new Problem('follow_first')
    if (coupon.perMember === 1) return 1
    const before = asked.filter((each) => each.memberId === memberId).length
    const nth = (await rows.held(tx, coupon.id, memberId)) + before + 1
    return nth > coupon.perMember ? new Problem('coupon_claimed') : nth
  }

  return { claim }
}

const hotOf = ({ id }: CouponRow) => ({ hot: `coupon:${id}` })

/** What another server, or the clock of the show, did since it was remembered. */
function whyNotTaken(coupon: CouponRow, now: number) {
  if (over(coupon, now)) return new Problem('coupon_over')
  if (coupon.left === 0) return new Problem('coupon_gone')
  // This server was slow, or its clock is: the others have begun to file it.
  if (coupon.filedTo) return new Problem('coupon_over')
  return new Problem('coupon_early', { startsAt: coupon.startsAt })
}
