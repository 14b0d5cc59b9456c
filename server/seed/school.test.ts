import { describe, expect, it } from 'vitest'
import { engines } from '../testing/engines.ts'
import { testVillage } from '../testing/village.ts'
import { writeTheCourses } from './courses.ts'

describe.each(engines)('the demo village’s school on $name', (engine) => {
  it('has five courses whose lessons are short and whose pictures are there', async () => {
    const v = await testVillage({ engine })
    const trainer = await v.signIn('老陈', 'trainer')
    await writeTheCourses(v.village, trainer.me, async () => '')
    const { getLesson, listSchool, getCourse } = await import('../../shared/contracts/school.ts')
    const { items } = (await v.guest.call(listSchool)).json
    expect(items).toHaveLength(5)
    for (const { id } of items) {
      const { lessons } = (await trainer.call(getCourse, { params: { courseId: id } })).json
      for (const { id: lessonId } of lessons) {
        const { lesson } = (await trainer.call(getLesson, { params: { lessonId } })).json
        for (const block of lesson.blocks) {
          if (block.kind === 'text') continue
          const { fileId } = block as { fileId: string }
          const file = await v.village.http.inject({
            url: `/api/files/${fileId}`,
            headers: { cookie: trainer.cookie }
          })
          expect(file.statusCode, fileId).toBe(200)
        }
      }
    }
    await v.close()
  })
})
