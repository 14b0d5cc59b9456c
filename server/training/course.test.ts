import { describe, expect, it } from 'vitest'
import type { Block, CourseDraft } from '../../shared/contracts/school.ts'
import { faultOf, filesOf, mayLearn, READ_CHARS_PER_SECOND, secondsOf, timed } from './course.ts'

const text = (chars: number): Block => ({ kind: 'text', text: '鲜'.repeat(chars) })
const shown = (kind: 'picture' | 'audio' | 'video', fileId: string, seconds: number): Block => {
  return { kind, fileId, caption: '', seconds }
}
const files = new Map([
  ['photo', { type: 'image/webp', seconds: 0 }],
  ['voice', { type: 'audio/mp4', seconds: 40 }],
  ['film', { type: 'video/mp4', seconds: 200 }],
  ['feature', { type: 'video/mp4', seconds: 4_000 }]
])
const question = {
  ask: '蛤蜊吐沙要多久？',
  pictureId: '',
  audioId: '',
  options: [
    { text: '两小时', pictureId: '' },
    { text: '', pictureId: 'photo' }
  ],
  right: 0,
  why: ''
}
const draft: CourseDraft = {
  title: '直播带货',
  about: '',
  topic: 'live_selling',
  cover: '',
  state: 'open',
  practical: true,
  makesHost: true,
  assessors: 1,
  passPercent: 80,
  validMonths: 24,
  lessons: [{ title: '开播前', blocks: [text(10), shown('picture', 'photo', 5)] }],
  questions: [question],
  rubric: [{ id: 'light', name: '光', how: '', max: 10 }]
}

describe('a lesson', () => {
  it('lasts as long as it sounds, shows and takes to read', () => {
    expect(secondsOf([])).toBe(0)
    expect(secondsOf([text(READ_CHARS_PER_SECOND), text(1)])).toBe(2)
    expect(secondsOf([{ kind: 'text', text: ' 鲜 \n\n ' }])).toBe(1)
    expect(secondsOf([shown('video', 'film', 200), shown('picture', 'photo', 5), text(10)])).toBe(207)
  })

  it('lasts as long as its files say, not as its draft says; only a picture stays as long as one likes', () => {
    const blocks = [shown('video', 'film', 1), shown('audio', 'voice', 300), shown('picture', 'photo', 7)]
    expect(timed(blocks, files)).toEqual([
      shown('video', 'film', 200),
      shown('audio', 'voice', 40),
      shown('picture', 'photo', 7)
    ])
  })

  it('is five minutes long at most', () => {
    const lasting = (...blocks: Block[]) => faultOf({ ...draft, lessons: [{ title: '课', blocks }] }, files)
    expect(lasting(shown('picture', 'photo', 300))).toBeUndefined()
    expect(lasting(shown('picture', 'photo', 300), text(1))).toEqual({
      code: 'lesson_too_long',
      lesson: 0,
      seconds: 301
    })
    expect(lasting(text(300 * READ_CHARS_PER_SECOND))).toBeUndefined()
    expect(lasting(...timed([shown('video', 'feature', 10)], files))).toMatchObject({
      code: 'lesson_too_long'
    })
  })
})

describe('a draft', () => {
  const fault = (change: Partial<CourseDraft>) => faultOf({ ...draft, ...change }, files)

  it('can be taught as it is', () => expect(faultOf(draft, files)).toBeUndefined())

  it('shows only what its blocks say', () => {
    const lessons = (block: Block) => ({ lessons: [{ title: '课', blocks: [block] }] })
    for (const block of [
      shown('picture', 'film', 5),
      shown('audio', 'film', 5),
      shown('video', 'voice', 5),
      shown('video', 'nothing', 5)
    ]) {
      expect(fault(lessons(block))).toEqual({ code: 'bad_input', field: '/lessons/0/blocks/0' })
    }
  })

  it('has a right answer to every question, and something to choose from', () => {
    const asked = (change: Partial<typeof question>) =>
      fault({ questions: [question, { ...question, ...change }] })
    expect(asked({ right: 1 })).toBeUndefined()
    expect(asked({ right: 2 })).toMatchObject({ field: '/questions/1/right' })
    expect(asked({ pictureId: 'voice' })).toMatchObject({ field: '/questions/1/pictureId' })
    expect(asked({ audioId: 'photo' })).toMatchObject({ field: '/questions/1/audioId' })
    const options = [question.options[0]!, { text: ' ', pictureId: '' }]
    expect(asked({ options })).toMatchObject({ field: '/questions/1/options/1' })
  })

  it('names every lesson, question and criterion once', () => {
    const [lesson] = draft.lessons
    expect(fault({ lessons: [lesson!, lesson!] })).toBeUndefined()
    const same = { ...lesson!, id: 'one' }
    expect(fault({ lessons: [same, same] })).toMatchObject({ field: '/lessons' })
    const asked = { ...question, id: 'one' }
    expect(fault({ questions: [asked, asked] })).toMatchObject({ field: '/questions' })
    expect(fault({ rubric: [...draft.rubric, ...draft.rubric] })).toMatchObject({ field: '/rubric' })
  })

  it('is not opened with a practical that nobody could pass', () => {
    expect(fault({ rubric: [] })).toMatchObject({ field: '/rubric' })
    expect(fault({ rubric: [], state: 'draft' })).toBeUndefined()
    expect(fault({ rubric: [], practical: false })).toBeUndefined()
  })

  it('knows every file that it shows, each once', () => {
    expect(filesOf({ ...draft, questions: [{ ...question, audioId: 'voice' }] })).toEqual(['photo', 'voice'])
  })

  it('is for those who make it, and open courses are for all', () => {
    const viewers = [undefined, ...(['buyer', 'host', 'operator', 'trainer', 'officer'] as const)].map(
      (role) => role && { roles: [role] }
    )
    expect(viewers.map((viewer) => mayLearn({ state: 'draft' }, viewer))).toEqual([
      false,
      false,
      false,
      false,
      true,
      true
    ])
    expect(viewers.every((viewer) => mayLearn({ state: 'open' }, viewer))).toBe(true)
  })
})
