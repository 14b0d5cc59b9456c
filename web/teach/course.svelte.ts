import {
  LESSON_SECONDS,
  type Block,
  type CourseDraft,
  type Criterion
} from '../../shared/contracts/school.ts'
import { keptAs } from '../me/kept.ts'
import { newToken } from '../token.ts'

/** As the server counts: half as fast as a newspaper is read. */
const READ_CHARS_PER_SECOND = 5
/** How long a picture stays when nobody says otherwise. */
export const PICTURE_SECONDS = 5

export const secondsOf = (blocks: readonly Block[]) =>
  blocks.reduce(
    (sum, block) =>
      sum +
      ('text' in block
        ? Math.ceil(block.text.replace(/\s/g, '').length / READ_CHARS_PER_SECOND)
        : block.seconds),
    0
  )

export const isLong = (blocks: readonly Block[]) => secondsOf(blocks) > LESSON_SECONDS

const emptyCourse = (): CourseDraft => ({
  title: '',
  about: '',
  topic: 'live_selling',
  cover: '',
  state: 'draft',
  practical: false,
  makesHost: false,
  assessors: 1,
  passPercent: 80,
  validMonths: 24,
  lessons: [],
  questions: [],
  rubric: []
})

export type Part = 'facts' | 'lessons' | 'questions' | 'rubric'

export interface Wrong {
  part: Part
  /** Which lesson, question or criterion; -1: the whole part. */
  index: number
  what: 'title' | 'empty' | 'long' | 'ask' | 'options' | 'right' | 'name' | 'rubric' | 'numbers'
}

interface Kept {
  version: number
  draft: CourseDraft
}

/**
 * A course while it is written. It stays on this device until the server has it: an hour’s work is not lost to a
 * closed page or a dead network.
 */
export class CourseEdit {
  draft: CourseDraft = $state()!
  version = $state(0)
  /** True: these are words that were left here last time. */
  recovered = $state(false)
  readonly courseId: string
  readonly #key: string
  #saved = $state('')
  /** As the server had it when the page opened. */
  readonly #origin: Kept

  dirty = $derived.by(() => JSON.stringify(this.draft) !== this.#saved)
  wrong = $derived.by(() => wrongOf(this.draft))

  constructor(courseId: string, known?: Kept) {
    this.courseId = courseId
    this.#key = keptAs(`course-draft:${courseId || 'new'}`)
    this.#origin = known ?? { version: 0, draft: emptyCourse() }
    const origin = this.#origin.draft
    this.#saved = JSON.stringify(origin)
    this.version = this.#origin.version
    const kept = read(this.#key)
    // A kept draft of an older version keeps that number: the server then says that somebody else changed it.
    this.recovered = kept !== undefined && JSON.stringify(kept.draft) !== this.#saved
    if (kept && this.recovered) this.version = kept.version
    this.draft = kept && this.recovered ? kept.draft : structuredClone(origin)
  }

  keep() {
    try {
      if (this.dirty)
        localStorage.setItem(this.#key, JSON.stringify({ version: this.version, draft: this.draft }))
      else localStorage.removeItem(this.#key)
    } catch {
      // A full device keeps no drafts; the course can still be sent.
    }
  }

  /** The server has it. */
  saved({ version, draft }: Kept) {
    this.version = version
    this.draft = structuredClone(draft)
    this.#saved = JSON.stringify(draft)
    this.recovered = false
    localStorage.removeItem(this.#key)
  }

  /** She does not want what was left here. */
  startOver() {
    this.saved(this.#origin)
  }

  /** What is sent: spaces off the ends, nothing else. */
  body(): CourseDraft {
    const draft = $state.snapshot(this.draft) as CourseDraft
    return {
      ...draft,
      title: draft.title.trim(),
      about: draft.about.trim(),
      lessons: draft.lessons.map((lesson) => ({ ...lesson, title: lesson.title.trim() })),
      questions: draft.questions.map((question) => ({ ...question, ask: question.ask.trim() })),
      rubric: draft.rubric.map((criterion) => ({ ...criterion, name: criterion.name.trim() }))
    }
  }

  addLesson() {
    this.draft.lessons.push({ title: '', blocks: [] })
    return this.draft.lessons.at(-1)
  }

  addQuestion() {
    this.draft.questions.push({
      ask: '',
      pictureId: '',
      audioId: '',
      options: [emptyOption(), emptyOption()],
      right: 0,
      why: ''
    })
    return this.draft.questions.at(-1)
  }

  /** The answer that is right goes where its words go. */
  dropOption(question: CourseDraft['questions'][number], index: number) {
    question.options.splice(index, 1)
    if (question.right > index) question.right--
    else if (question.right === index) question.right = 0
  }

  addCriterion() {
    const criterion: Criterion = { id: newToken(), name: '', how: '', max: 10 }
    this.draft.rubric.push(criterion)
  }
}

export const emptyOption = () => ({ text: '', pictureId: '' })

/** Moves one of a list up (-1) or down (1); at the ends nothing happens. */
export function shift<T>(list: T[], index: number, by: -1 | 1) {
  const [one, other] = [list[index], list[index + by]]
  if (one === undefined || other === undefined) return
  list[index] = other
  list[index + by] = one
}

function wrongOf({
  title,
  state,
  practical,
  lessons,
  questions,
  rubric,
  passPercent,
  validMonths
}: CourseDraft) {
  const wrong: Wrong[] = []
  const whole = (n: number, from: number, to: number) => Number.isInteger(n) && n >= from && n <= to
  if (!title.trim()) wrong.push({ part: 'facts', index: -1, what: 'title' })
  if (!whole(passPercent, 1, 100) || !whole(validMonths, 0, 120))
    wrong.push({ part: 'facts', index: -1, what: 'numbers' })
  for (const [index, lesson] of lessons.entries()) {
    if (!lesson.title.trim()) wrong.push({ part: 'lessons', index, what: 'title' })
    if (lesson.blocks.some((block) => 'text' in block && !block.text.trim()))
      wrong.push({ part: 'lessons', index, what: 'empty' })
    if (isLong(lesson.blocks)) wrong.push({ part: 'lessons', index, what: 'long' })
  }
  for (const [index, { ask, options, right }] of questions.entries()) {
    if (!ask.trim()) wrong.push({ part: 'questions', index, what: 'ask' })
    if (options.some(({ text, pictureId }) => !text.trim() && !pictureId))
      wrong.push({ part: 'questions', index, what: 'options' })
    if (right >= options.length) wrong.push({ part: 'questions', index, what: 'right' })
  }
  for (const [index, { name, max }] of rubric.entries())
    if (!name.trim() || !whole(max, 1, 100)) wrong.push({ part: 'rubric', index, what: 'name' })
  // Nobody could ever pass it.
  if (state === 'open' && practical && !rubric.length)
    wrong.push({ part: 'rubric', index: -1, what: 'rubric' })
  return wrong
}

function read(key: string): Kept | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as Partial<Kept> | null
    // A draft of an older shape is not worth a broken form.
    return kept?.draft && Array.isArray(kept.draft.lessons) && Array.isArray(kept.draft.rubric)
      ? { version: kept.version ?? 0, draft: kept.draft }
      : undefined
  } catch {
    return undefined
  }
}
