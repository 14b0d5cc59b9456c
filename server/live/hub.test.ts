import { once } from 'node:events'
import net, { type AddressInfo, type Socket } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { CATCH_UP_EVENTS } from '../../shared/room.ts'
import { settableClock } from '../testing/clock.ts'
import { Hub, type Line, type Listener } from './hub.ts'

const clock = settableClock()
const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

const line = (n: number): Line => ({
  n,
  json: JSON.stringify([n, 1, 'product_pinned', { productId: `p${n}` }])
})

/** A log that stands at `version`, and how often it was asked. */
function logAt(version: number) {
  const log = { lines: Array.from({ length: version }, (_, i) => line(i + 1)), asked: 0 }
  const since = async (after: number, limit: number) => {
    log.asked++
    return log.lines.filter(({ n }) => n > after).slice(0, limit)
  }
  return { log, since }
}

function hubAt(version: number, since = logAt(version).since) {
  const hub = new Hub(version, since, clock.now)
  ends.push(() => hub.close())
  return hub
}

/** A socket over real TCP whose other end reads only when it is told to. */
async function phone() {
  const server = net.createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const far = net.connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [raw] = (await once(server, 'connection')) as [Socket]
  let text = ''
  const ws = { readyState: 1, close: vi.fn<() => void>(), terminate: vi.fn<() => void>(() => raw.destroy()) }
  far.on('data', (part: Buffer) => (text += part.toString('latin1')))
  ends.push(() => {
    far.destroy()
    raw.destroy()
    server.close()
  })
  const listener: Listener = { ws: ws as unknown as WebSocket, raw, laggedSince: undefined }
  return {
    listener,
    ws,
    far,
    numbers: () => [...text.matchAll(/\[(\d+),\d+,"product_pinned"/g)].map(([, n]) => Number(n)),
    reloads: () => text.split('"reload"').length - 1
  }
}

describe('a hub', () => {
  it('says facts in order, once, however they come', async () => {
    const hub = hubAt(0)
    const viewer = await phone()
    await hub.join(viewer.listener, undefined)
    for (const n of [2, 1, 1, 4, 2, 3, 5, 4]) hub.accept(n, line(n).json)
    await vi.waitFor(() => expect(viewer.numbers()).toEqual([1, 2, 3, 4, 5]))
  })

  it('asks the log for a fact that does not come', async () => {
    const { log, since } = logAt(4)
    const hub = hubAt(1, since)
    const viewer = await phone()
    await hub.join(viewer.listener, undefined)
    hub.accept(4, line(4).json)
    await vi.waitFor(() => expect(viewer.numbers()).toEqual([2, 3, 4]))
    expect(log.asked).toBe(1)
  })

  it('serves those who come back from memory, without asking the log', async () => {
    const { log, since } = logAt(0)
    const hub = hubAt(0, since)
    for (let n = 1; n <= 50; n++) hub.accept(n, line(n).json)
    const here = await phone()
    await hub.join(here.listener, undefined)
    await vi.waitFor(() => expect(hub.version).toBe(50))
    await new Promise(setImmediate)
    const back = await phone()
    await hub.join(back.listener, 40)
    await vi.waitFor(() => expect(back.numbers()).toEqual([41, 42, 43, 44, 45, 46, 47, 48, 49, 50]))
    expect(log.asked).toBe(0)
  })

  it('lets everybody load the room anew when it has itself missed too much', async () => {
    const { since } = logAt(CATCH_UP_EVENTS + 1)
    const hub = hubAt(0, since)
    const viewer = await phone()
    await hub.join(viewer.listener, undefined)
    await hub.heal()
    await vi.waitFor(() => expect(viewer.reloads()).toBe(1))
    expect(viewer.numbers()).toEqual([])
    const next = CATCH_UP_EVENTS + 2
    hub.accept(next, line(next).json)
    await vi.waitFor(() => expect(viewer.numbers()).toEqual([next]))
  })

  it('keeps little for who asks again and again and does not read, and lets her go', async () => {
    const hub = hubAt(0)
    for (let n = 1; n <= CATCH_UP_EVENTS; n++) hub.accept(n, line(n).json)
    const greedy = await phone()
    greedy.far.pause()
    await hub.join(greedy.listener, undefined)
    await new Promise(setImmediate)
    for (let n = 0; n < 10_000; n++) await hub.catchUp(greedy.listener, 0)
    expect(greedy.listener.raw.writableLength).toBeLessThan(128 * 1024)
    clock.pass(10_001)
    hub.beat()
    expect(greedy.ws.terminate).toHaveBeenCalledOnce()
  })

  it('skips who does not read, keeps little for her, and lets her load the room anew when she does', async () => {
    const hub = hubAt(0)
    const slow = await phone()
    const quick = await phone()
    slow.far.pause()
    await hub.join(slow.listener, undefined)
    await hub.join(quick.listener, undefined)
    const long = 'x'.repeat(100_000)
    let n = 0
    const say = () => hub.accept(++n, JSON.stringify([n, 1, 'product_pinned', { productId: long }]))
    // The kernel takes some megabytes of its own before the socket says that it is full.
    while (slow.listener.laggedSince === undefined && n < 500) {
      say()
      await vi.waitFor(() => expect(quick.numbers()).toHaveLength(n))
    }
    const held = slow.listener.raw.writableLength
    expect(slow.listener.laggedSince).toBe(clock.now())
    expect(held).toBeLessThan(64 * 1024 + 2 * long.length)
    for (let i = 0; i < 20; i++) say()
    await vi.waitFor(() => expect(quick.numbers()).toHaveLength(n))
    expect(slow.listener.raw.writableLength).toBe(held)

    slow.far.resume()
    await vi.waitFor(() => expect(slow.listener.raw.writableLength).toBe(0))
    hub.beat()
    await vi.waitFor(() => expect(slow.reloads()).toBe(1))
    say()
    await vi.waitFor(() => expect(slow.numbers().at(-1)).toBe(n))
    expect(slow.ws.terminate).not.toHaveBeenCalled()
  })

  it('lets go of who does not read for ten seconds', async () => {
    const hub = hubAt(0)
    const slow = await phone()
    slow.far.pause()
    await hub.join(slow.listener, undefined)
    let n = 0
    while (slow.listener.laggedSince === undefined && n < 500) {
      hub.accept(++n, JSON.stringify([n, 1, 'product_pinned', { productId: 'x'.repeat(200_000) }]))
      await vi.waitFor(() => expect(hub.version).toBe(n))
      await new Promise((resolve) => setTimeout(resolve, 6))
    }
    clock.pass(9_999)
    hub.beat()
    expect(slow.ws.terminate).not.toHaveBeenCalled()
    clock.pass(2)
    hub.beat()
    expect(slow.ws.terminate).toHaveBeenCalledOnce()
  })

  it('never writes to a socket that is closing', async () => {
    const hub = hubAt(0)
    const leaving = await phone()
    await hub.join(leaving.listener, undefined)
    leaving.ws.readyState = 2
    const write = vi.spyOn(leaving.listener.raw, 'write')
    const staying = await phone()
    await hub.join(staying.listener, undefined)
    hub.accept(1, line(1).json)
    await vi.waitFor(() => expect(staying.numbers()).toEqual([1]))
    expect(write).not.toHaveBeenCalled()
  })
})
