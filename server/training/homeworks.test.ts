import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getFile } from '../../shared/contracts/files.ts'
import { myNotices } from '../../shared/contracts/notices.ts'
import * as contracts from '../../shared/contracts/school.ts'
import { brought } from '../testing/bring.ts'
import { clip, sound } from '../testing/clips.ts'
import { settableClock } from '../testing/clock.ts'
import { courseDraft } from '../testing/course.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { HOMEWORK_PAGE, MAX_COMMENTS } from './homework-store.ts'

const [short, thirty, long] = await Promise.all([clip(10), clip(30, 'webm'), clip(32)])
const voice = await sound(4)

describe.each(engines)('homework on $name', (engine) => {
  const clock = settableClock()
  let here: TestVillage
  let zhou: SignedIn
  let qian: SignedIn
  let wang: SignedIn
  let li: SignedIn
  let courseId: string

  beforeAll(async () => {
    here = await testVillage({ engine, clock })
    zhou = await here.signIn('周老师', 'trainer')
    qian = await here.signIn('钱老师', 'trainer')
    wang = await here.signIn('王姐')
    li = await here.signIn('李姐')
    courseId = (await zhou.call(contracts.createCourse, { body: courseDraft() })).json.id
  })
  afterAll(() => here.close())

  const bringClip = async (who: SignedIn, film = short) =>
    (await brought(here.village, who, 'homework', film)).id
  const hand = (who: SignedIn, clipId: string, course = courseId) => {
    clock.pass(1)
    return who.call(contracts.handInHomework, { body: { courseId: course, clipId, words: ' 请老师看看 ' } })
  }
  const handedIn = async (who: SignedIn) => (await hand(who, await bringClip(who))).json.homework
  const say = (
    who: SignedIn,
    homeworkId: string,
    said: Partial<{ atMs: number; text: string; voiceId: string }>
  ) => {
    clock.pass(1)
    return who.call(contracts.commentHomework, {
      params: { homeworkId },
      body: { atMs: 0, text: '', voiceId: '', ...said }
    })
  }
  const forget = (who: SignedIn, homeworkId: string, commentId: string) =>
    who.call(contracts.forgetComment, { params: { homeworkId, commentId } })
  const waiting = async (course = courseId, after?: string) =>
    (await zhou.call(contracts.teachHomework, { query: { courseId: course, ...(after && { after }) } })).json
      .items

  it('a clip of thirty seconds is handed in once, and seen by her and her trainers', async () => {
    const clipId = await bringClip(wang, thirty)
    const { homework } = (await hand(wang, clipId)).json
    expect(homework).toEqual({
      id: homework.id,
      courseId,
      courseTitle: '直播带货入门',
      learner: { id: wang.me.id, name: '王姐' },
      clipId,
      words: '请老师看看',
      at: clock.now(),
      state: 'handed_in',
      comments: []
    })
    expect((await hand(wang, clipId)).json.homework).toEqual(homework)
    expect((await wang.call(contracts.myHomework)).json.items).toEqual([homework])
    expect((await li.call(contracts.myHomework)).json.items).toEqual([])
    expect(await waiting()).toEqual([homework])
    const other = (await zhou.call(contracts.createCourse, { body: courseDraft() })).json.id
    expect((await hand(wang, clipId, other)).json.details).toEqual({ field: '/clipId' })
  })

  it('is refused when it is too long, not hers, no clip, or of no course', async () => {
    expect((await hand(wang, await bringClip(wang, long))).json.code).toBe('clip_too_long')
    expect((await hand(wang, await bringClip(li))).json.code).toBe('no_such_file')
    const evidence = await brought(here.village, wang, 'evidence', short)
    expect((await hand(wang, evidence.id)).json.code).toBe('no_such_file')
    expect((await hand(wang, await bringClip(wang), 'nobody')).json.code).toBe('no_such_course')
    const draft = (await zhou.call(contracts.createCourse, { body: courseDraft({ state: 'draft' }) })).json.id
    expect((await hand(wang, await bringClip(wang), draft)).json.code).toBe('no_such_course')
  })

  it('a trainer says something at a moment of the clip; she is told, reads it, and hears it', async () => {
    const { id } = await handedIn(li)
    const words = (await brought(here.village, zhou, 'voice', voice, { forId: li.me.id })).id
    await say(zhou, id, { atMs: 8_000, voiceId: words })
    const { homework } = (await say(qian, id, { atMs: 2_500, text: '光从后面来，脸是黑的' })).json
    expect(homework.state).toBe('reviewed')
    expect(homework.comments.map(({ atMs, text, voiceId, byName }) => [atMs, text, voiceId, byName])).toEqual(
      [
        [2_500, '光从后面来，脸是黑的', '', '钱老师'],
        [8_000, '', words, '周老师']
      ]
    )
    expect((await li.call(contracts.myHomework)).json.items[0]).toEqual(homework)
    const { items } = (await li.call(myNotices)).json
    expect(items.map(({ kind, about, href }) => [kind, about, href])).toEqual([
      ['homework_commented', { title: '直播带货入门', by: '钱老师' }, '/school/homework'],
      ['homework_commented', { title: '直播带货入门', by: '周老师' }, '/school/homework']
    ])
    const hears = async (who: SignedIn) => (await who.call(getFile, { params: { fileId: words } })).status
    expect([await hears(li), await hears(qian), await hears(wang)]).toEqual([200, 200, 403])
  })

  it('a comment that says nothing, of no moment, or by somebody else’s voice is refused, and nobody is told', async () => {
    const { id } = await handedIn(wang)
    const before = (await wang.call(myNotices)).json.unread
    expect((await say(zhou, id, { text: ' ' })).json.details).toEqual({ field: '/text' })
    expect((await say(zhou, id, { text: '好', atMs: 11_000 })).json.details).toEqual({ field: '/atMs' })
    const forLi = (await brought(here.village, zhou, 'voice', voice, { forId: li.me.id })).id
    expect((await say(zhou, id, { voiceId: forLi })).json.code).toBe('no_such_file')
    const byQian = (await brought(here.village, qian, 'voice', voice, { forId: wang.me.id })).id
    expect((await say(zhou, id, { voiceId: byQian })).json.code).toBe('no_such_file')
    expect((await say(zhou, 'nobody', { text: '好' })).json.code).toBe('no_such_homework')
    expect((await waiting()).find((each) => each.id === id)).toMatchObject({
      state: 'handed_in',
      comments: []
    })
    expect((await wang.call(myNotices)).json.unread).toBe(before)
    expect((await say(zhou, id, { text: '好', atMs: 10_000 })).status).toBe(200)
  })

  it('a comment is taken back by whoever made it; without any it waits again', async () => {
    const { id } = await handedIn(wang)
    const { comments } = (await say(zhou, id, { text: '好' })).json.homework
    expect((await forget(qian, id, comments[0]!.id)).json.code).toBe('not_yours')
    expect((await forget(zhou, 'nobody', comments[0]!.id)).json.code).toBe('no_such_homework')
    const second = (await say(qian, id, { text: '再稳一点' })).json.homework.comments.at(-1)!
    const state = async () => (await waiting()).find((each) => each.id === id)!.state
    expect((await forget(zhou, id, comments[0]!.id)).status).toBe(200)
    expect(await state()).toBe('reviewed')
    expect((await forget(qian, id, second.id)).status).toBe(200)
    expect(await state()).toBe('handed_in')
    expect((await forget(qian, id, second.id)).status).toBe(200)
  })

  it('a comment of another homework is not taken back through this one', async () => {
    const [one, other] = [await handedIn(wang), await handedIn(wang)]
    const { comments } = (await say(zhou, one.id, { text: '好' })).json.homework
    await forget(zhou, other.id, comments[0]!.id)
    expect((await waiting()).find((each) => each.id === one.id)!.comments).toHaveLength(1)
  })

  it('takes a hundred comments', async () => {
    const { id } = await handedIn(wang)
    const { store } = here.village
    await store.tx(async (tx) => {
      const rows = Array.from({ length: MAX_COMMENTS - 1 }, (_, i) => {
        return { id: `c${i}`, homeworkId: id, atMs: i, text: '好', voiceId: '', byId: zhou.me.id, at: 1 }
      })
      await tx.insert(store.schema.homeworkComments).values(rows)
    })
    expect((await say(zhou, id, { text: '好' })).json.homework.comments).toHaveLength(MAX_COMMENTS)
    expect((await say(zhou, id, { text: '好' })).json.code).toBe('comments_full')
  })

  it('what waits comes first, each the newest first, page after page without a gap', async () => {
    const { store } = here.village
    const course = (await zhou.call(contracts.createCourse, { body: courseDraft() })).json.id
    const all = HOMEWORK_PAGE + 15
    await store.tx(async (tx) => {
      const rows = Array.from({ length: all }, (_, i) => ({
        id: `page-${String(i).padStart(3, '0')}`,
        courseId: course,
        memberId: wang.me.id,
        clipId: `clip-${i}`,
        words: '',
        state: i % 3 === 0 ? ('handed_in' as const) : ('reviewed' as const),
        at: Math.floor(i / 2)
      }))
      await tx.insert(store.schema.homework).values(rows)
    })
    const first = await waiting(course)
    const rest = await waiting(course, first.at(-1)!.id)
    expect([first.length, rest.length]).toEqual([HOMEWORK_PAGE, 15])
    const ids = [...first, ...rest].map(({ id }) => id)
    const expected = Array.from({ length: all }, (_, i) => i).toSorted(
      (a, b) => Number(a % 3 !== 0) - Number(b % 3 !== 0) || b - a
    )
    expect(ids).toEqual(expected.map((i) => `page-${String(i).padStart(3, '0')}`))
    expect(await waiting(course, rest.at(-1)!.id)).toEqual([])
    const unknown = await zhou.call(contracts.teachHomework, { query: { after: 'nobody' } })
    expect(unknown.json.code).toBe('no_such_homework')
  })
})
