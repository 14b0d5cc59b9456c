import { flushSync, mount, unmount } from 'svelte'
import { expect, it, vi } from 'vitest'
import { teachCourses } from '../../shared/contracts/school.ts'
import { session } from '../me/session.svelte.ts'
import HomeworkPage from './HomeworkPage.svelte'

const asked: { courseId?: string; answer: (learner: string) => void }[] = []
vi.mock('../call.ts', async (original) => ({
  ...(await original<object>()),
  call: (contract: unknown, of?: { query: { courseId?: string } }) =>
    contract === teachCourses
      ? Promise.resolve({ items: ['剪辑', '直播'].map((title) => ({ id: title, title })) })
      : new Promise((resolve) =>
          asked.push({
            ...of!.query,
            answer: (name) =>
              resolve({
                items: [
                  { id: name, learner: { name }, courseTitle: '', at: 0, state: 'reviewed', comments: [] }
                ]
              })
          })
        )
}))

it('a trainer sees the homework of the course that she chose last, whichever answer comes last', async () => {
  session.me = { id: 'trainer', name: '老陈', roles: ['trainer'] } as never
  session.loaded = true
  const page = mount(HomeworkPage, { target: document.body })
  const choose = await vi.waitUntil(() => document.querySelector('select'))
  // The chosen option is asked for as `:checked`, which this DOM does not know of options.
  vi.spyOn(choose, 'querySelector').mockReturnValue(choose.querySelector('option:last-child'))
  choose.dispatchEvent(new Event('change', { bubbles: true }))
  expect(asked.map(({ courseId }) => courseId)).toEqual([undefined, '直播'])
  asked[1]!.answer('胡小红')
  await vi.waitFor(() => expect(document.body.textContent).toContain('胡小红'))
  asked[0]!.answer('海燕')
  await new Promise((resolve) => setTimeout(resolve))
  flushSync()
  expect(document.body.textContent).toContain('胡小红')
  expect(document.body.textContent).not.toContain('海燕')
  await unmount(page)
})
