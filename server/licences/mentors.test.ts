import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { dropCoupon } from '../../shared/contracts/coupons.ts'
import { setSale, showPermit } from '../../shared/contracts/licences.ts'
import { endShow, getDesk, getRoom, goLive, myShows, pinProduct } from '../../shared/contracts/live.ts'
import { myNotices } from '../../shared/contracts/notices.ts'
import { placeOrder } from '../../shared/contracts/orders.ts'
import { closeMentorship } from '../../shared/contracts/practice.ts'
import { saveAddress } from '../../shared/contracts/members.ts'
import { goOnAir, newProduct, newShop, newShow } from '../live/testing.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { license } from '../testing/licensed.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { watch } from '../testing/viewer.ts'
import { pairUp } from './testing.ts'

describe.each(engines)('带播 on $name', (engine) => {
  const clock = settableClock()
  let v: TestVillage
  let trainer: SignedIn
  let mentor: SignedIn
  let learner: SignedIn
  let stranger: SignedIn
  let buyer: SignedIn
  let pairId: string
  let clams: Awaited<ReturnType<typeof newProduct>>

  beforeAll(async () => {
    v = await testVillage({ engine, clock })
    trainer = await v.signIn('老陈', 'trainer')
    mentor = await v.signIn('海燕', 'host')
    stranger = await v.signIn('玉珍', 'host')
    learner = await v.learner('秀梅')
    buyer = await v.signIn('小李')
    await license(v.village, learner.me.id, '秀梅', { topics: [], documents: ['health'] })
    pairId = await pairUp(v, trainer, mentor, learner)
    await newShop(learner)
    clams = await newProduct(learner, '红岛蛤蜊')
  })
  afterAll(() => v.close())
  beforeEach(() => clock.pass(600_000))

  const sit = (showId: string) => v.village.school.licences.seen(showId, mentor.me.id)
  const look = () => v.village.jobs.runDue()
  const room = async (showId: string) => (await v.guest.call(getRoom, { params: { showId } })).json
  const notices = async (who: SignedIn, kind: string) =>
    (await who.call(myNotices)).json.items.filter((each) => each.kind === kind)

  async function onAir() {
    const showId = await newShow(v, learner, [clams.id])
    await sit(showId)
    await goOnAir(v, learner, showId)
    return showId
  }
  const end = (showId: string) => mentor.call(endShow, { params: { showId } })

  it('refuses a learner until her mentor sits at the desk of her show, on a real socket', async () => {
    const showId = await newShow(v, learner, [clams.id])
    const away = await learner.call(goLive, { params: { showId } })
    expect([away.status, away.json.code]).toEqual([409, 'mentor_away'])
    expect(away.json.details).toEqual({ mentor: { id: mentor.me.id, name: '海燕' } })
    const permit = async () => (await learner.call(showPermit, { params: { showId } })).json
    expect(await permit()).toMatchObject({ mayGoLive: false, supervised: true, mentor: { connected: false } })

    await expect(watch(v.village, `/ws/desks/${showId}`, stranger)).rejects.toThrow('403')
    const desk = await watch(v.village, `/ws/desks/${showId}`, mentor)
    await vi.waitFor(async () => expect((await permit()).mentor?.connected).toBe(true))
    expect((await permit()).mayGoLive).toBe(true)
    await goOnAir(v, learner, showId)
    expect((await v.village.shows.get(showId)).mentorId).toBe(mentor.me.id)
    await desk.leave()
    expect((await end(showId)).status).toBe(200)
  })

  it('lets her mentor run it and nobody else’s: desk, pin, end, and the list of shows', async () => {
    const coming = await newShow(v, learner, [clams.id])
    const theirs = await newShow(v, stranger)
    const listed = (await mentor.call(myShows)).json.items.map(({ id }) => id)
    expect(listed).toContain(coming)
    expect(listed).not.toContain(theirs)
    const pin = (who: SignedIn, showId: string) =>
      who.call(pinProduct, { params: { showId }, body: { productId: clams.id } })
    expect((await pin(mentor, coming)).status).toBe(200)
    expect((await pin(stranger, coming)).json.code).toBe('show_not_yours')
    expect((await pin(mentor, theirs)).json.code).toBe('show_not_yours')
    expect((await mentor.call(getDesk, { params: { showId: coming } })).status).toBe(200)
    const showId = await onAir()
    expect((await stranger.call(endShow, { params: { showId } })).json.code).toBe('show_not_yours')
    expect((await end(showId)).json.show.state).toBe('replay')
  })

  it('counts her as connected for thirty seconds after she was heard, not longer', async () => {
    const showId = await newShow(v, learner)
    await sit(showId)
    clock.pass(30_001)
    expect((await learner.call(goLive, { params: { showId } })).json.code).toBe('mentor_away')
    clock.pass(-1)
    expect((await learner.call(goLive, { params: { showId } })).status).toBe(200)
    await v.village.shows.takeOffAir(learner.me.id)
  })

  it('pauses after two minutes without her, not before, and goes on when she is back', async () => {
    const showId = await onAir()
    const guest = await watch(v.village, `/ws/rooms/${showId}?after=0`)
    const told = (await notices(learner, 'show_paused')).length
    clock.pass(119_999)
    await look()
    expect((await room(showId)).show.paused).toBe(false)
    clock.pass(5_001)
    await look()
    expect((await room(showId)).show).toMatchObject({ state: 'live', paused: true })
    await vi.waitFor(() => expect(guest.all('show_paused')).toHaveLength(1))
    clock.pass(5_000)
    await look()
    expect(guest.all('show_paused')).toHaveLength(1)
    expect(await notices(learner, 'show_paused')).toHaveLength(told + 1)
    expect((await notices(mentor, 'show_paused'))[0]).toMatchObject({
      about: { title: '赶海' },
      href: `/desk/${showId}`
    })

    await sit(showId)
    await vi.waitFor(() => expect(guest.all('show_resumed')).toHaveLength(1))
    expect((await room(showId)).show.paused).toBe(false)
    await end(showId)
    guest.ws.terminate()
  })

  it('sells nothing and drops no coupon while it is paused', async () => {
    const showId = await onAir()
    const { json } = await buyer.call(saveAddress, {
      body: { receiver: '李梅', phone: '13900000001', region: '山东 青岛 城阳', detail: '8 号' }
    })
    let keys = 0
    const buy = (from?: string) =>
      buyer.call(placeOrder, {
        body: {
          key: `${engine.name}-${showId}-${++keys}`.slice(0, 40),
          lines: [{ specId: clams.specs[0]!.id, qty: 1, agreed: true }],
          addressId: json.address.id,
          payFen: clams.specs[0]!.priceFen,
          ...(from && { showId: from })
        }
      })
    const drop = () =>
      mentor.call(dropCoupon, {
        params: { showId },
        body: { kind: 'plain', offFen: 500, thresholdFen: 3000, total: 10, perMember: 1, lifeMs: 3_600_000 }
      })
    clock.pass(120_000)
    await look()
    expect([(await buy(showId)).json.code, (await drop()).json.code]).toEqual([
      'sale_stopped',
      'sale_stopped'
    ])
    expect((await buy()).status).toBe(200)
    await sit(showId)
    expect([(await buy(showId)).status, (await drop()).status]).toEqual([200, 200])
    await end(showId)
  })

  it('does not notice a mentor’s phone that comes back within two minutes', async () => {
    const showId = await onAir()
    for (let n = 0; n < 5; n++) {
      clock.pass(115_000)
      await look()
      await sit(showId)
    }
    expect((await room(showId)).version).toBe(1)
    await end(showId)
  })

  it('is not paused for an operator’s or a stranger’s sign of life, nor kept on by it', async () => {
    const showId = await onAir()
    expect(await v.village.school.licences.seen(showId, stranger.me.id)).toBe(false)
    clock.pass(120_000)
    expect(await v.village.school.licences.seen(showId, stranger.me.id)).toBe(false)
    await look()
    expect((await room(showId)).show.paused).toBe(true)
    await end(showId)
    expect((await room(showId)).show.paused).toBe(false)
    expect(await sit(showId)).toBe(false)
  })

  it('pauses only shows that need a mentor', async () => {
    const showId = await newShow(v, stranger)
    await goOnAir(v, stranger, showId)
    clock.pass(600_000)
    await look()
    expect((await room(showId)).show.paused).toBe(false)
    await stranger.call(endShow, { params: { showId } })
  })

  it('needs nobody any more once she has got her certificates on air', async () => {
    const other = await v.learner('新梅')
    await license(v.village, other.me.id, '新梅', { topics: [], documents: ['health'] })
    await pairUp(v, trainer, mentor, other)
    const showId = await newShow(v, other)
    await sit(showId)
    await goOnAir(v, other, showId)
    clock.pass(130_000)
    await look()
    expect((await room(showId)).show.paused).toBe(true)
    await license(v.village, other.me.id, '新梅')
    clock.pass(20_000)
    await look()
    await look()
    clock.pass(5_000)
    await look()
    expect((await room(showId)).show).toMatchObject({ paused: false, saleStopped: '' })
    expect((await v.village.shows.get(showId)).mentorId).toBe('')
    await other.call(endShow, { params: { showId } })
  })

  it('helps against a missing certificate only, and only while the two are a pair', async () => {
    const bare = await v.learner('小满')
    await license(v.village, bare.me.id, '小满', { topics: [], documents: [] })
    await pairUp(v, trainer, mentor, bare)
    const showId = await newShow(v, bare)
    await sit(showId)
    const refused = await bare.call(goLive, { params: { showId } })
    expect(refused.json.code).toBe('not_licensed')

    const hers = await onAir()
    const body = { graduated: false, reason: '搬走了' }
    await trainer.call(closeMentorship, { params: { mentorshipId: pairId }, body })
    clock.pass(15_000)
    await look()
    expect((await room(hers)).show).toMatchObject({
      state: 'live',
      saleStopped: '主播的证书需要复核，暂时停售'
    })
    await end(hers)
    const next = await newShow(v, learner)
    expect((await learner.call(goLive, { params: { showId: next } })).json.code).toBe('not_licensed')
    pairId = await pairUp(v, trainer, mentor, learner)
  })

  it('waits for the new mentor when the pair changes on air: the one before holds nothing any more', async () => {
    const showId = await onAir()
    const successor = await v.signIn('新师傅', 'host')
    const body = { graduated: false, reason: '师傅出海去了' }
    await trainer.call(closeMentorship, { params: { mentorshipId: pairId }, body })
    const pair = await pairUp(v, trainer, successor, learner)
    const resume = () => successor.call(setSale, { params: { showId }, body: { stopped: false, reason: '' } })
    clock.pass(120_000)
    expect(await sit(showId)).toBe(false)
    await look()
    expect((await room(showId)).show).toMatchObject({
      paused: true,
      saleStopped: '主播的证书需要复核，暂时停售'
    })
    expect((await resume()).json.code).toBe('not_licensed')
    expect(await v.village.school.licences.seen(showId, successor.me.id)).toBe(true)
    expect((await resume()).status).toBe(200)
    clock.pass(5_000)
    await look()
    expect((await room(showId)).show).toMatchObject({ paused: false, saleStopped: '' })
    expect((await end(showId)).json.code).toBe('show_not_yours')
    expect((await successor.call(endShow, { params: { showId } })).status).toBe(200)
    await trainer.call(closeMentorship, { params: { mentorshipId: pair }, body })
    pairId = await pairUp(v, trainer, mentor, learner)
  })

  it('does not help when the mentor has lost her own certificate', async () => {
    const showId = await newShow(v, learner)
    await sit(showId)
    const { certificates } = v.village.store.schema
    await v.village.store.tx((tx) =>
      tx
        .update(certificates)
        .set({ revokedAt: clock.now() })
        .where(eq(certificates.memberId, mentor.me.id))
        .returning()
    )
    expect((await learner.call(goLive, { params: { showId } })).json.code).toBe('not_licensed')
  })
})
