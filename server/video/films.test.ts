import { fork } from 'node:child_process'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FRAME } from '../../shared/video.ts'
import { diskObjects } from '../objects/disk.ts'
import { readFilm, replayFilm } from '../seed/film.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { AWAY_AFTER_MS, AWAY_LIMIT_MS } from './film.ts'
import { openFilms, type Films } from './films.ts'
import { filmJournal } from './journal.ts'

const film = readFilm()
const SECONDS = film.lengthUs / 1e6
const report = (error: unknown) => {
  throw error
}
const lengthS = (playlist: string) =>
  [...playlist.matchAll(/#EXTINF:([\d.]+)/g)].reduce((sum, [, each]) => sum + Number(each), 0)

describe.each(engines)('films on $name', ({ make }) => {
  let place: Awaited<ReturnType<typeof make>>
  let store: Store
  let films: Films
  let told: string[]
  const clock = settableClock()
  const opened: Films[] = []

  async function server(folder = place.dataDir, mediaUrl = '') {
    const made = openFilms({
      store,
      objects: await diskObjects(path.join(place.dataDir, 'media'), '/media'),
      journal: filmJournal(path.join(folder, 'filming')),
      clock,
      mediaUrl,
      report
    })
    opened.push(made)
    return made
  }

  beforeEach(async () => {
    place = await make()
    store = await openStore({ ...place, redisUrl: '' })
    films = await server()
    told = []
    films.on({
      arrived: () => told.push('arrived'),
      lost: () => told.push('lost'),
      back: () => told.push('back'),
      ended: () => told.push('ended')
    })
  })
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close()
    await store.close()
    await place.drop()
  })

  it('opens one session for two taps on 开播, and a new one for the next show', async () => {
    const [one, two] = await Promise.all([films.open('morning', 'haiying'), films.open('morning', 'haiying')])
    expect(one).toBe(two)
    await films.end(one)
    expect(await films.open('morning', 'haiying')).not.toBe(one)
    await vi.waitFor(() => expect(told).toEqual(['ended']))
  })

  it('says that the picture arrived once, and keeps all of it for the replay', async () => {
    const id = await films.open('morning', 'haiying')
    await replayFilm(await films.publisher(id), { filmedAt: clock.now(), rounds: 2 })
    expect((await films.replay(id)).toString()).toContain('PLAYLIST-TYPE:EVENT')
    await films.end(id)
    await films.end(id)
    const replay = (await films.replay(id)).toString()
    expect(replay).toContain('#EXT-X-ENDLIST')
    expect(lengthS(replay)).toBeCloseTo(2 * SECONDS, 1)
    expect(told).toEqual(['arrived', 'ended'])
    const later = await server()
    expect((await later.replay(id)).toString(), 'another server of the village').toBe(replay)
    const segment = await later.media(id, { msn: 0 })
    expect(segment).toBeInstanceOf(Readable)
    ;(segment as Readable).destroy()
  })

  it('knows when the picture is away, when it is back, and when nobody will come back', async () => {
    const id = await films.open('morning', 'haiying')
    const publisher = await films.publisher(id)
    await replayFilm(publisher, { filmedAt: clock.now(), rounds: 1 })
    clock.pass(AWAY_AFTER_MS)
    await films.look()
    expect(told).toEqual(['arrived'])
    clock.pass(1)
    await films.look()
    await films.look()
    await vi.waitFor(() => expect(told).toEqual(['arrived', 'lost']))
    await replayFilm(publisher, { filmedAt: clock.now(), rounds: 1 })
    await vi.waitFor(() => expect(told).toEqual(['arrived', 'lost', 'back']))
    clock.pass(AWAY_LIMIT_MS)
    await films.look()
    expect(await films.isOpen(id)).toBe(true)
    clock.pass(1)
    await films.look()
    expect(await films.isOpen(id)).toBe(false)
    await expect(films.publisher(id)).rejects.toMatchObject({ code: 'session_over' })
    await vi.waitFor(() => expect(told.at(-1)).toBe('ended'))
  })

  it('lets the newest phone take over; the old one changes nothing any more', async () => {
    const id = await films.open('morning', 'haiying')
    const replaced = vi.fn<(problem: unknown) => void>()
    const old = await films.publisher(id, replaced)
    await replayFilm(old, { filmedAt: clock.now(), rounds: 1 })
    await films.publisher(id)
    expect(replaced).toHaveBeenCalledExactlyOnceWith(undefined)
    await replayFilm(old, { filmedAt: clock.now(), rounds: 1 })
    await old.end()
    expect(await films.isOpen(id)).toBe(true)
    await films.end(id)
    expect(lengthS((await films.replay(id)).toString())).toBeCloseTo(SECONDS, 1)
  })

  it('gives a film to another server when its host connects there, and the first server adds no more', async () => {
    const id = await films.open('morning', 'haiying')
    const here = await films.publisher(id)
    await replayFilm(here, { filmedAt: clock.now(), rounds: 1 })
    const there = await server(path.join(place.dataDir, 'there'))
    const publisher = await there.publisher(id)
    await replayFilm(here, { filmedAt: clock.now(), rounds: 1 })
    await replayFilm(publisher, { filmedAt: clock.now() + 60_000, rounds: 1 })
    await there.end(id)
    const replay = (await there.replay(id)).toString()
    expect(new Set(replay.match(/seg-\d+/g)).size).toBe(replay.match(/seg-\d+/g)!.length)
    expect(replay).toContain('#EXT-X-DISCONTINUITY')
    await expect(films.publisher(id)).rejects.toMatchObject({ code: 'session_over' })
  })

  it('finds films whose server died, says that their picture is lost, and ends them in the end', async () => {
    const id = await films.open('morning', 'haiying')
    await replayFilm(await films.publisher(id), { filmedAt: clock.now(), rounds: 1 })
    await films.close()
    told = []
    const other = await server()
    other.on({ lost: () => told.push('lost'), ended: () => told.push('ended') })
    clock.pass(30_000)
    await other.sweep()
    await other.sweep()
    await vi.waitFor(() => expect(told).toEqual(['lost']))
    clock.pass(AWAY_LIMIT_MS)
    await other.sweep()
    await vi.waitFor(() => expect(told).toEqual(['lost', 'ended']))
    expect((await other.replay(id)).toString()).toContain('#EXT-X-ENDLIST')
  })

  it('keeps a closed film where no public address leads, and plays it from this address only', async () => {
    const far = 'https://far.example'
    const id = await films.open('rehearsal', 'mei', true)
    expect(await films.open('rehearsal', 'mei', true)).toBe(id)
    const publisher = await films.publisher(id)
    await replayFilm(publisher, { filmedAt: clock.now(), rounds: 1 })
    publisher.thumbnail(Buffer.from([0xff, 0xd8, 0xff, 0xd9]))
    expect(await films.closedShow(id)).toBe('rehearsal')
    expect(films.closedShow(id), 'known at once from then on').toBe('rehearsal')
    const there = await server(path.join(place.dataDir, 'there'), far)
    await there.publisher(id)
    for (const each of [films, there]) {
      expect(await each.playlist(id, false)).toBe(`/live/${id}/master.m3u8`)
      expect(await each.elsewhere(id)).toBeUndefined()
    }
    await there.end(id)
    await films.close()
    const replay = (await there.replay(id)).toString()
    expect(lengthS(replay)).toBeGreaterThan(SECONDS / 2)
    expect(replay).not.toContain('/media')
    expect(replay).toContain('\nmain/seg-0.m4s\n')
    const objects = await diskObjects(path.join(place.dataDir, 'media'), '/media')
    expect(await objects.list(`live/${id}`)).toEqual([])
    expect((await objects.list(`private/live/${id}`)).length).toBeGreaterThan(SECONDS / 2)
    for (const name of [{ init: 0 }, { msn: 0 }]) {
      const bytes = await there.media(id, name)
      expect(bytes).toBeInstanceOf(Readable)
      ;(bytes as Readable).destroy()
    }

    const open = await films.open('morning', 'haiying')
    expect(await films.closedShow(open)).toBeUndefined()
    expect(await films.closedShow('nobody')).toBeUndefined()
  })

  it('refuses what is not a picture, whoever brings it', async () => {
    const publisher = await films.publisher(await films.open('morning', 'haiying'))
    expect(() => publisher.configure({ ...film.video, description: 'AAAA' })).toThrow(
      expect.objectContaining({ code: 'not_video' })
    )
    publisher.configure(film.video, film.audio)
    const video = { key: true, timestampUs: 0, data: Buffer.from('not a picture at all') }
    expect(() => publisher.video(video)).toThrow(expect.objectContaining({ code: 'not_video' }))
    expect(() => publisher.thumbnail(Buffer.from('<svg onload=…>'))).toThrow(
      expect.objectContaining({ code: 'not_a_picture' })
    )
    await expect(films.publisher('nobody')).rejects.toMatchObject({ code: 'no_such_session' })
  })

  it('wakes who waits for a part when it is there, and answers unchanged when it does not come', async () => {
    const id = await films.open('morning', 'haiying')
    const publisher = await films.publisher(id)
    await replayFilm(publisher, { filmedAt: clock.now(), rounds: 1 })
    const pictures = film.frames.filter(({ kind }) => kind === FRAME.key || kind === FRAME.delta)
    const feed = (from: number, to: number) => {
      for (const { kind, timestampUs, data } of pictures.slice(from, to)) {
        publisher.video({ key: kind === FRAME.key, timestampUs: timestampUs + film.lengthUs, data })
      }
    }
    feed(0, 12)
    const next = /PRELOAD-HINT:TYPE=PART,URI="part-(\d+)-(\d+)/.exec((await films.index(id, {})).toString())!
    const wanted = { msn: Number(next[1]), part: Number(next[2]) }
    const part = `,URI="part-${wanted.msn}-${wanted.part}.m4s"\n`
    const listed = (playlist: Buffer) =>
      playlist
        .toString()
        .replace(/#EXT-X-PRELOAD-HINT.*\n/, '')
        .includes(part)
    expect(listed(await films.index(id, wanted))).toBe(false)
    const waiting = films.index(id, wanted)
    const media = films.media(id, wanted)
    feed(12, 24)
    expect(listed(await waiting)).toBe(true)
    expect(await media).toBeInstanceOf(Buffer)
    await expect(films.index(id, { msn: wanted.msn + 50 })).rejects.toMatchObject({ code: 'bad_input' })
  })
})

it('kill -9 in the middle of a show takes nothing that a viewer has seen', async () => {
  const place = await engines[0]!.make()
  const child = fork(path.join(import.meta.dirname, '../testing/filming.ts'), [place.dataDir])
  const { id, shownS } = await new Promise<{ id: string; shownS: number }>((resolve) =>
    child.once('message', (message) => resolve(message as { id: string; shownS: number }))
  )
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))

  const store = await openStore({ ...place, redisUrl: '' })
  const films = openFilms({
    store,
    objects: await diskObjects(path.join(place.dataDir, 'media'), '/media'),
    journal: filmJournal(path.join(place.dataDir, 'filming')),
    clock: settableClock(Date.now()),
    mediaUrl: '',
    report
  })
  // The host's phone comes back by itself; the viewers' window goes on where it was.
  await replayFilm(await films.publisher(id), { filmedAt: Date.now(), rounds: 1 })
  expect((await films.index(id, {})).toString()).toContain('#EXT-X-DISCONTINUITY')
  await films.end(id)
  const replay = (await films.replay(id)).toString()
  expect(lengthS(replay)).toBeCloseTo(shownS + SECONDS, 1)
  await films.close()
  await store.close()
  await place.drop()
})
