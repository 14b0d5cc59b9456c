import net, { type AddressInfo } from 'node:net'
import type { InjectOptions } from 'fastify'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { engines } from '../testing/engines.ts'
import { testVillage, type TestVillage } from '../testing/village.ts'
import { problems } from '../../shared/problems.ts'
import { safeHeaders } from './headers.ts'
import { ownOrigins } from './origins.ts'

describe.each(engines)('the edge of a village on $name', (engine) => {
  let village: TestVillage
  beforeAll(async () => {
    village = await testVillage({ engine })
  })
  afterAll(() => village.close())
  const ask = (options: InjectOptions) => village.village.http.inject(options)

  it('says that it is well', async () => {
    expect((await ask({ url: '/api/health' })).json()).toEqual({ ok: true })
  })

  it('answers an unknown address with a code and a sentence', async () => {
    const answer = await ask({ url: '/api/nowhere' })
    expect(answer.statusCode).toBe(404)
    expect(answer.json()).toEqual({ code: 'no_such_route', message: '没有这个地址' })
  })

  it('names for every route who may call it', () => {
    expect(village.village.routes.length).toBeGreaterThan(0)
    for (const route of village.village.routes) expect(route.who, route.url).toBeTruthy()
  })
})

describe('the edge', () => {
  let village: TestVillage
  beforeAll(async () => {
    village = await testVillage({ engine: engines[0]!, settings: { logLevel: 'silent' } })
    village.village.http.get('/api/bug', { config: { who: 'anyone' } }, async () => {
      throw new Error('the password is 红岛')
    })
  })
  afterAll(() => village.close())
  const ask = (options: InjectOptions) => village.village.http.inject(options)
  const send = (payload: string | Buffer, headers: Record<string, string> = {}) =>
    ask({
      method: 'POST',
      url: '/api/sign-in/code',
      headers: { 'content-type': 'application/json', ...headers },
      payload
    })

  it.each([
    ['half a JSON', '{"phone": "138', {}, 'bad_json'],
    ['no body', '', {}, 'bad_json'],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), {}, 'bad_json'],
    ['JSON that reaches for a prototype', '{"__proto__": {"phone": "1"}}', {}, 'bad_json'],
    ['JSON of another shape', '["13800000001"]', {}, 'bad_input'],
    ['a number for a word', '{"phone": {}}', {}, 'bad_input'],
    ['half a sign', '{"phone": "13800000001", "more": "\\\\\\ud83d!"}', {}, 'bad_input'],
    ['the other half', '{"phone": "13800000001", "more": "\\uDE00"}', {}, 'bad_input'],
    ['a zero character', '{"phone": "13800000001", "more": "\\\\\\u0000"}', {}, 'bad_input'],
    ['a form', 'phone=13800000001', { 'content-type': 'application/x-www-form-urlencoded' }, 'bad_input'],
    ['more than a request may carry', `"${'x'.repeat(300_000)}"`, {}, 'too_big'],
    ['a claim to carry more than it may', '{}', { 'content-length': '99999999' }, 'too_big']
  ] as const)('refuses %s in words', async (_what, payload, headers, code) => {
    const answer = await send(payload, headers)
    expect(answer.json()).toMatchObject({ code, message: problems[code][1] })
    expect(answer.statusCode).toBe(problems[code][0])
  })

  it('lets somebody write about the zero character', async () => {
    const answer = await send('{"phone": "12", "more": "\\\\u0000"}')
    expect(answer.json()).toMatchObject({ code: 'bad_input', details: { field: '/phone' } })
  })

  it('names the field that is wrong', async () => {
    const answer = await send('{"phone": "12"}')
    expect(answer.json()).toMatchObject({ code: 'bad_input', details: { field: '/phone' } })
  })

  it('refuses an address that cannot be read', async () => {
    const answer = await ask({ url: '/api/hosts/%ff%fe/follow' })
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'bad_input'])
    expect((await ask({ url: `/api/hosts/${'x'.repeat(500)}/follow`, method: 'PUT' })).statusCode).toBe(400)
    expect((await ask({ url: '/api/products?q=%E8%9B%A4%00' })).json().code).toBe('bad_input')
  })

  it('does not know methods that nobody wrote', async () => {
    for (const method of ['PROPFIND', 'TRACE', 'PUT'])
      expect((await ask({ method: method as 'PUT', url: '/api/health' })).statusCode, method).toBe(404)
  })

  it('answers a bug with one sentence and nothing of its inside', async () => {
    const answer = await ask({ url: '/api/bug' })
    expect(answer.statusCode).toBe(500)
    expect(answer.json()).toEqual({ code: 'broken', message: problems.broken[1] })
  })

  it('tells every browser what our pages may do, and that data may do nothing, refusals too', async () => {
    const policies = {
      '/': "default-src 'self'",
      '/media/nowhere.jpg': "default-src 'self'",
      '/api/health': "default-src 'none'; frame-ancestors 'none'",
      '/api/nowhere': "default-src 'none'; frame-ancestors 'none'",
      '/api/bug': "default-src 'none'; frame-ancestors 'none'"
    }
    for (const [url, policy] of Object.entries(policies)) {
      const { headers } = await ask({ url })
      expect(headers['content-security-policy'], url).toContain(policy)
      expect(headers['x-content-type-options'], url).toBe('nosniff')
    }
  })

  describe('counts what an address asks for, and', () => {
    // On a busy machine two thousand requests may take longer than the window that they are counted in.
    beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
    afterEach(() => void vi.useRealTimers())

    it('slows one address down without touching another, or this machine', async () => {
      const from = (remoteAddress: string) =>
        ask({ method: 'POST', url: '/api/sign-out', remoteAddress }).then(({ statusCode }) => statusCode)
      let refused
      for (let n = 0; n < 2_001; n++) refused = await from('203.0.113.9')
      expect(refused).toBe(429)
      const answer = await ask({ method: 'POST', url: '/api/sign-out', remoteAddress: '203.0.113.9' })
      expect(answer.json()).toMatchObject({ code: 'too_fast', details: { waitMs: expect.any(Number) } })
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
      expect(await from('203.0.113.10')).toBe(401)
      expect(await from('127.0.0.1')).toBe(401)
      const reading = await ask({ url: '/api/health', remoteAddress: '203.0.113.9' })
      expect(reading.statusCode).toBe(200)
    })

    it('counts a /64 as one address, for its owner has all of it', async () => {
      const from = (remoteAddress: string) =>
        ask({ method: 'POST', url: '/api/sign-out', remoteAddress }).then(({ statusCode }) => statusCode)
      let refused
      for (let n = 0; n <= 2_000; n++) refused = await from(`2001:db8:0:1::${n.toString(16)}`)
      expect(refused).toBe(429)
      expect(await from('2001:db8:0:2::1')).toBe(401)
    })

    it('lets three hundred of one address ask for codes in ten minutes, and then no more', async () => {
      const statuses = []
      for (let n = 0; n <= 300; n++) {
        const answer = await ask({
          method: 'POST',
          url: '/api/sign-in/code',
          payload: { phone: String(13_500_000_000 + n) },
          remoteAddress: '203.0.113.77'
        })
        statuses.push(answer.statusCode)
      }
      expect(statuses.filter((status) => status === 200)).toHaveLength(300)
      expect(statuses.at(-1)).toBe(429)
    })
  })

  it('survives what is no HTTP', async () => {
    await village.village.http.listen({ port: 0, host: '127.0.0.1' })
    const { port } = village.village.http.server.address() as AddressInfo
    const said = await new Promise<string>((resolve) => {
      let text = ''
      const socket = net.connect(port, '127.0.0.1', () => socket.write('BREW /coffee\r\n\0\0\r\n\r\n'))
      socket.on('data', (chunk) => (text += String(chunk)))
      socket.on('close', () => resolve(text))
    })
    expect(said).toMatch(/^HTTP\/1\.1 400/)
    expect((await ask({ url: '/api/health' })).statusCode).toBe(200)
  })
})

describe('our own pages', () => {
  const own = ownOrigins('https://shop.example/')

  it('are those of the public address and of the host that is asked', () => {
    expect(own('https://shop.example', 'other')).toBe(true)
    expect(own('http://192.168.1.9:8080', '192.168.1.9:8080')).toBe(true)
  })

  it('are no others, however the name is written', () => {
    for (const origin of [
      'null',
      '',
      'shop.example',
      'https://shop.example.evil',
      'http://shop.example',
      '\0'
    ])
      expect(own(origin, '10.0.0.1:8080'), origin).toBe(false)
    expect(own('null', '')).toBe(false)
  })
})

describe('what the browser is told', () => {
  const at = (publicUrl: string) =>
    safeHeaders({ publicUrl, mediaBase: 'https://cdn.example/live/', mediaUrl: '', s3: undefined })

  it('lets pictures and film come from the CDN, and scripts from nowhere but here', () => {
    const policy = at('https://shop.example').ofPages['content-security-policy']!
    expect(policy).toContain("media-src 'self' blob: https://cdn.example;")
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';")
    expect(policy).toContain('wss://shop.example')
  })

  it('insists on https only where there is https', () => {
    for (const kind of ['ofPages', 'ofData'] as const) {
      expect(at('https://shop.example')[kind]['strict-transport-security']).toBeTruthy()
      expect(at('http://localhost:8080')[kind]['strict-transport-security']).toBeUndefined()
    }
  })
})
