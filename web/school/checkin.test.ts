import { beforeEach, expect, it, vi } from 'vitest'
import { Problem } from '../../shared/problems.ts'
import { CheckIn } from './checkin.svelte.ts'

const sent: string[] = []

vi.mock('../call.ts', () => ({
  call: async (_: unknown, { body }: { body: { code: string } }) => {
    sent.push(body.code)
    if (body.code === 'old') throw new Problem('code_old')
    return { class: { id: 'c1' }, at: 1 }
  }
}))

beforeEach(() => void (sent.length = 0))

it('sends what the camera sees once, however long it looks', async () => {
  const visit = new CheckIn()
  await Promise.all([visit.scanned('good'), visit.scanned('good')])
  await visit.scanned('good')
  expect(sent).toEqual(['good'])
  expect(visit.done!.class.id).toBe('c1')
})

it('reads the code out of the address that a phone’s own camera opens', async () => {
  const visit = new CheckIn()
  await visit.scanned('https://shop.example/school/check-in?code=d.c1.x%2By')
  expect(sent).toEqual(['d.c1.x+y'])
})

it('shows a refusal until she goes on, and then looks again', async () => {
  const visit = new CheckIn()
  await visit.scanned('old')
  await visit.scanned('good')
  expect(sent).toEqual(['old'])
  expect((visit.refused as Problem).code).toBe('code_old')
  visit.again()
  await visit.scanned('good')
  expect(visit.done).toBeDefined()
})
