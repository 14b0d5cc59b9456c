import sharp from 'sharp'
import type { CourseDraft } from '../../shared/contracts/school.ts'
import type { Village } from '../app.ts'
import type { Member } from '../members/member.ts'
import { ART, type ArtName } from './art.ts'
import { clipSeconds, demoClip } from './clip.ts'
import { COURSES, type DemoBlock, type DemoCourse } from './lessons.ts'

type Files = Village['school']['files']

/** Writes the five courses, pictures and film and all, as a trainer would: through the same doors. */
export async function writeTheCourses(
  village: Village,
  trainer: Member,
  hang: (art: ArtName) => Promise<string>
) {
  const { courses, files } = village.school
  const kept = library(files, trainer)
  for (const course of COURSES) {
    await courses.create(trainer, await draftOf(course, kept, await hang(course.art)), course.id)
  }
}

/** Each drawing, and the film, is brought once, however many lessons show it. */
function library(files: Files, trainer: Member) {
  const brought = new Map<string, Promise<string>>()
  const bring = (name: string, bytes: () => Promise<Uint8Array>) => {
    const there = brought.get(name)
    if (there) return there
    const bringing = bytes().then(
      async (upload) => (await files.keep(trainer, { kind: 'lesson', upload })).id
    )
    brought.set(name, bringing)
    return bringing
  }
  return {
    drawing: (art: ArtName) => bring(art, () => sharp(Buffer.from(ART[art]())).png().toBuffer()),
    film: () => bring('film', async () => demoClip())
  }
}

async function draftOf(
  course: DemoCourse,
  kept: ReturnType<typeof library>,
  cover: string
): Promise<CourseDraft> {
  const { title, about, topic, practical, makesHost, validMonths, rubric } = course
  const lessons = await Promise.all(
    course.lessons.map(async ({ title, blocks }) => ({
      title,
      blocks: await Promise.all(blocks.map((block) => blockOf(block, kept)))
    }))
  )
  const questions = await Promise.all(
    course.questions.map(async ({ ask, art, options, right, why }) => ({
      ask,
      pictureId: art ? await kept.drawing(art) : '',
      audioId: '',
      options: options.map((text) => ({ text, pictureId: '' })),
      right,
      why
    }))
  )
  return {
    title,
    about,
    topic,
    cover,
    state: 'open',
    practical,
    makesHost,
    assessors: practical ? 2 : 1,
    passPercent: 60,
    validMonths,
    lessons,
    questions,
    rubric
  }
}

async function blockOf(
  block: DemoBlock,
  kept: ReturnType<typeof library>
): Promise<CourseDraft['lessons'][number]['blocks'][number]> {
  if ('text' in block) return { kind: 'text', text: block.text }
  if ('art' in block)
    return { kind: 'picture', fileId: await kept.drawing(block.art), caption: block.caption, seconds: 0 }
  return { kind: 'video', fileId: await kept.film(), caption: block.film, seconds: clipSeconds() }
}
