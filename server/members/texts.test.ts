import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { devInbox, sendCode, signIn } from '../../shared/contracts/members.ts'
import { MORNING, settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type TestVillage } from '../testing/village.ts'
import { inboxPage } from './inbox-page.ts'

const HOUR_MS = 60 * 60_000
const phone = '13512345678'

interface Asked {
  url?: string
  headers?: Record<string, string>
  remoteAddress?: string
}

describe('the demo inbox', () => {
  const clock = settableClock()
  let village: TestVillage
  const ask = (options: Asked = {}) =>
    village.village.http.inject({ url: `/dev/inbox?phone=${phone}`, ...options })
  beforeAll(async () => {
    village = await testVillage({ engine: engines[0]!, clock })
    await village.guest.call(sendCode, { body: { phone } })
  })
  afterAll(() => village.close())

  it('tells a program on this machine the last code of a phone', async () => {
    const { json } = await village.guest.call(devInbox, { query: { phone } })
    expect(json).toEqual({
      phone,
      code: expect.stringMatching(/^\d{6}$/),
      text: expect.stringContaining(json.code),
      sentAt: MORNING
    })
    expect((await village.guest.call(devInbox, { query: { phone: '13512345679' } })).status).toBe(404)
  })

  it('shows people a page that says that nothing was sent', async () => {
    for (const options of [{ url: '/dev/inbox' }, { headers: { accept: 'text/html,*/*' } }]) {
      const page = await ask(options)
      expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
      expect(page.headers['cache-control']).toBe('no-store')
      expect(page.body).toContain('演示短信，没有真正发送')
      expect(page.body).toContain(phone)
    }
  })

  it('is there for this machine only, whoever claims to be it', async () => {
    expect((await ask()).statusCode).toBe(200)
    expect((await ask({ remoteAddress: '::1' })).statusCode).toBe(200)
    expect((await ask({ remoteAddress: '::ffff:127.0.0.1' })).statusCode).toBe(200)
    const strangers: Asked[] = [
      { remoteAddress: '192.168.1.20' },
      { remoteAddress: '192.168.1.20', headers: { 'x-forwarded-for': '127.0.0.1' } },
      { headers: { 'x-forwarded-for': '203.0.113.9' } }, // a proxy beside us
      { headers: { via: '1.1 caddy' } },
      { headers: { 'x-forwarded-host': 'localhost:8080' } },
      { headers: { host: 'rebound.example' } } // a foreign page that points its own name at 127.0.0.1
    ]
    for (const stranger of strangers) {
      const answer = await ask(stranger)
      expect(answer.statusCode, JSON.stringify(stranger)).toBe(404)
      expect(answer.body).not.toMatch(/\d{6}/)
    }
  })

  it('forgets texts after a day', async () => {
    clock.pass(25 * HOUR_MS)
    await village.village.members.sweep()
    expect((await ask()).statusCode).toBe(404)
  })

  it('shows a text as text', () => {
    const page = inboxPage([{ phone, text: '<script>alert("1")</script>', sentAt: MORNING }])
    expect(page).not.toContain('<script>alert')
  })
})

describe('a bridge to an SMS provider', () => {
  const webhookSecret = 'w'.repeat(40)
  const got: { headers: IncomingMessage['headers']; body: string }[] = []
  let answerWith = 200
  const bridge = createServer((request, response) => {
    void text(request).then((body) => {
      got.push({ headers: request.headers, body })
      response.writeHead(answerWith).end('…')
    })
  })
  let village: TestVillage
  beforeAll(async () => {
    await new Promise<void>((resolve) => bridge.listen(0, '127.0.0.1', resolve))
    const { port } = bridge.address() as AddressInfo
    const sms = { webhookUrl: `http://127.0.0.1:${port}/send`, webhookSecret }
    village = await testVillage({ engine: engines[0]!, settings: { sms } })
  })
  afterAll(async () => {
    await village.close()
    bridge.closeAllConnections()
    bridge.close()
  })

  it('gets the text with a signature over all of it, and the code signs her in', async () => {
    expect((await village.guest.call(sendCode, { body: { phone } })).status).toBe(200)
    const [{ headers, body }] = got as [(typeof got)[0]]
    const signature = createHmac('sha256', webhookSecret).update(body).digest('hex')
    expect(headers['x-yujia-signature']).toBe(`sha256=${signature}`)
    const sent = JSON.parse(body) as { code: string }
    expect(sent).toMatchObject({ phone, text: expect.stringContaining(sent.code), at: expect.any(Number) })
    expect((await village.guest.call(signIn, { body: { phone, code: sent.code } })).status).toBe(200)
  })

  it('leaves nothing in the demo inbox, which is not even there', async () => {
    expect(await village.village.members.inbox()).toEqual([])
    expect((await village.guest.call(devInbox, { query: { phone } })).json.code).toBe('no_such_route')
  })

  it('that fails is said so in words', async () => {
    answerWith = 500
    const { status, json } = await village.guest.call(sendCode, { body: { phone: '13512345670' } })
    expect([status, json.code]).toEqual([503, 'sms_failed'])
  })
})

describe('a union without a bridge to an SMS provider', () => {
  it('is told so, and has no inbox that anybody could read', async () => {
    const settings = { allowDevSms: false, logLevel: 'silent' }
    const village = await testVillage({ engine: engines[0]!, settings })
    const { status, json } = await village.guest.call(sendCode, { body: { phone } })
    expect([status, json.code]).toEqual([503, 'sms_failed'])
    expect((await village.guest.call(devInbox, { query: { phone } })).json.code).toBe('no_such_route')
    expect(await village.village.members.inbox()).toEqual([])
    await village.close()
  })
})
