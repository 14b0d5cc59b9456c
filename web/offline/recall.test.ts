import { expect, it } from 'vitest'
import { Problem } from '../../shared/problems.ts'
import { forget, recall } from './recall.ts'
import { memoryPocket } from './testing.ts'

const away = () => Promise.reject(new Error('no signal'))

it('shows without a network what she saw last', async () => {
  const pocket = memoryPocket()
  expect(await recall(pocket, 'guilan school', async () => 'five lessons', 1)).toEqual({
    value: 'five lessons',
    stale: false
  })
  expect(await recall(pocket, 'guilan school', away, 2)).toEqual({ value: 'five lessons', stale: true })
})

it('shows nobody what another woman saw, nor anything after she has left the phone', async () => {
  const pocket = memoryPocket()
  await recall(pocket, 'guilan school', async () => 'hers', 1)
  await expect(recall(pocket, 'xiumei school', away, 2)).rejects.toThrow('no signal')
  await forget(pocket)
  await expect(recall(pocket, 'guilan school', away, 3)).rejects.toThrow('no signal')
})

it('bridges no refusal', async () => {
  const pocket = memoryPocket()
  await recall(pocket, 'k', async () => 'once', 1)
  const refused = () => Promise.reject(new Problem('no_such_course'))
  await expect(recall(pocket, 'k', refused, 2)).rejects.toBeInstanceOf(Problem)
})

it('remembers a bounded number of pages, the newest', async () => {
  const pocket = memoryPocket()
  for (let i = 0; i <= 60; i++) await recall(pocket, `page ${i}`, async () => i, i)
  expect(await pocket.all('answers')).toHaveLength(60)
  await expect(recall(pocket, 'page 0', away, 100)).rejects.toThrow('no signal')
  expect((await recall(pocket, 'page 60', away, 100)).value).toBe(60)
})
