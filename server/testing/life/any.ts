import fc from 'fast-check'
import type { Terms } from './begun.ts'
import type { Played, Step } from './life.ts'

const MOST_STEPS = 5
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const nth = fc.nat(3)
/** Mostly the same one, so that it comes to its end. */
const onward = fc.constantFrom(0, 0, 0, 1, 2)
const some = fc.nat(15)
const qtys = fc.tuple(fc.nat(3), fc.nat(2), fc.nat(2))
const played = fc.constantFrom('paid', 'paid', 'repeated', 'failed', 'silent')
const passed = fc.constantFrom(MINUTE_MS, 16 * MINUTE_MS, HOUR_MS, DAY_MS, 3 * DAY_MS, 9 * DAY_MS)
const just = (...steps: Step[]) => fc.constant(steps)
const paying = (played: Played): Step[] => [{ do: 'pay', nth: 0, played }]
const qty = fc.integer({ min: 1, max: 2 })
const percent = fc.constantFrom(100, 100, 50, 33)
const coupons = fc.constantFrom('best' as const, 'some' as const, 'none' as const)
const place = fc.record({ do: fc.constant('place' as const), qtys, coupons, some, ahead: fc.boolean() })
const fen = fc.option(fc.integer({ min: 1, max: 3_000 }), { nil: undefined })
const freight = fc.constantFrom(0, 0, 1, 2, 4)

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: place },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('place again' as const), nth }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pay' as const), nth, played }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pay late' as const), nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('ask' as const), nth }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), nth }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: passed }) },
  { weight: 1, arbitrary: fc.constant({ do: 'land' as const }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('go on' as const), nth: onward, together: fc.boolean() })
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unpack' as const), nth }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('pay back' as const),
      nth,
      line: nth,
      qty: fc.nat(2),
      fen,
      freight,
      twice: fc.boolean()
    })
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pay all back' as const), nth }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('report' as const), nth, line: nth, qty, percent }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('decide' as const), nth, percent: fc.constantFrom(100, 40, 0) })
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('send back' as const), nth, qty }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settle' as const), nth, good: fc.boolean() }) },
  { weight: 2, arbitrary: fc.constant({ do: 'gateway' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pay out' as const), drop: fc.boolean() }) }
)

/** What becomes of the first bill before the road goes on; mostly it is just paid. */
const bill: fc.Arbitrary<Step[]> = fc.oneof(
  { weight: 12, arbitrary: just() },
  { weight: 5, arbitrary: fc.constantFrom<Played[]>('repeated', 'failed', 'silent').map(paying) },
  { weight: 1, arbitrary: just({ do: 'pay late', nth: 0 }) },
  { weight: 1, arbitrary: just({ do: 'ask', nth: 0 }) }
)

/** The first order gets so far before anything else happens: paid, packed, sent, received, done. */
const road = fc
  .nat(5)
  .map((far): Step[] => Array.from({ length: far }, () => ({ do: 'go on', nth: 0, together: false })))

/** What few orders come to by chance, for much must be in place for it: each does nothing where it is not. */
const afterwards: fc.Arbitrary<Step[]> = fc.oneof(
  { weight: 6, arbitrary: just() },
  { weight: 1, arbitrary: just({ do: 'unpack', nth: 0 }) },
  {
    weight: 5,
    arbitrary: fc.tuple(qty, fc.boolean()).map(([some, good]): Step[] => [
      { do: 'send back', nth: 0, qty: some },
      { do: 'settle', nth: 0, good }
    ])
  },
  {
    weight: 2,
    arbitrary: fc.tuple(nth, qty, fc.constantFrom(100, 40, 0)).map(([line, some, share]): Step[] => [
      { do: 'report', nth: 0, line, qty: some, percent: 100 },
      { do: 'decide', nth: 0, percent: share }
    ])
  }
)

const price = fc.oneof(fc.integer({ min: 2, max: 20 }), fc.integer({ min: 21, max: 20_000 }))
const terms: fc.Arbitrary<Terms> = fc
  .record({
    clamsFen: price,
    kelpFen: price,
    prawnsFen: price,
    firstFen: fc.nat(1_500),
    moreFen: fc.nat(300),
    freeFromFen: fc.constantFrom(0, 20_000),
    shopOffFen: fc.integer({ min: 1, max: 2_500 }),
    percent: fc.integer({ min: 1, max: 60 }),
    otherOffFen: fc.constantFrom(1, 333, 50_000),
    unionOffFen: fc.integer({ min: 1, max: 3_000 }),
    unionThresholdFen: fc.constantFrom(0, 5_000),
    shopPotFen: fc.integer({ min: 1_000, max: 8_000 }),
    unionPotFen: fc.integer({ min: 3_000, max: 6_000 })
  })
  .map((each) => ({ ...each, flashFen: Math.ceil(each.clamsFen / 3) }))

/** What a life begins with, and what happens in it. */
export const anyLife = fc.record({
  terms,
  real: fc.constantFrom(true, false, false),
  /** Whether the officers throw the first batch of the last evening away. */
  drops: fc.boolean(),
  steps: fc
    .tuple(place, bill, road, afterwards, fc.array(step, { maxLength: MOST_STEPS, size: 'max' }))
    .map(([first, ...more]): Step[] => [first, ...more.flat()])
})
