import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openVillage, type Village } from '../app.ts'
import { readSettings } from '../settings.ts'
import { engines } from '../testing/engines.ts'

describe.each(engines)('the edge of a village on $name', ({ make }) => {
  let village: Village
  let drop: () => Promise<void>

  beforeAll(async () => {
    const place = await make()
    drop = place.drop
    village = await openVillage({ ...readSettings({ DEMO: '0' }), ...place })
  })
  afterAll(async () => {
    await village.close()
    await drop()
  })

  it('says that it is well', async () => {
    const answer = await village.http.inject({ url: '/api/health' })
    expect(answer.json()).toEqual({ ok: true })
  })

  it('answers an unknown address with a code and a sentence', async () => {
    const answer = await village.http.inject({ url: '/api/nowhere' })
    expect(answer.statusCode).toBe(404)
    expect(answer.json()).toEqual({ code: 'no_such_route', message: '没有这个地址' })
  })

  it('names for every route who may call it', () => {
    expect(village.routes.length).toBeGreaterThan(0)
    for (const route of village.routes) expect(route.who, route.url).toBeTruthy()
  })
})
