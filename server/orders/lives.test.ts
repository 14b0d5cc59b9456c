import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines, type Place } from '../testing/engines.ts'
import { anyLife } from '../testing/life/any.ts'
import { live, type Life, type Step } from '../testing/life/life.ts'
import { troublesOf, unsettled } from '../testing/life/rules.ts'
import { openStage } from '../testing/life/stage.ts'
import { misstated } from '../testing/life/statement.ts'

/** What is tried here is the arithmetic of many steps; PostgreSQL only has to show that it counts the same. */
const LIVES = { sqlite: 1_000, postgres: 15 }
const MINUTES = 300_000
/** So many of them at least must have come so far: else nothing of it was tried. The rarest is met a dozen times. */
const FEWEST = { sqlite: 1, postgres: 0 }
const TRIED = [
  'place',
  'place again',
  'pay: paid',
  'pay: repeated',
  'pay: failed',
  'pay: silent',
  'pay late',
  'ask',
  'cancel',
  'cancel what is paid',
  'land',
  'pack',
  'unpack',
  'ship',
  'receive',
  'pay back',
  'pay back again',
  'pay all back',
  'report',
  'grant',
  'send back',
  'come back',
  'pay out',
  'drop'
]

describe.each(engines)('random lives of orders on $name', (engine) => {
  let place: Place
  let stage: Awaited<ReturnType<typeof openStage>>
  beforeAll(async () => {
    place = await engine.make()
    stage = await openStage(place)
  })
  afterAll(async () => {
    await stage.close()
    await place.drop()
  })

  it(
    'account for every fen, every coupon and every piece after every step',
    async () => {
      const property = fc.asyncProperty(anyLife, async ({ terms, real, drops, steps }) => {
        const life = await live(stage, terms, real)
        for (const step of steps) await lived(life, step)
        for (const step of life.evening(drops)) await lived(life, step)
        expect(unsettled(life.books, life.known)).toEqual([])
      })
      await fc.assert(property, { numRuns: LIVES[engine.name], unbiased: true })
      expect((await stage.village.shop.ledger.checks.now()).troubles).toEqual([])
      const seldom = TRIED.filter((what) => (stage.done.get(what) ?? 0) < FEWEST[engine.name])
      expect(seldom, 'hardly ever happened').toEqual([])
    },
    MINUTES
  )

  async function lived(life: Life, step: Step) {
    const before = life.books
    const books = await life.step(step)
    if (books === before) return
    const troubles = [...troublesOf(life.begun, books, life.known), ...stage.broken.map(String)]
    // The hosts' statements can only have changed where something was written.
    const isWritten = JSON.stringify(books.postings) !== JSON.stringify(before.postings)
    if (isWritten) troubles.push(...(await misstated(stage.village, life.begun, books)))
    expect(troubles, `after ${JSON.stringify(step)}`).toEqual([])
  }
})
