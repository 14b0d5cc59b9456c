import { expect, it } from 'vitest'
import { clipTooLong, commentFault } from './homework.ts'

it('a clip of homework is thirty seconds long, and a moment more is forgiven', () => {
  expect([30_000, 30_999].map(clipTooLong)).toEqual([false, false])
  expect([31_000, 90_000].map(clipTooLong)).toEqual([true, true])
})

it('a comment says something, of a moment that there is', () => {
  const said = { atMs: 0, text: '光太暗', voiceId: '' }
  expect(commentFault(said, 10_000)).toBeUndefined()
  expect(commentFault({ ...said, text: '', voiceId: 'voice' }, 10_000)).toBeUndefined()
  expect(commentFault({ ...said, text: ' ' }, 10_000)).toBe('/text')
  expect(commentFault({ ...said, atMs: 10_999 }, 10_000)).toBeUndefined()
  expect(commentFault({ ...said, atMs: 11_000 }, 10_000)).toBe('/atMs')
})
