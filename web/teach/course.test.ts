import { beforeEach, describe, expect, it } from 'vitest'
import type { CourseDraft } from '../../shared/contracts/school.ts'
import { keptAs } from '../me/kept.ts'
import { session } from '../me/session.svelte.ts'
import { CourseEdit, isLong, secondsOf, shift } from './course.svelte.ts'

const draft: CourseDraft = {
  title: '直播带货',
  about: '',
  topic: 'live_selling',
  cover: '',
  state: 'draft',
  practical: true,
  makesHost: true,
  assessors: 2,
  passPercent: 80,
  validMonths: 24,
  lessons: [{ id: 'l1', title: '架手机', blocks: [{ kind: 'text', text: '手机立稳。' }] }],
  questions: [
    {
      id: 'q1',
      ask: '先看什么？',
      pictureId: '',
      audioId: '',
      options: [
        { text: '光', pictureId: '' },
        { text: '货', pictureId: '' },
        { text: '人', pictureId: '' }
      ],
      right: 2,
      why: ''
    }
  ],
  rubric: [{ id: 'price', name: '讲清价格', how: '', max: 10 }]
}

describe('a course while it is written', () => {
  beforeEach(() => localStorage.clear())

  it('is not saved once a letter has changed, and is again when it is taken back', () => {
    const edit = new CourseEdit('selling', { version: 3, draft })
    expect(edit.dirty).toBe(false)
    edit.draft.lessons[0]!.title = '架好手机'
    expect(edit.dirty).toBe(true)
    edit.draft.lessons[0]!.title = '架手机'
    expect(edit.dirty).toBe(false)
  })

  it('waits on this device, each course by itself, with the version that it was written on', () => {
    const edit = new CourseEdit('selling', { version: 3, draft })
    edit.draft.title = '带货'
    edit.keep()
    const later = new CourseEdit('selling', { version: 5, draft: { ...draft, about: '别人改的' } })
    expect(later).toMatchObject({ recovered: true, version: 3 })
    expect(later.draft.title).toBe('带货')
    expect(new CourseEdit('other', { version: 1, draft }).recovered).toBe(false)
    later.startOver()
    expect(later).toMatchObject({ recovered: false, version: 5, dirty: false })
    expect(later.draft.about).toBe('别人改的')
  })

  it('leaves nothing on this device once the server has it', () => {
    const edit = new CourseEdit('', undefined)
    edit.draft.title = '新课'
    edit.keep()
    expect(new CourseEdit('', undefined).recovered).toBe(true)
    edit.saved({ version: 1, draft: edit.body() })
    expect(edit.dirty).toBe(false)
    expect(new CourseEdit('', undefined).recovered).toBe(false)
  })

  it('is nothing to another trainer at the same desk', () => {
    session.me = { id: 'chen', name: '老陈', phone: '', roles: ['trainer'] }
    const edit = new CourseEdit('', undefined)
    edit.draft.title = '新课'
    edit.keep()
    session.me = { id: 'wang', name: '王主任', phone: '', roles: ['officer'] }
    expect(new CourseEdit('', undefined).recovered).toBe(false)
    session.me = undefined
  })

  it('does not break on a draft of an older shape', () => {
    localStorage.setItem(keptAs('course-draft:selling'), '{"draft":{"title":7}}')
    expect(new CourseEdit('selling', { version: 3, draft }).recovered).toBe(false)
  })

  it('knows which answer is right after another one is gone', () => {
    const edit = new CourseEdit('selling', { version: 3, draft })
    const question = edit.draft.questions[0]!
    edit.dropOption(question, 0)
    expect(question.options[question.right]!.text).toBe('人')
    edit.dropOption(question, 1)
    expect(question.right).toBe(0)
  })

  it('keeps the order that the arrows make', () => {
    const list = ['a', 'b', 'c']
    shift(list, 2, -1)
    expect(list).toEqual(['a', 'c', 'b'])
    shift(list, 0, -1)
    shift(list, 2, 1)
    expect(list).toEqual(['a', 'c', 'b'])
  })

  it('may take five minutes and not a second more', () => {
    const film = (seconds: number) => ({ kind: 'video' as const, fileId: 'f', caption: '', seconds })
    expect(isLong([film(300)])).toBe(false)
    expect(isLong([film(299), { kind: 'text', text: '一二三四五' }])).toBe(false)
    expect(isLong([film(299), { kind: 'text', text: '一二三四五六' }])).toBe(true)
    expect(secondsOf([{ kind: 'text', text: ' 一\n二 ' }])).toBe(1)
  })

  it('says where something is missing', () => {
    const edit = new CourseEdit('selling', { version: 3, draft })
    expect(edit.wrong).toEqual([])
    edit.addLesson()
    edit.addQuestion()
    edit.addCriterion()
    expect(edit.wrong.map(({ part, index, what }) => `${part} ${index} ${what}`)).toEqual([
      'lessons 1 title',
      'questions 1 ask',
      'questions 1 options',
      'rubric 1 name'
    ])
  })

  it('opens a practical only with a rubric', () => {
    const edit = new CourseEdit('selling', { version: 3, draft })
    edit.draft.rubric = []
    expect(edit.wrong).toEqual([])
    edit.draft.state = 'open'
    expect(edit.wrong).toEqual([{ part: 'rubric', index: -1, what: 'rubric' }])
  })
})
