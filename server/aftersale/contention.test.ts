import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../testing/engines.ts'
import { CLAM_FEN, market, type Market } from '../testing/market.ts'
import { together, type Together } from '../testing/together.ts'
import type { SignedIn } from '../testing/village.ts'
import type { Errand } from './refunder.ts'
import { afterwards } from './testing.ts'

const SERVERS = 2
/** Each opens a whole village first, on whatever machine this is. */
const MINUTES = 180_000
const QTY = 5

let servers: Together<Errand, string[]>
beforeAll(() => void (servers = together(path.join(import.meta.dirname, 'refunder.ts'), SERVERS)))
afterAll(() => servers.leave())

describe.each(engines)('two servers that pay back at once on $name', { timeout: MINUTES }, (engine) => {
  let m: Market
  let after: ReturnType<typeof afterwards>
  let officer: SignedIn
  beforeEach(async () => {
    m = await market(engine)
    after = afterwards(m)
    officer = await m.signIn('王主任', 'officer')
  })
  afterEach(() => m.close())

  async function bought() {
    const lines = [{ specId: m.clams.specId, qty: QTY }]
    const { id } = await after.paid({ lines, payFen: QTY * CLAM_FEN })
    await after.moved(id, 'packed')
    return id
  }
  const errand = (orderId: string, acts: Errand['acts']): Errand => ({
    place: { databaseUrl: m.place.databaseUrl, dataDir: m.place.dataDir },
    now: m.clock.now(),
    me: { id: officer.me.id, name: officer.me.name, roles: officer.me.roles },
    orderId,
    acts
  })
  const specId = () => m.clams.specId
  const went = (got: string[][]) => got.flat().filter((each) => each.includes(' '))

  it('never give back more than was paid, piece by piece', async () => {
    const orderId = await bought()
    const acts = (server: string) =>
      Array.from({ length: 4 }, (_, i) => ({ key: `piece-${server}-${i}-x`, specId: specId(), qty: 1 }))
    const got = await servers.go(['a', 'b'].map((server) => errand(orderId, acts(server))))
    expect(went(got)).toHaveLength(QTY)
    expect(new Set(got.flat().filter((each) => !each.includes(' ')))).toEqual(
      new Set([expect.stringMatching(/^refund_(too_much|nothing)$/)])
    )
    expect(await after.rowOf(orderId)).toMatchObject({ state: 'refunded', refundedFen: QTY * CLAM_FEN })
    await m.village.jobs.runDue()
    expect(await after.payments()).toMatchObject([{ refundedFen: QTY * CLAM_FEN }])
  })

  it('give back one of two sums that are too much together', async () => {
    const orderId = await bought()
    const half = Math.ceil((QTY * CLAM_FEN) / 2) + 1
    const acts = (key: string) => [{ key, specId: specId(), qty: 0, fen: half }]
    const got = await servers.go(['half-of-a', 'half-of-b'].map((key) => errand(orderId, acts(key))))
    expect(went(got)).toHaveLength(1)
    expect(await after.rowOf(orderId)).toMatchObject({ refundedFen: half })
  })

  it('carry one act out once, however many ask for it', async () => {
    const orderId = await bought()
    const acts = Array.from({ length: 3 }, () => ({ key: 'the-same-act', specId: specId(), qty: 2 }))
    const got = await servers.go([errand(orderId, acts), errand(orderId, acts)])
    expect(went(got)).toHaveLength(6)
    expect(new Set(went(got)).size).toBe(1)
    expect(await after.rowOf(orderId)).toMatchObject({ refundedFen: 2 * CLAM_FEN })
  })
})
