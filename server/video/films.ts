import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Objects } from '../objects/objects.ts'
import { newId } from '../store/id.ts'
import type { Store } from '../store/store.ts'
import { openArchive } from './archive.ts'
import { presence, stretchesOf, type Stretch } from './film.ts'
import type { FilmJournal } from './journal.ts'
import { newRecording, type Making } from './making.ts'
import { publisherOf, type Publisher } from './publisher.ts'
import { newReel, type Reel } from './reel.ts'
import { openScreen, type Screen } from './screen.ts'
import { filmStore, type Session } from './store.ts'

/** Films one server makes at a time; each may keep some 20 MB of its newest picture in memory. */
const FILMS_AT_ONCE = 200
/** How often the films here are looked at for a picture that was lost. */
const LOOK_EVERY_MS = 500
/** How often all films of the store are looked at for one whose server died. */
export const SWEEP_EVERY_MS = 10_000
/** Longer than any two segments of a film that somebody feeds lie apart. */
const NOBODY_FEEDS_AFTER_MS = 20_000
/** Viewers of a film that ended still fetch its last parts for so long. */
const LINGER_MS = 30_000

export interface FilmListener {
  /** The first part can be played. */
  arrived?(sessionId: string): unknown
  lost?(sessionId: string): unknown
  back?(sessionId: string): unknown
  ended?(sessionId: string): unknown
}

export interface Films extends Screen {
  /** 开播: the session of this show that is still open, or a new one; `closed`: not for everybody. */
  open(showId: string, hostId: string, closed?: boolean): Promise<string>
  /** Ends a film once; resolves when its replay is whole. Ending it again does nothing. */
  end(sessionId: string): Promise<void>
  /** Who may feed this film. Refuses with `no_such_session` or `session_over`. */
  publisherIdOf(sessionId: string): Promise<string>
  /** From now on this publisher alone feeds the film; `replaced` tells it when another has taken over, or the film is over. */
  publisher(sessionId: string, replaced?: (problem: Problem | undefined) => void): Promise<Publisher>
  on(listener: FilmListener): void
  isOpen(sessionId: string): Promise<boolean>
  /** How long its recording is. */
  recordedMs(sessionId: string): Promise<number>
  /** Its recording as pieces without a hole: when each was filmed, where it begins in the recording, how long it is. */
  stretches(sessionId: string): Promise<Stretch[]>

  /** Finds pictures that were lost and films nobody came back to. Runs by itself twice a second. */
  look(): Promise<void>
  /** The same for films whose server died. A job of every server. */
  sweep(): Promise<void>
  /** Lets what was filmed reach the recording; the films stay open and go on when their hosts come back. */
  close(): Promise<void>
}

export function openFilms({
  store: database,
  objects,
  journal,
  clock,
  mediaUrl,
  report
}: {
  store: Store
  objects: Objects
  journal: FilmJournal
  clock: Clock
  /** This server’s own address, with several servers; else empty. */
  mediaUrl: string
  report: (error: unknown, what?: string) => void
}): Films {
  const store = filmStore(database)
  const archive = openArchive({ store, objects, journal })
  /** This server process, as the one that numbers a film’s segments. */
  const holder = newId(clock.now())
  const making = new Map<string, Making>()
  const takingUp = new Map<string, Promise<Making>>()
  const lingering = new Map<string, { reel: Reel; timer: NodeJS.Timeout }>()
  const mourned = new Set<string>()
  const listeners: FilmListener[] = []
  const { ended: shownToTheEnd, ...screen } = openScreen({
    store,
    archive,
    mediaUrl,
    making,
    reelOf: (sessionId) => making.get(sessionId)?.reel ?? lingering.get(sessionId)?.reel
  })

  const looking = setInterval(() => void films.look().catch(report), LOOK_EVERY_MS)
  looking.unref()

  const films: Films = {
    ...screen,

    async open(showId, hostId, closed = false) {
      const now = clock.now()
      const { id } = await store.open({
        id: newId(now),
        showId,
        publisherId: hostId,
        openedAt: now,
        mediaUrl,
        holder,
        closed
      })
      return id
    },

    async end(sessionId) {
      const film = making.get(sessionId)
      if (film) await develop(film)
      else await archive.rescue(sessionId)
      const ended = await store.end(sessionId, clock.now())
      if (film) putAway(film, true)
      mourned.delete(sessionId)
      shownToTheEnd(sessionId)
      if (ended) tell('ended', sessionId)
    },

    async publisherIdOf(sessionId) {
      return (await sessionNamed(sessionId)).publisherId
    },

    async publisher(sessionId, replaced) {
      const film = making.get(sessionId) ?? (await takeUp(sessionId))
      film.replace?.(undefined)
      film.replace = replaced ?? (() => {})
      return publisherOf(film, { clock, describe: store.describe, end: films.end })
    },

    on: (listener) => void listeners.push(listener),

    async isOpen(sessionId) {
      return making.has(sessionId) || (await store.session(sessionId))?.state === 'open'
    },

    recordedMs: store.recordedMs,
    stretches: async (sessionId) => stretchesOf(await store.filmedQuery(sessionId)),

    async look() {
      const now = clock.now()
      for (const film of making.values()) {
        const state = presence(film, now)
        if (state === 'away' && !film.away) {
          film.away = true
          tell('lost', film.session.id)
        }
        if (state === 'over') await films.end(film.session.id)
      }
    },

    async sweep() {
      const now = clock.now()
      for (const session of await store.silentSince(now - NOBODY_FEEDS_AFTER_MS)) {
        if (making.has(session.id)) continue
        const state = presence(
          {
            openedAt: session.openedAt,
            firstFrameAt: session.firstFrameAt ?? undefined,
            lastFrameAt: session.lastFrameAt ?? undefined
          },
          now
        )
        if (state === 'over') await films.end(session.id)
        else if (state === 'away' && !mourned.has(session.id)) {
          mourned.add(session.id)
          tell('lost', session.id)
        }
      }
    },

    async close() {
      clearInterval(looking)
      for (const film of making.values()) {
        film.replace?.(undefined)
        await develop(film)
        putAway(film, false)
      }
      for (const [id, { timer }] of lingering) {
        clearTimeout(timer)
        lingering.delete(id)
      }
    }
  }
  return films

  function tell(what: keyof FilmListener, sessionId: string) {
    for (const listener of listeners) {
      Promise.resolve()
        .then(() => listener[what]?.(sessionId))
        .catch((error: unknown) => report(error, `nobody took it well that a picture ${what}`))
    }
  }

  async function sessionNamed(sessionId: string): Promise<Session> {
    const session = making.get(sessionId)?.session ?? (await store.session(sessionId))
    if (!session) throw new Problem('no_such_session')
    if (session.state === 'ended') throw new Problem('session_over')
    return session
  }

  /** This server makes the film from now on. Two who come at once take it up once. */
  function takeUp(sessionId: string): Promise<Making> {
    let taking = takingUp.get(sessionId)
    if (!taking) {
      taking = takeUpOnce(sessionId).finally(() => takingUp.delete(sessionId))
      takingUp.set(sessionId, taking)
    }
    return taking
  }

  async function takeUpOnce(sessionId: string): Promise<Making> {
    await sessionNamed(sessionId)
    if (making.size >= FILMS_AT_ONCE) throw new Problem('busy')
    const session = await store.takeUp(sessionId, holder, mediaUrl)
    if (!session) throw new Problem('session_over')
    await archive.rescue(sessionId)
    const film: Making = {
      session,
      reel: newReel(
        {
          init(number, bytes) {
            film.recording.add(() => archive.keepInit(session, number, bytes))
          },
          part(segment, part) {
            journal.part(sessionId, segment, part)
            seen(film)
          },
          closed(segment, bytes) {
            journal.closed(sessionId, segment.msn)
            const { lastFrameAt = clock.now() } = film
            film.recording.add(async () => {
              if (!(await archive.keep(session, segment, bytes, lastFrameAt))) giveUp(film)
            })
          }
        },
        await archive.earlier(sessionId)
      ),
      openedAt: clock.now(),
      firstFrameAt: session.firstFrameAt ?? undefined,
      lastFrameAt: session.firstFrameAt === null ? undefined : clock.now(),
      away: session.firstFrameAt !== null,
      closing: false,
      thumbnail: undefined,
      recording: newRecording(sessionId, report),
      replace: undefined
    }
    making.set(sessionId, film)
    return film
  }

  /** A part is out. */
  function seen(film: Making) {
    if (film.closing) return
    const { id } = film.session
    film.lastFrameAt = clock.now()
    if (film.firstFrameAt === undefined) {
      const at = (film.firstFrameAt = film.lastFrameAt)
      film.recording.add(() => store.firstFrame(id, at))
      tell('arrived', id)
    } else if (film.away) tell('back', id)
    film.away = false
    mourned.delete(id)
  }

  /** Another server has taken the film up, or it was ended there: whoever feeds us has to go there. */
  function giveUp(film: Making) {
    film.replace?.(undefined)
    putAway(film, false)
  }

  /** Closes what is being filmed and waits until all of it is kept. */
  async function develop(film: Making) {
    film.closing = true
    film.reel.packager.close()
    const { thumbnail, session, recording } = film
    if (thumbnail) recording.add(() => archive.keepThumbnail(session, thumbnail))
    await recording.kept()
  }

  function putAway(film: Making, over: boolean) {
    const { id } = film.session
    if (making.get(id) !== film) return
    making.delete(id)
    if (over) film.replace?.(new Problem('session_over'))
    film.replace = undefined
    film.reel.finish(over)
    if (!over) return
    const timer = setTimeout(() => lingering.delete(id), LINGER_MS)
    timer.unref()
    lingering.set(id, { reel: film.reel, timer })
  }
}
