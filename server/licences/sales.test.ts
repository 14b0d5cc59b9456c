import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { dropCoupon } from '../../shared/contracts/coupons.ts'
import { setSale } from '../../shared/contracts/licences.ts'
import { endShow, getRoom, goLive, pinProduct } from '../../shared/contracts/live.ts'
import { myNotices } from '../../shared/contracts/notices.ts'
import { listCertificates, revokeCertificate } from '../../shared/contracts/practice.ts'
import { goOnAir, newProduct, newShow } from '../live/testing.ts'
import { engines } from '../testing/engines.ts'
import { FRESH, license } from '../testing/licensed.ts'
import { market, type Market } from '../testing/market.ts'
import { people, type SignedIn } from '../testing/village.ts'
import { watch } from '../testing/viewer.ts'
import { pairUp } from './testing.ts'

describe.each(engines)('停售 on $name', (engine) => {
  let m: Market
  let v: ReturnType<typeof people> & { village: Market['village'] }
  let officer: SignedIn
  let operator: SignedIn
  let trainer: SignedIn
  let host: SignedIn
  let clams: { productId: string; specId: string }

  beforeAll(async () => {
    m = await market(engine)
    v = { ...people(m.village), village: m.village }
    officer = await m.signIn('王主任', 'officer')
    operator = await m.signIn('小林', 'operator')
    trainer = await m.signIn('老陈', 'trainer')
  })
  afterAll(() => m.close())
  let hosts = 0
  beforeEach(async () => {
    m.clock.pass(60_000)
    host = await v.learner(`桂兰${++hosts}`)
    await license(m.village, host.me.id, '桂兰', FRESH)
    await m.shopOf(host, '桂兰海蛎子')
    clams = await m.goods(host, { title: '海蛎子', stock: 50 })
  })

  const room = async (showId: string) => (await v.guest.call(getRoom, { params: { showId } })).json
  const stop = (who: SignedIn, showId: string, stopped = true, reason = '价格报错了') =>
    who.call(setSale, { params: { showId }, body: { stopped, reason } })
  const pin = (showId: string) =>
    host.call(pinProduct, { params: { showId }, body: { productId: clams.productId } })
  const drop = (showId: string) =>
    host.call(dropCoupon, {
      params: { showId },
      body: { kind: 'plain', offFen: 500, thresholdFen: 3000, total: 10, perMember: 1, lifeMs: 3_600_000 }
    })
  const notices = async (who: SignedIn, kind: string) =>
    (await who.call(myNotices)).json.items.filter((each) => each.kind === kind)
  const bought = (showId?: string) =>
    m.order({ lines: [{ specId: clams.specId, qty: 1 }], ...(showId && { showId }) }).then(
      ({ state }) => state as string,
      (error: Error) => (/"code":"(\w+)"/.exec(error.message) ?? [])[1]
    )
  const look = async () => {
    m.clock.pass(15_000)
    await m.village.jobs.runDue()
  }

  async function onAir() {
    const showId = await newShow(v as never, host, [clams.productId])
    await goOnAir(v as never, host, showId)
    return showId
  }

  async function revoke(who: SignedIn, topic: string) {
    const { items } = (await trainer.call(listCertificates, { query: { memberId: who.me.id } })).json
    const { code } = items.find((each) => each.code.startsWith(topic))!
    const { status } = await trainer.call(revokeCertificate, {
      params: { code },
      body: { reason: '替考' }
    })
    expect(status).toBe(200)
  }

  async function due(who: SignedIn, kind: 'health' | 'food_licence', dueAt: number) {
    const { documents } = m.village.store.schema
    const id = `${kind.replace('_', '-')}-${who.me.id}`
    const rows = await m.village.store.tx((tx) =>
      tx.update(documents).set({ dueAt }).where(eq(documents.id, id)).returning()
    )
    expect(rows).toHaveLength(1)
  }

  it('follows at once when the certificate of a host on air is revoked; the picture stays', async () => {
    const showId = await onAir()
    await pin(showId)
    const guest = await watch(m.village, `/ws/rooms/${showId}?after=0`)
    expect(await bought(showId)).toBe('pending')
    await revoke(host, 'live-selling')
    await vi.waitFor(() =>
      expect(guest.all('sale_stopped')).toEqual([{ reason: '主播的证书需要复核，暂时停售' }])
    )
    await vi.waitFor(() => expect(guest.all('product_unpinned')).toHaveLength(1))
    // What it is really about is between her and the union.
    expect(JSON.stringify(guest.heard)).not.toContain('替考')
    expect(await room(showId)).toMatchObject({
      pinnedProductId: '',
      show: { state: 'live', saleStopped: '主播的证书需要复核，暂时停售' }
    })
    expect(await bought(showId)).toBe('sale_stopped')
    expect(await bought()).toBe('pending')
    expect((await pin(showId)).json.code).toBe('sale_stopped')
    expect((await drop(showId)).json.code).toBe('sale_stopped')
    expect(await notices(host, 'sale_stopped')).toMatchObject([{ href: `/studio/${showId}` }])
    await look()
    expect(guest.all('sale_stopped')).toHaveLength(1)
    guest.ws.terminate()
    await operator.call(endShow, { params: { showId } })
    expect((await room(showId)).show).toMatchObject({
      state: 'replay',
      saleStopped: '主播的证书需要复核，暂时停售'
    })
    expect(await bought(showId)).toBe('sale_stopped')
  })

  it('is lifted by nobody while the licence is missing, then by any who may decide, but the host', async () => {
    const showId = await onAir()
    await revoke(host, 'food-safety')
    for (const who of [officer, operator]) {
      const refused = await stop(who, showId, false)
      expect([refused.status, refused.json.code]).toEqual([403, 'not_licensed'])
      expect(refused.json.details).toMatchObject({ missing: [{ topic: 'food_safety', why: 'revoked' }] })
    }
    await m.village.store.tx(async (tx) => {
      const { certificates } = m.village.store.schema
      await tx.update(certificates).set({ revokedAt: 0 }).where(eq(certificates.memberId, host.me.id))
    })
    expect((await stop(host, showId, false)).json.code).toBe('show_not_yours')
    expect((await stop(m.buyer, showId, false)).json.code).toBe('show_not_yours')
    expect((await stop(operator, showId, false)).status).toBe(200)
    expect((await room(showId)).show.saleStopped).toBe('')
    expect(await bought(showId)).toBe('pending')
    expect((await pin(showId)).status).toBe(200)
    await host.call(endShow, { params: { showId } })
  })

  it('may be lifted by a mentor who sits down beside her: from then on it is 带播', async () => {
    const mentor = await m.signIn('海燕', 'host')
    await pairUp(v as never, trainer, mentor, host)
    const showId = await onAir()
    await revoke(host, 'live-selling')
    expect((await room(showId)).show.saleStopped).not.toBe('')
    expect((await stop(mentor, showId, false)).json.code).toBe('not_licensed')
    await m.village.school.licences.seen(showId, mentor.me.id)
    expect((await stop(mentor, showId, false)).status).toBe(200)
    expect((await m.village.shows.get(showId)).mentorId).toBe(mentor.me.id)
    await look()
    expect((await room(showId)).show.saleStopped).toBe('')
    m.clock.pass(120_000)
    await m.village.jobs.runDue()
    expect((await room(showId)).show.paused).toBe(true)
    await mentor.call(endShow, { params: { showId } })
  })

  it('follows within moments when a document runs out on air, not a moment before', async () => {
    const showId = await onAir()
    await due(host, 'health', m.clock.now() + 15_001)
    await look()
    expect((await room(showId)).show.saleStopped).toBe('')
    await look()
    expect((await room(showId)).show.saleStopped).toBe('主播的证件需要复核，暂时停售')
    await host.call(endShow, { params: { showId } })
  })

  it('is there from the first frame when a paper ran out between 开播 and the picture', async () => {
    const showId = await newShow(v as never, host, [clams.productId])
    const { status, json } = await host.call(goLive, { params: { showId } })
    expect(status).toBe(200)
    await due(host, 'health', m.clock.now())
    const guest = await watch(m.village, `/ws/rooms/${showId}?after=0`)
    await m.village.shows.pictureArrived(json.sessionId)
    await vi.waitFor(() =>
      expect(guest.all('sale_stopped')).toEqual([{ reason: '主播的证件需要复核，暂时停售' }])
    )
    expect(guest.all('show_opened')).toHaveLength(1)
    expect(await bought(showId)).toBe('sale_stopped')
    guest.ws.terminate()
    await host.call(endShow, { params: { showId } })
  })

  it('takes only the goods off the shelf whose paper ran out', async () => {
    await license(m.village, host.me.id, '桂兰', { topics: ['dining'], documents: ['food_licence'] })
    const balls = await newProduct(host, '手打鱼丸', 4200, 'processed')
    const showId = await newShow(v as never, host, [balls.id, clams.productId])
    await goOnAir(v as never, host, showId)
    await host.call(pinProduct, { params: { showId }, body: { productId: balls.id } })
    await due(host, 'food_licence', m.clock.now())
    await look()
    await look()
    const view = await room(showId)
    expect(view.show.saleStopped).toBe('')
    expect(view.pinnedProductId).toBe('')
    expect(view.shelf.map(({ number, title }) => [number, title])).toEqual([[2, '海蛎子']])
    const told = await notices(host, 'goods_taken_off')
    expect(told).toMatchObject([{ about: { goods: '手打鱼丸' }, href: `/studio/${showId}` }])
    await host.call(endShow, { params: { showId } })
  })

  it('may be asked for by operator, officer and mentor, with words, once, while the show is on air', async () => {
    const coming = await newShow(v as never, host, [clams.productId])
    expect((await stop(officer, coming)).json.code).toBe('show_not_live')
    const showId = await onAir()
    const guest = await watch(m.village, `/ws/rooms/${showId}?after=0`)
    expect((await stop(host, showId)).json.code).toBe('show_not_yours')
    expect((await stop(m.buyer, showId)).json.code).toBe('show_not_yours')
    expect((await stop(operator, showId)).status).toBe(200)
    expect((await stop(officer, showId, true, '再停一次')).status).toBe(200)
    await vi.waitFor(() => expect(guest.all('sale_stopped')).toEqual([{ reason: '价格报错了' }]))
    expect((await stop(officer, showId, false, ' 改好了 ')).status).toBe(200)
    expect((await stop(officer, showId, false)).status).toBe(200)
    await vi.waitFor(() => expect(guest.all('sale_resumed')).toHaveLength(1))
    const { audit } = m.village.store.schema
    const lines = await m.village.store.read.select().from(audit).where(eq(audit.subject, host.me.id))
    expect(lines.map(({ action, actorId, details }) => [action, actorId, details])).toEqual([
      ['sale_stopped', operator.me.id, { showId, title: '赶海', reason: '价格报错了' }],
      ['sale_resumed', officer.me.id, { showId, title: '赶海', reason: '改好了' }]
    ])
    guest.ws.terminate()
    await host.call(endShow, { params: { showId } })
  })
})
