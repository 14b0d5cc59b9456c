import { afterEach, expect, it, vi } from 'vitest'
import { orderAftersale, photoCode, reportBad } from '../../shared/contracts/aftersale.ts'
import { Report, worthOf } from './report.svelte.ts'

const line = (more: object = {}) => ({
  specId: 'clams',
  title: '红岛蛤蜊',
  specName: '三斤装',
  unit: 'portion',
  photo: '',
  qty: 3,
  leftQty: 3,
  leftFen: 11_969,
  pieceFen: 3989,
  notReturned: 'ticked',
  notCompensated: '',
  windowHours: 24,
  windowUntil: 0,
  ...more
})

/** A server that answers these and remembers what it was asked. */
function server(lines: object[]) {
  const asked: { url: string; body: unknown }[] = []
  let codes = 0
  vi.stubGlobal('fetch', async (url: string, { method, body }: { method: string; body: string | null }) => {
    asked.push({ url, body: body ? JSON.parse(body) : undefined })
    const at = (contract: { url: string; method: string }) =>
      contract.method === method && contract.url.replace(':orderId', 'o1') === url
    if (at(orderAftersale)) return Response.json({ aftersale: { orderId: 'o1', hostId: 'wang', lines } })
    if (at(photoCode)) return Response.json({ code: `000${++codes}`, until: 1 })
    if (at(reportBad)) return Response.json({ compensation: { id: 'c1', state: 'granted', grantedFen: 1 } })
    throw new Error(url)
  })
  return asked
}
afterEach(() => vi.unstubAllGlobals())

it('asks for what the server will pay, piece by piece and of a part of each', async () => {
  server([line()])
  const report = new Report('o1')
  await report.load()
  expect([1, 2, 3].map((qty) => worthOf(line(), qty))).toEqual([3989, 7979, 11_969])
  report.more(1)
  expect([report.qty, report.askedFen]).toEqual([2, 7979])
  report.percent = 50
  expect(report.askedFen).toBe(3989)
  report.more(5)
  expect(report.qty).toBe(3)
  report.more(-9)
  expect(report.qty).toBe(1)
})

it('shows only what can be reported, and the first of it is chosen', async () => {
  server([line({ specId: 'gone', notCompensated: 'too_late' }), line(), line({ specId: 'crab' })])
  const report = new Report('o1')
  await report.load()
  expect(report.lines.map(({ specId }) => specId)).toEqual(['clams', 'crab'])
  expect(report.specId).toBe('clams')
})

it('is ready with what, a photo and its digits, and sends those that its first photo shows', async () => {
  const asked = server([line()])
  const report = new Report('o1')
  await report.load()
  report.say('dead')
  expect(report.ready).toBe(false)
  report.took('photo-1', report.code!.code)
  expect(report.ready).toBe(true)
  await report.renew()
  expect(report.code!.code).toBe('0002')
  report.took('photo-2', report.code!.code)
  report.percent = 50
  report.say('wrong')
  await report.send()
  expect(asked.at(-1)!.body).toEqual({
    specId: 'clams',
    what: 'wrong',
    qty: 1,
    percent: 100,
    fileIds: ['photo-1', 'photo-2'],
    code: '0001',
    words: ''
  })
  expect(report.done?.state).toBe('granted')
})

it('takes photos again under new digits when the old ones are over', async () => {
  const asked = server([line()])
  const report = new Report('o1')
  await report.load()
  report.say('broken')
  report.took('photo-1', '0001')
  await report.startOver()
  expect(report.ready).toBe(false)
  report.took('photo-2', report.code!.code)
  await report.send()
  expect(asked.at(-1)!.body).toMatchObject({ fileIds: ['photo-2'], code: '0002' })
})
