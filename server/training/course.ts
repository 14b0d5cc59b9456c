import type { Role } from '../../shared/contract.ts'
import type { Block, CourseDraft } from '../../shared/contracts/school.ts'
import { LESSON_SECONDS } from '../../shared/contracts/school.ts'

/** Half as fast as a newspaper is read: on a phone, in the sun, with glasses. Two lines of a bubble in five seconds. */
export const READ_CHARS_PER_SECOND = 5

/** What the course keeps of a file that a block shows. */
export interface Shown {
  type: string
  seconds: number
}

export const teaches = ({ roles }: { roles: readonly Role[] }) =>
  roles.includes('trainer') || roles.includes('officer')

/** Drafts are for those who make them. */
export const mayLearn = (course: { state: 'draft' | 'open' }, viewer?: { roles: readonly Role[] }) =>
  course.state === 'open' || (viewer !== undefined && teaches(viewer))

/** How long a lesson takes: what sounds and moves, how long a picture stays, and the time to read. */
export function secondsOf(blocks: readonly Block[]): number {
  let seconds = 0
  for (const block of blocks) {
    if (block.kind !== 'text') seconds += block.seconds
    else seconds += Math.ceil(block.text.replace(/\s/g, '').length / READ_CHARS_PER_SECOND)
  }
  return seconds
}

/** Sound and film last as long as their file says, whatever the draft says. */
export const timed = (blocks: readonly Block[], files: ReadonlyMap<string, Shown>): Block[] =>
  blocks.map((block) =>
    block.kind === 'audio' || block.kind === 'video'
      ? { ...block, seconds: Math.min(files.get(block.fileId)?.seconds ?? 0, LESSON_SECONDS + 1) }
      : block
  )

/** Every file that a course shows. */
export function filesOf({ lessons, questions }: Pick<CourseDraft, 'lessons' | 'questions'>): string[] {
  const ids = [
    ...lessons.flatMap(({ blocks }) => blocks.map((block) => (block.kind === 'text' ? '' : block.fileId))),
    ...questions.flatMap(({ pictureId, audioId, options }) => [
      pictureId,
      audioId,
      ...options.map((option) => option.pictureId)
    ])
  ]
  return [...new Set(ids.filter((id) => id !== ''))]
}

type Fault =
  | { code: 'bad_input'; field: string }
  | { code: 'lesson_too_long'; lesson: number; seconds: number }

/** What is wrong with a draft; undefined: nothing. Its blocks are `timed` already. */
export function faultOf(
  { lessons, questions, rubric, practical, state }: CourseDraft,
  files: ReadonlyMap<string, Shown>
): Fault | undefined {
  const bad = (field: string): Fault => ({ code: 'bad_input', field })
  const is = (fileId: string, kind: keyof typeof TYPES) =>
    fileId === '' || files.get(fileId)?.type.startsWith(TYPES[kind])

  if (repeated(lessons.map(({ id }) => id))) return bad('/lessons')
  if (repeated(questions.map(({ id }) => id))) return bad('/questions')
  if (repeated(rubric.map(({ id }) => id))) return bad('/rubric')
  // Nobody could ever pass it.
  if (state === 'open' && practical && rubric.length === 0) return bad('/rubric')

  for (const [i, { blocks }] of lessons.entries()) {
    const odd = blocks.findIndex((block) => block.kind !== 'text' && !is(block.fileId, block.kind))
    if (odd !== -1) return bad(`/lessons/${i}/blocks/${odd}`)
    const seconds = secondsOf(blocks)
    if (seconds > LESSON_SECONDS) return { code: 'lesson_too_long', lesson: i, seconds }
  }
  for (const [i, { options, right, pictureId, audioId }] of questions.entries()) {
    if (right >= options.length) return bad(`/questions/${i}/right`)
    if (!is(pictureId, 'picture')) return bad(`/questions/${i}/pictureId`)
    if (!is(audioId, 'audio')) return bad(`/questions/${i}/audioId`)
    const odd = options.findIndex(
      (option) => !is(option.pictureId, 'picture') || (!option.text.trim() && !option.pictureId)
    )
    if (odd !== -1) return bad(`/questions/${i}/options/${odd}`)
  }
  return undefined
}

const TYPES = { picture: 'image/', audio: 'audio/', video: 'video/' } as const

function repeated(ids: (string | undefined)[]) {
  const given = ids.filter((id) => id !== undefined)
  return new Set(given).size < given.length
}
