import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { getRoom } from '../../shared/contracts/live.ts'
import { openVillage, type Village } from '../app.ts'
import { goOnAir, newShow } from '../live/testing.ts'
import { readSettings } from '../settings.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { license } from '../testing/licensed.ts'
import { people, testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { watch, type Viewer } from '../testing/viewer.ts'
import { pairUp } from './testing.ts'

describe.skipIf(!inject('redisUrl'))('带播 on two servers of one village', () => {
  const clock = settableClock()
  let here: TestVillage
  let there: Village
  let mentor: SignedIn
  let learner: SignedIn
  const open: Viewer[] = []

  beforeAll(async () => {
    const postgres = engines.find(({ name }) => name === 'postgres')!
    const redisUrl = inject('redisUrl')
    here = await testVillage({ engine: postgres, settings: { redisUrl }, clock })
    const { databaseUrl, dataDir, secret } = here.village.settings
    const standard = readSettings({ DEMO: '0', LOG_LEVEL: 'error' })
    there = await openVillage(
      { ...standard, databaseUrl, redisUrl, secret, dataDir: `${dataDir}/there` },
      { clock }
    )
    const trainer = await here.signIn('老陈', 'trainer')
    mentor = await here.signIn('海燕', 'host')
    learner = await here.learner('秀梅')
    await license(here.village, learner.me.id, '秀梅', { topics: [], documents: ['health'] })
    await pairUp(here, trainer, mentor, learner)
  })
  afterAll(async () => {
    for (const { ws } of open) ws.terminate()
    await there.close()
    await here.close()
  })

  async function enter(village: Village, path: string, who?: SignedIn) {
    const viewer = await watch(village, path, who)
    open.push(viewer)
    return viewer
  }
  const paused = async (village: Village, showId: string) =>
    (await people(village).guest.call(getRoom, { params: { showId } })).json.show.paused
  const seenAt = async (showId: string) => {
    const { mentorSeen } = here.village.store.schema
    const rows = await here.village.store.read.select().from(mentorSeen)
    return rows.find((row) => row.showId === showId)?.seenAt
  }

  it('finds the mentor at her desk, on whichever of them she sits', async () => {
    const showId = await newShow(here, learner)
    const desk = await enter(there, `/ws/desks/${showId}`, mentor)
    await vi.waitFor(async () => expect(await seenAt(showId)).toBe(clock.now()))
    await goOnAir(here, learner, showId)

    clock.pass(119_999)
    await Promise.all([here.village.jobs.runDue(), there.jobs.runDue()])
    expect(await paused(here.village, showId)).toBe(false)
    // Her phone lost the network and found another server.
    await desk.leave()
    await enter(here.village, `/ws/desks/${showId}`, mentor)
    await vi.waitFor(async () => expect(await seenAt(showId)).toBe(clock.now()))
    clock.pass(119_999)
    await Promise.all([here.village.jobs.runDue(), there.jobs.runDue()])
    expect(await paused(there, showId)).toBe(false)
    await here.village.shows.takeOffAir(learner.me.id)
  })

  it('pauses once though both look, and goes on from whichever she comes back to', async () => {
    const showId = await newShow(here, learner)
    const guest = await enter(there, `/ws/rooms/${showId}?after=0`)
    const desk = await enter(there, `/ws/desks/${showId}`, mentor)
    await vi.waitFor(async () => expect(await seenAt(showId)).toBe(clock.now()))
    await goOnAir(here, learner, showId)
    await desk.leave()
    clock.pass(120_000)
    await Promise.all([here.village.jobs.runDue(), there.jobs.runDue()])
    await vi.waitFor(() => expect(guest.all('show_paused')).toHaveLength(1))
    await vi.waitFor(async () => expect(await paused(there, showId)).toBe(true))

    await enter(there, `/ws/desks/${showId}`, mentor)
    await vi.waitFor(() => expect(guest.all('show_resumed')).toHaveLength(1))
    await vi.waitFor(async () => expect(await paused(here.village, showId)).toBe(false))
    expect(guest.numbers()).toEqual([1, 2, 3])
  })
})
