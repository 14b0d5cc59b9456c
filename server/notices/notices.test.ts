import { describe, expect, it } from 'vitest'
import { myNotices, readNotices } from '../../shared/contracts/notices.ts'
import { engines } from '../testing/engines.ts'
import { testVillage } from '../testing/village.ts'
import { textOf } from './notice.ts'

const SEAT = {
  kind: 'seat_offered' as const,
  about: { title: '第一场直播怎么开', place: '妇女微家', startsAt: '1795500000000' },
  href: '/school/class/c1'
}

describe.each(engines)('notices on $name', (engine) => {
  it('tell exactly if what they tell of has happened', async () => {
    const v = await testVillage({ engine })
    const guilan = await v.signIn('桂兰')
    const { notices } = v.village.school
    await v.village.store.tx((tx) => notices.tellIn(tx, { ...SEAT, memberId: guilan.me.id }))
    const regretted = v.village.store.tx(async (tx) => {
      await notices.tellIn(tx, { ...SEAT, memberId: guilan.me.id, about: { title: '没有的课' } })
      throw new Error('the seat was not free after all')
    })
    await expect(regretted).rejects.toThrow('not free')
    const { items, unread } = (await guilan.call(myNotices)).json
    expect(items.map(({ kind, about }) => [kind, about.title])).toEqual([['seat_offered', SEAT.about.title]])
    expect(unread).toBe(1)
    await v.close()
  })

  it('are read up to the one she saw, and by nobody else', async () => {
    const v = await testVillage({ engine })
    const [guilan, xiumei] = [await v.signIn('桂兰'), await v.signIn('秀梅')]
    const { notices } = v.village.school
    for (const memberId of [guilan.me.id, xiumei.me.id]) {
      await v.village.store.tx((tx) => notices.tellIn(tx, { ...SEAT, memberId }))
    }
    const upTo = (await guilan.call(myNotices)).json.items[0]!.id
    await guilan.call(readNotices, { body: { upTo } })
    expect((await guilan.call(myNotices)).json.unread).toBe(0)
    const hers = (await xiumei.call(myNotices)).json
    expect(hers.unread).toBe(1)
    expect(hers.items.map(({ id }) => id)).not.toContain(upTo)
    await v.close()
  })

  it('reach the phone of a woman who does not look, once, and leave her sign-in code alone', async () => {
    const v = await testVillage({ engine })
    const guilan = await v.signIn('桂兰')
    const code = await v.codeOf(guilan.phone)
    const { notices } = v.village.school
    await v.village.store.tx((tx) => notices.tellIn(tx, { ...SEAT, memberId: guilan.me.id }))
    await v.village.store.tx((tx) =>
      notices.tellIn(tx, { memberId: guilan.me.id, kind: 'assessed', about: {}, href: '' })
    )
    while (await v.village.jobs.runDue());
    const texts = (await v.village.members.inbox(guilan.phone)).filter((text) => text.code === '')
    expect(texts).toHaveLength(1)
    expect(texts[0]!.text).toContain('候补到您了：第一场直播怎么开')
    expect(await v.codeOf(guilan.phone)).toBe(code)
    await v.close()
  })
})

describe('a text message', () => {
  const moment = (at: number) => `@${at}`

  it('is never longer than one text costs', () => {
    const about = { title: '长'.repeat(200), startsAt: '5', place: '红岛', reason: '台风' }
    for (const kind of ['seat_offered', 'class_moved', 'class_cancelled'] as const) {
      expect(textOf(kind, about, moment)!.length).toBeLessThanOrEqual(70)
    }
  })

  it('says of a document how long it is good, and that it has run out', () => {
    expect(textOf('document_due', { document: '健康证', days: '7' }, moment)).toContain('还有7天到期')
    expect(textOf('document_due', { document: '健康证', days: '0' }, moment)).toContain('到期了')
  })

  it('tells her who would set out for nothing, and not who only waited', () => {
    const about = { title: '第一堂', startsAt: '5' }
    expect(textOf('class_taken_off', { ...about, was: 'booked' }, moment)).toContain('第一堂，@5')
    expect(textOf('class_taken_off', { ...about, was: 'waiting' }, moment)).toBeUndefined()
  })

  it('is not sent for what can wait', () => {
    expect(textOf('homework_commented', {}, moment)).toBeUndefined()
  })
})
