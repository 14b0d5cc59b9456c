import { flushSync, mount, unmount } from 'svelte'
import { expect, it, vi } from 'vitest'
import { session } from '../me/session.svelte.ts'
import MembersPage from './MembersPage.svelte'

const asked: { q?: string; answer: (names: string[]) => void }[] = []
vi.mock('../call.ts', async (original) => ({
  ...(await original<object>()),
  call: (_: unknown, { query }: { query: { q?: string } }) =>
    new Promise((resolve) =>
      asked.push({
        ...query,
        answer: (names) =>
          resolve({ items: names.map((name) => ({ id: name, name, phone: '', roles: [], banned: false })) })
      })
    )
}))

it('an officer sees those she looked for last, whichever answer comes last', async () => {
  session.me = { id: 'officer', name: '王主任', roles: ['officer'] } as never
  session.loaded = true
  const page = mount(MembersPage, { target: document.body })
  flushSync()
  const search = (q: string) => {
    const field = document.querySelector<HTMLInputElement>('input[type=search]')!
    field.value = q
    field.dispatchEvent(new Event('input', { bubbles: true }))
    document.querySelector('form')!.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
    flushSync()
  }
  search('海')
  search('秀兰')
  expect(asked.map(({ q }) => q)).toEqual([undefined, '海', '秀兰'])
  asked[2]!.answer(['秀兰'])
  await vi.waitFor(() => expect(document.body.textContent).toContain('秀兰'))
  asked[1]!.answer(['海燕'])
  asked[0]!.answer(['老李'])
  await new Promise((resolve) => setTimeout(resolve))
  flushSync()
  expect(document.body.textContent).toContain('秀兰')
  expect(document.body.textContent).not.toMatch(/海燕|老李/)
  await unmount(page)
})
