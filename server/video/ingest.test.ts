import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { FRAME, FRAME_HEADER_BYTES, MAX_FRAME_BYTES, type IngestMessage } from '../../shared/video.ts'
import { readFilm } from '../seed/film.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { CLOSED } from './ingest.ts'

const film = readFilm()
const config = { t: 'config', video: film.video, audio: film.audio }

function frame(kind: number, timestampUs: number, data: Uint8Array) {
  const bytes = Buffer.alloc(FRAME_HEADER_BYTES + data.length)
  bytes[0] = kind
  bytes.writeDoubleBE(timestampUs, 1)
  bytes.set(data, FRAME_HEADER_BYTES)
  return bytes
}

describe('the studio’s socket', () => {
  let town: TestVillage
  let base: string
  let host: SignedIn
  let sessionId: string
  const sockets: WebSocket[] = []

  beforeAll(async () => {
    town = await testVillage({ engine: engines[0]! })
    await town.village.http.listen({ port: 0, host: '127.0.0.1' })
    base = `127.0.0.1:${(town.village.http.server.address() as AddressInfo).port}`
    host = await town.signIn('海英', 'host')
    sessionId = await town.village.films.open('morning', host.me.id)
  })
  afterAll(async () => {
    for (const socket of sockets) socket.terminate()
    await town.close()
  })

  /** A studio that notes what it hears; `closed` is the code it was closed with, or −status of a refused upgrade. */
  function studio(who: SignedIn | undefined, { id = sessionId, headers = {} } = {}) {
    const socket = new WebSocket(`ws://${base}/ws/ingest/${id}`, {
      headers: { ...(who && { cookie: who.cookie }), ...headers }
    })
    sockets.push(socket)
    const heard: IngestMessage[] = []
    socket.on('message', (data) => heard.push(JSON.parse(String(data)) as IngestMessage))
    const closed = new Promise<number>((resolve) => {
      socket.on('close', resolve)
      socket.on('unexpected-response', (_, response) => resolve(-response.statusCode!))
      socket.on('error', () => {})
    })
    const say = (message: unknown) => socket.send(JSON.stringify(message))
    const open = new Promise((resolve) => socket.once('open', resolve))
    const hears = async (t: IngestMessage['t']) => {
      await expect.poll(() => heard.map((each) => each.t)).toContain(t)
    }
    return { socket, heard, closed, say, open, hears }
  }

  it('is closed to guests, to buyers and to other people’s pages', async () => {
    const buyer = await town.signIn('小美', 'buyer')
    expect(await studio(undefined).closed).toBe(-401)
    expect(await studio(buyer).closed).toBe(CLOSED.notYours)
    expect(await studio(host, { headers: { origin: 'https://evil.example' } }).closed).toBe(-403)
  })

  it('is closed to another host and for a session that is not there, in words', async () => {
    const other = studio(await town.signIn('秀兰', 'host'))
    expect(await other.closed).toBe(CLOSED.notYours)
    expect(other.heard).toEqual([{ t: 'refused', code: 'show_not_yours', message: '这不是您的直播，不能动' }])
    const nobody = studio(host, { id: 'nobody' })
    expect(await nobody.closed).toBe(CLOSED.refused)
    expect(nobody.heard).toMatchObject([{ code: 'no_such_session' }])
  })

  it('takes a film, acknowledges it, and the film can be watched over HTTP', async () => {
    const { socket, say, open, hears, heard } = studio(host)
    await open
    say({ t: 'ping' })
    say(config)
    await hears('ready')
    for (const { kind, timestampUs, data } of film.frames.slice(0, 200)) {
      socket.send(frame(kind, timestampUs, data))
    }
    await hears('ack')
    expect(heard.map(({ t }) => t)).toContain('pong')
    const get = (name: string) => fetch(`http://${base}/live/${sessionId}/${name}`)
    await expect.poll(async () => (await get('main/index.m3u8')).status).toBe(200)
    const master = await get('master.m3u8')
    expect(master.headers.get('cache-control')).toBe('no-cache')
    expect(await master.text()).toContain('CODECS="avc1.42C01F,mp4a.40.2",RESOLUTION=540x960')
    const part = await get('main/part-0-0.m4s')
    expect(part.headers.get('cache-control')).toContain('immutable')
    expect(part.headers.get('access-control-allow-origin')).toBe('*')
    expect((await part.arrayBuffer()).byteLength).toBeGreaterThan(1000)
    expect((await get('main/init-0.mp4')).status).toBe(200)
    expect(await (await get('thumb.jpg')).blob()).toMatchObject({ type: 'image/jpeg' })
    for (const gone of ['main/seg-999.m4s', 'main/part-999-0.m4s', 'main/init-9.mp4', 'main/../secret']) {
      expect((await get(gone)).status, gone).toBe(404)
    }
    expect(await (await get('main/seg-999.m4s')).json()).toMatchObject({ code: 'segment_gone' })
    expect((await get('main/index.m3u8?_HLS_msn=-1')).status).toBe(400)
    expect((await fetch(`http://${base}/live/nobody/master.m3u8`)).status).toBe(404)
  })

  it('is taken over by her other phone', async () => {
    const one = studio(host)
    await one.open
    one.say(config)
    await one.hears('ready')
    const two = studio(host)
    await two.open
    two.say(config)
    await two.hears('ready')
    expect(await one.closed).toBe(CLOSED.replaced)
  })

  it.each<[string, (send: WebSocket['send'], say: (message: unknown) => void) => void]>([
    ['text that is no message', (send) => send('hello')],
    ['a message we do not know', (_, say) => say({ t: 'dance' })],
    ['a config that is no picture', (_, say) => say({ t: 'config', video: { description: 'AAAA' } })],
    ['frames before the config', (send) => send(frame(FRAME.key, 0, film.frames[1]!.data))],
    [
      'noise instead of frames',
      (send, say) => {
        say(config)
        send(frame(FRAME.key, 0, Buffer.from('noise noise noise noise')))
      }
    ],
    [
      'a timestamp that is no number',
      (send, say) => {
        say(config)
        send(frame(FRAME.key, NaN, film.frames.find(({ kind }) => kind === FRAME.key)!.data))
      }
    ]
  ])('refuses %s', async (_, doIt) => {
    const { socket, say, open, closed, heard } = studio(host)
    await open
    doIt(socket.send.bind(socket) as WebSocket['send'], say)
    expect(await closed).toBe(CLOSED.refused)
    expect(heard.at(-1)).toMatchObject({ t: 'refused', code: 'not_video', message: expect.any(String) })
  })

  it('closes who floods: with configs, with frames, with bytes', async () => {
    const configs = studio(host)
    await configs.open
    for (let i = 0; i < 10; i++) configs.say(config)
    expect(await configs.closed).toBe(CLOSED.flood)

    const frames = studio(host)
    await frames.open
    frames.say(config)
    const { data } = film.frames.find(({ kind }) => kind === FRAME.delta)!
    for (let i = 0; i < 1_000; i++) frames.socket.send(frame(FRAME.delta, i * 1000, data))
    expect(await frames.closed).toBe(CLOSED.flood)

    const bytes = studio(host)
    await bytes.open
    bytes.say(config)
    bytes.socket.send(Buffer.alloc(MAX_FRAME_BYTES + FRAME_HEADER_BYTES + 1))
    expect([1006, 1009]).toContain(await bytes.closed)
  })

  it('ends the film when she says so, and lets nobody film on', async () => {
    const { say, open, closed, hears } = studio(host)
    await open
    say(config)
    await hears('ready')
    say({ t: 'end' })
    expect(await closed).toBe(CLOSED.over)
    expect(await town.village.films.isOpen(sessionId)).toBe(false)
    expect(await studio(host).closed).toBe(CLOSED.over)
  })
})
