import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as contracts from '../../shared/contracts/school.ts'
import type { CourseDraft } from '../../shared/contracts/school.ts'
import { brought } from '../testing/bring.ts'
import { clip, sound } from '../testing/clips.ts'
import { settableClock } from '../testing/clock.ts'
import { courseDraft, lesson, question } from '../testing/course.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { MAX_COURSES } from './course-store.ts'

const photo = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#c33' } })
  .jpeg()
  .toBuffer()

describe.each(engines)('courses on $name', (engine) => {
  const clock = settableClock()
  let here: TestVillage
  let zhou: SignedIn
  let officer: SignedIn
  let wang: SignedIn

  beforeAll(async () => {
    here = await testVillage({ engine, clock })
    zhou = await here.signIn('周老师', 'trainer')
    officer = await here.signIn('干部', 'officer')
    wang = await here.signIn('王姐')
  })
  afterAll(() => here.close())

  const write = (draft: CourseDraft, who = zhou) => who.call(contracts.createCourse, { body: draft })
  async function written(change: Partial<CourseDraft> = {}) {
    clock.pass(1)
    const { status, json } = await write(courseDraft(change))
    expect(status, JSON.stringify(json)).toBe(200)
    return json
  }
  const change = (courseId: string, version: number, draft: CourseDraft) =>
    zhou.call(contracts.changeCourse, { params: { courseId }, body: { version, draft } })
  const seen = (who: Pick<SignedIn, 'call'>, courseId: string) =>
    who.call(contracts.getCourse, { params: { courseId } })
  const read = (who: SignedIn, lessonId: string) => who.call(contracts.getLesson, { params: { lessonId } })

  it('an open course is seen by everybody, with its lessons and what a trainer looks at', async () => {
    const { id, draft } = await written()
    for (const who of [here.guest, wang]) {
      const { json, text } = await seen(who, id)
      expect(json.course).toMatchObject({ title: '直播带货入门', lessons: 2, seconds: 40, questions: 3 })
      expect(json.lessons.map(({ title, seconds }) => [title, seconds])).toEqual([
        ['开播前', 20],
        ['留住人', 20]
      ])
      expect(json.rubric).toEqual(draft.rubric)
      expect(text).not.toContain('因为')
    }
    const { items } = (await here.guest.call(contracts.listSchool)).json
    expect(items.map((course) => course.id)).toContain(id)
  })

  it('a lesson is read whole by whoever is signed in', async () => {
    const { id, draft } = await written()
    const lessonId = draft.lessons[1]!.id!
    const { json } = await read(wang, lessonId)
    expect(json.lesson).toEqual({
      id: lessonId,
      courseId: id,
      title: '留住人',
      seconds: 20,
      blocks: draft.lessons[1]!.blocks
    })
    expect((await read(wang, 'nobody')).json.code).toBe('no_such_lesson')
  })

  it('a draft is there for those who make it and for nobody else', async () => {
    const { id, draft } = await written({ state: 'draft', title: '还没写完' })
    const lessonId = draft.lessons[0]!.id!
    for (const learner of [wang, await here.signIn('主播', 'host'), await here.signIn('场控', 'operator')]) {
      expect((await seen(learner, id)).json.code).toBe('no_such_course')
      expect((await read(learner, lessonId)).json.code).toBe('no_such_lesson')
      const quiz = await learner.call(contracts.getQuiz, { params: { courseId: id } })
      expect(quiz.json.code).toBe('no_such_course')
      const body = { key: 'key-0001', answers: [] }
      const answer = await learner.call(contracts.answerQuiz, { params: { courseId: id }, body })
      expect(answer.json.code).toBe('no_such_course')
    }
    expect((await seen(here.guest, id)).json.code).toBe('no_such_course')
    const open = (await here.guest.call(contracts.listSchool)).json.items
    expect(open.map((course) => course.id)).not.toContain(id)
    for (const teacher of [zhou, officer]) {
      expect((await seen(teacher, id)).status).toBe(200)
      expect((await read(teacher, lessonId)).status).toBe(200)
      const all = (await teacher.call(contracts.teachCourses)).json.items
      expect(all.map((course) => course.id)).toContain(id)
    }
  })

  it('a change keeps the lessons and questions that keep their id, in their new order', async () => {
    const { id, draft, version } = await written()
    const [first, second] = draft.lessons
    const [sand, ...others] = draft.questions
    const { json } = await change(id, version, {
      ...draft,
      title: '直播带货进阶',
      lessons: [{ ...second!, title: '留住她们' }, lesson('新的一课'), first!],
      questions: [...others, { ...sand!, right: 2 }]
    })
    expect([json.id, json.version]).toEqual([id, version + 1])
    expect(json.draft.lessons.map(({ title }) => title)).toEqual(['留住她们', '新的一课', '开播前'])
    expect([json.draft.lessons[0]!.id, json.draft.lessons[2]!.id]).toEqual([second!.id, first!.id])
    expect(json.draft.questions.map((each) => each.id)).toEqual([...others, sand!].map((each) => each.id))
    expect(json.draft.questions[2]).toEqual({ ...sand, right: 2 })
    const again = await zhou.call(contracts.teachCourse, { params: { courseId: id } })
    expect(again.json).toEqual(json)
    expect((await seen(wang, id)).json.course).toMatchObject({
      title: '直播带货进阶',
      lessons: 3,
      seconds: 60
    })
  })

  it('a lesson that is left out is gone, with what was learned in it; the others keep theirs', async () => {
    const { id, draft, version } = await written()
    const [first, second] = draft.lessons
    const items = [first!, second!].map((each) => ({
      lessonId: each.id!,
      seconds: 20,
      done: true,
      at: clock.now()
    }))
    await wang.call(contracts.saveProgress, { body: { items } })
    await change(id, version, { ...draft, lessons: [second!] })
    expect((await read(wang, first!.id!)).json.code).toBe('no_such_lesson')
    const { json } = await wang.call(contracts.saveProgress, { body: { items: [items[0]!] } })
    const mine = json.items.filter(({ lessonId }) => [first!.id, second!.id].includes(lessonId))
    expect(mine).toEqual([items[1]])
    expect(await here.village.school.learning.doneIn(here.village.store.read, id)).toEqual(
      new Map([[wang.me.id, 1]])
    )
  })

  it('two trainers who change it at once: the second hears of the first and changes nothing', async () => {
    const { id, draft, version } = await written()
    const titles = ['甲的题目', '乙的题目']
    const answers = await Promise.all(
      titles.map((title) => change(id, version, { ...draft, title, lessons: [lesson(title)] }))
    )
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['200', '409'])
    expect(answers.find(({ status }) => status === 409)!.json.code).toBe('course_changed')
    const { json } = await zhou.call(contracts.teachCourse, { params: { courseId: id } })
    expect(json.version).toBe(version + 1)
    expect(json.draft.lessons.map(({ title }) => title)).toEqual([json.draft.title])
  })

  it('a lesson of another course, or of none, is not taken over', async () => {
    const one = await written()
    const other = await written()
    const stolen = [one.draft.lessons[0]!]
    const refused = await change(other.id, other.version, { ...other.draft, lessons: stolen })
    expect(refused.json.code).toBe('no_such_lesson')
    expect((await write(courseDraft({ lessons: stolen }))).json.code).toBe('no_such_lesson')
    const asked = await change(other.id, other.version, {
      ...other.draft,
      questions: [one.draft.questions[0]!]
    })
    expect([asked.json.code, asked.json.details]).toEqual(['bad_input', { field: '/questions/0/id' }])
    const { json } = await zhou.call(contracts.teachCourse, { params: { courseId: other.id } })
    expect(json).toEqual(other)
    expect((await change('nobody', 1, courseDraft())).json.code).toBe('no_such_course')
  })

  it('a lesson shows files that trainers brought for lessons, for as long as they last', async () => {
    const { village } = here
    const film = await brought(village, zhou, 'lesson', await clip(12))
    const voice = await brought(village, officer, 'lesson', await sound(5))
    const picture = await brought(village, zhou, 'lesson', photo)
    const material = await brought(village, zhou, 'material', photo)
    const block = (kind: 'picture' | 'audio' | 'video', fileId: string, seconds = 1) => {
      return { kind, fileId, caption: '', seconds }
    }
    const blocks = [block('video', film.id), block('audio', voice.id, 200), block('picture', picture.id, 3)]
    const asked = {
      ...question('这是什么？', 0),
      pictureId: picture.id,
      audioId: voice.id,
      options: [
        { text: '', pictureId: picture.id },
        { text: '蛤蜊', pictureId: '' }
      ]
    }
    const { draft } = await written({ lessons: [{ title: '看', blocks }], questions: [asked] })
    const { lesson: kept } = (await read(wang, draft.lessons[0]!.id!)).json
    expect(kept.seconds).toBe(20)
    expect(kept.blocks).toEqual([
      block('video', film.id, 12),
      block('audio', voice.id, 5),
      block('picture', picture.id, 3)
    ])
    const refused = async (change: Partial<CourseDraft>) => {
      const { json } = await write(courseDraft(change))
      return json.code
    }
    const one = (each: ReturnType<typeof block>) => ({ lessons: [{ title: '看', blocks: [each] }] })
    expect(await refused(one(block('picture', material.id)))).toBe('no_such_file')
    expect(await refused(one(block('picture', 'nobody')))).toBe('no_such_file')
    expect(await refused(one(block('picture', film.id)))).toBe('bad_input')
    expect(await refused({ questions: [{ ...asked, audioId: material.id }] })).toBe('no_such_file')
    expect(await refused({ questions: [{ ...asked, pictureId: voice.id }] })).toBe('bad_input')
    const long = await brought(village, zhou, 'lesson', await clip(301))
    expect(await refused(one(block('video', long.id, 10)))).toBe('lesson_too_long')
  })

  it('a cover lies with us, and a course that cannot be taught is not opened', async () => {
    const elsewhere = await write(courseDraft({ cover: 'https://elsewhere.example/pixel.gif' }))
    expect([elsewhere.json.code, elsewhere.json.details]).toEqual(['bad_input', { field: '/cover' }])
    const wordless = await write(courseDraft({ questions: [{ ...question('空的', 0), right: 3 }] }))
    expect(wordless.json.details).toEqual({ field: '/questions/0/right' })
    const endless = await write(
      courseDraft({ lessons: [{ title: '长', blocks: [{ kind: 'text', text: '鲜'.repeat(1_501) }] }] })
    )
    expect([endless.json.code, endless.json.details]).toEqual([
      'lesson_too_long',
      { lesson: 0, seconds: 301 }
    ])
  })

  it('a course of forty full lessons and fifty questions is taken in one piece', async () => {
    const full = courseDraft({
      lessons: Array.from({ length: contracts.MAX_LESSONS }, (_, i) => ({
        title: `第${i}课`,
        blocks: Array.from({ length: contracts.MAX_BLOCKS }, () => {
          return { kind: 'text' as const, text: '鲜'.repeat(50) }
        })
      })),
      questions: Array.from({ length: contracts.MAX_QUESTIONS }, (_, i) => question(`第${i}问`, 1))
    })
    const { id, version, draft } = (await write(full)).json
    expect(draft.lessons).toHaveLength(contracts.MAX_LESSONS)
    expect((await change(id, version, { ...draft, lessons: draft.lessons.toReversed() })).status).toBe(200)
  })

  it('finds the open courses of a topic, and the rules of any', async () => {
    const { courses } = here.village.school
    const open = await written({ topic: 'dining', title: '海鲜餐饮' })
    const draft = await written({ topic: 'dining', state: 'draft' })
    await written({ topic: 'tourism' })
    expect(await courses.courseOfTopic(['dining'])).toEqual([
      { id: open.id, title: '海鲜餐饮', topic: 'dining' }
    ])
    expect(await courses.courseOfTopic([])).toEqual([])
    const rules = await courses.byIds(here.village.store.read, [draft.id, open.id, 'nobody'])
    expect([...rules.keys()].toSorted()).toEqual([open.id, draft.id].toSorted())
    expect(rules.get(draft.id)).toMatchObject({ assessors: 1, lessons: 2, questions: 3, state: 'draft' })
  })
})

describe.each(engines)('the school on $name', (engine) => {
  it('has room for a hundred courses', async () => {
    const here = await testVillage({ engine })
    const zhou = await here.signIn('周老师', 'trainer')
    const { store } = here.village
    const { id, draft } = (await zhou.call(contracts.createCourse, { body: courseDraft() })).json
    await store.tx(async (tx) => {
      const [row] = await tx.select().from(store.schema.courses)
      const more = Array.from({ length: MAX_COURSES - 2 }, (_, i) => ({ ...row!, id: `course-${i}` }))
      await tx.insert(store.schema.courses).values(more)
    })
    const add = async () => (await zhou.call(contracts.createCourse, { body: courseDraft() })).json.code
    expect([await add(), await add()]).toEqual([undefined, 'courses_full'])
    expect((await zhou.call(contracts.teachCourses)).json.items).toHaveLength(MAX_COURSES)
    const again = await zhou.call(contracts.changeCourse, {
      params: { courseId: id },
      body: { version: 1, draft }
    })
    expect(again.status).toBe(200)
    await here.close()
  })
})
