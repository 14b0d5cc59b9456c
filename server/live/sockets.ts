import type {} from '@fastify/websocket'
import type { FastifyRequest } from 'fastify'
import { Object } from 'typebox'
import type { WebSocket } from 'ws'
import { Problem } from '../../shared/problems.ts'
import type { AnswerType, Answers, RoomCommand } from '../../shared/room.ts'
import { Id } from '../../shared/schemas.ts'
import type { Clock } from '../clock.ts'
import { problemOf } from '../http/answers.ts'
import type { Http } from '../http/http.ts'
import type { Member } from '../members/member.ts'
import type { Desks, Seat } from './desks.ts'
import type { Hearts } from './hearts.ts'
import type { Listener } from './hub.ts'
import { isMessageId, roleIn } from './message.ts'
import type { Ear, Rooms } from './rooms.ts'
import { deskOf, type Show } from './show.ts'
import type { Shows } from './shows.ts'
import type { Talk } from './talk.ts'

/** A whole village sits behind one address of its network. */
const SOCKETS_PER_ADDRESS = 1_000
const SOCKETS_PER_SERVER = 20_000
/** Longest thing a viewer's phone has to say. */
const COMMAND_BYTES = 2_048
/** Commands within a window; who sends more is closed. Helpers type for a whole room. */
const WINDOW_MS = 10_000
const COMMANDS = { viewer: 100, staff: 1_000 }
/** Messages we cannot read before the socket is closed. */
const UNREADABLE = 3
/** Every so often each socket must show a sign of life; after two silent rounds it is gone. */
const PING_MS = 30_000
/** A session that ended elsewhere, or a role that was taken away, is noticed after this at the latest. */
const CHECK_MS = 5 * 60_000

/** Why the server closed a socket. */
export const CLOSED = { signedOut: 4001, unreadable: 4002, flood: 4003 } as const

interface Place {
  listener: Listener
  request: FastifyRequest
  member: Member | undefined
  /** What she listens to, once she does. */
  show?: Show
  /** She sits at its desk … */
  desk: boolean
  /** … and it is somebody else's show. */
  seat?: Seat
  heardAt: number
}

/** The rooms' sockets: guests read, members talk, and a desk hears its show's orders. */
export function roomSockets(
  http: Http,
  {
    rooms,
    shows,
    talk,
    hearts,
    desks,
    clock,
    memberOf,
    onEnded
  }: {
    rooms: Rooms
    shows: Shows
    talk: Talk
    hearts: Hearts
    desks: Desks
    clock: Clock
    memberOf: (request: FastifyRequest) => Member | undefined | Promise<Member | undefined>
    /** Calls back when a member's sessions have ended: signed out, banned, other roles. */
    onEnded: (listener: (memberId: string) => void) => void
  }
) {
  const places = new Set<Place>()
  const perAddress = new Map<string, number>()

  function refuseTooMany(request: FastifyRequest) {
    if (places.size >= SOCKETS_PER_SERVER) throw new Problem('busy')
    if ((perAddress.get(request.ip) ?? 0) >= SOCKETS_PER_ADDRESS) throw new Problem('too_many_sockets')
  }

  const schema = { params: Object({ showId: Id }) }
  const showIdOf = (request: FastifyRequest) => (request.params as { showId: string }).showId

  http.route({
    method: 'GET',
    url: '/ws/rooms/:showId',
    websocket: true,
    schema,
    config: { who: 'anyone' },
    preHandler: async (request) => {
      refuseTooMany(request)
      await shows.watchedBy(request.member, showIdOf(request))
    },
    handler: (ws, request) => welcome(ws, request, showIdOf(request), false)
  })
  http.route({
    method: 'GET',
    url: '/ws/desks/:showId',
    websocket: true,
    schema,
    config: { who: 'member' },
    preHandler: async (request) => {
      refuseTooMany(request)
      await shows.runBy(request.me, showIdOf(request))
    },
    handler: (ws, request) => welcome(ws, request, showIdOf(request), true)
  })

  /** Listens to the socket at once: what she says before her place is ready waits for it. */
  function welcome(ws: WebSocket, request: FastifyRequest, showId: string, desk: boolean) {
    const listener: Listener = { ws, raw: request.raw.socket, laggedSince: undefined }
    const place: Place = { listener, request, member: request.member, desk, heardAt: clock.now() }
    places.add(place)
    perAddress.set(request.ip, (perAddress.get(request.ip) ?? 0) + 1)
    let ear: Ear | undefined
    const ready = enter(place, showId, desk, after(request)).then((entered) => (ear = entered.ear) && entered)
    ready.catch((error: unknown) => {
      request.log.error({ err: error }, 'a socket found no room')
      ws.close(1011)
    })

    const count = { since: clock.now(), commands: 0, unreadable: 0 }
    ws.on('pong', () => {
      place.heardAt = clock.now()
      if (place.seat) void desks.heard(place.seat)
    })
    ws.on('message', (data, binary) => {
      place.heardAt = clock.now()
      void ready.then(
        ({ ear, show }) => hear(place, ear, show, desk, count, data as Buffer, binary),
        () => {}
      )
    })
    ws.on('close', () => {
      places.delete(place)
      if (place.seat) desks.leave(place.seat)
      const left = (perAddress.get(request.ip) ?? 1) - 1
      if (left > 0) perAddress.set(request.ip, left)
      else perAddress.delete(request.ip)
      if (ear) ear.leave()
      else void ready.then(({ ear }) => ear.leave()).catch(() => {})
    })
  }

  async function enter(place: Place, showId: string, desk: boolean, after: number | undefined) {
    const { listener, member } = place
    const show = (place.show = await shows.get(showId))
    listener.works = member !== undefined && (await shows.mayRun(show, member))
    const ear = await rooms.enter(desk ? deskOf(showId) : showId, listener)
    const who = member && { member: { name: member.name, role: roleIn(show.hostId, member) } }
    answer(ear, 'welcome', { version: ear.version, viewers: ear.viewers, ...who })
    await ear.join(after)
    if (desk && member && member.id !== show.hostId && listener.ws.readyState === listener.ws.OPEN) {
      place.seat = { showId, memberId: member.id, ask: () => listener.ws.ping() }
      void desks.sit(place.seat)
    }
    return { ear, show }
  }

  const answer = <T extends AnswerType>(ear: Ear, type: T, body: Answers[T]) =>
    ear.answer(JSON.stringify([0, clock.now(), type, body]))

  async function hear(
    place: Place,
    ear: Ear,
    show: Show,
    desk: boolean,
    count: { since: number; commands: number; unreadable: number },
    data: Buffer,
    binary: boolean
  ) {
    const { ws } = place.listener
    const staff = place.listener.works ?? false
    if (clock.now() - count.since >= WINDOW_MS) {
      count.since = clock.now()
      count.commands = 0
    }
    if (++count.commands > (staff ? COMMANDS.staff : COMMANDS.viewer)) {
      ws.close(CLOSED.flood, new Problem('too_fast').message)
      return
    }
    const command = binary || data.length > COMMAND_BYTES ? undefined : commandIn(data)
    if (!command) {
      refuse(ear, new Problem('bad_message'))
      if (++count.unreadable >= UNREADABLE) ws.close(CLOSED.unreadable, new Problem('bad_message').message)
      return
    }
    try {
      await obey(command, place.member, ear, show, desk, staff)
    } catch (error) {
      const problem = problemOf(error as Error)
      if (problem.code === 'broken') place.request.log.error({ err: error }, 'a bug in a room')
      refuse(ear, problem, 'id' in command ? command.id : undefined)
    }
  }

  async function obey(
    command: RoomCommand,
    member: Member | undefined,
    ear: Ear,
    show: Show,
    desk: boolean,
    staff: boolean
  ) {
    if (command.t === 'ping') return answer(ear, 'pong', {})
    if (command.t === 'since') return ear.since(command.n)
    if (desk) throw new Problem('bad_message')
    if (command.t === 'hearts') return hearts.give(show.id, command.n)
    if (!member) throw new Problem('sign_in_first')
    const speaker = { id: member.id, name: member.name, role: roleIn(show.hostId, member), staff }
    await talk.say(show.id, speaker, command)
    answer(ear, 'said', { id: command.id })
  }

  function refuse(ear: Ear, problem: Problem, id?: string) {
    const waitMs = problem.details?.waitMs
    answer(ear, 'refused', {
      ...(id !== undefined && { id }),
      code: problem.code,
      message: problem.message,
      ...(typeof waitMs === 'number' && { waitMs })
    })
  }

  const ping = setInterval(() => {
    for (const { listener, heardAt } of places) {
      if (clock.now() - heardAt > 2 * PING_MS) listener.ws.terminate()
    }
    rooms.ping()
  }, PING_MS)

  onEnded((memberId) => {
    for (const { member, listener } of places) if (member?.id === memberId) signedOut(listener.ws)
  })
  const check = setInterval(() => void checkSessions(), CHECK_MS)

  async function checkSessions() {
    for (const { member, request, listener, show, desk } of Array.from(places)) {
      if (!member) continue
      // the store is away: nobody is put out for that
      const still = await Promise.resolve(memberOf(request)).catch(() => member)
      const welcome = !show || !still || (await mayStay(show, still, desk).catch(() => true))
      if (!still || !welcome || still.roles.join() !== member.roles.join()) signedOut(listener.ws)
    }
  }

  /** A desk is for who runs the show now: a mentor's pair may have ended since she sat down. */
  const mayStay = async (show: Show, member: Member, desk: boolean) =>
    desk ? shows.mayRun(await shows.get(show.id), member) : shows.mayWatch(show, member)

  return {
    close() {
      clearInterval(ping)
      clearInterval(check)
      for (const { listener } of places) listener.ws.close(1001)
    }
  }
}

const signedOut = (ws: WebSocket) => ws.close(CLOSED.signedOut, new Problem('sign_in_first').message)

/** `?after=41`: the last fact she knows. */
function after(request: FastifyRequest) {
  const { after } = request.query as { after?: string }
  return after !== undefined && /^\d{1,9}$/.test(after) ? Number(after) : undefined
}

function commandIn(data: Buffer): RoomCommand | undefined {
  let command: unknown
  try {
    command = JSON.parse(data.toString())
  } catch {
    return undefined
  }
  if (typeof command !== 'object' || command === null || !('t' in command)) return undefined
  const { t, id, text, n } = command as Record<string, unknown>
  if (t === 'ping') return { t }
  if (t === 'say' && isMessageId(id) && typeof text === 'string') return { t, id, text }
  if ((t === 'hearts' || t === 'since') && Number.isSafeInteger(n) && (n as number) >= 0)
    return { t, n: n as number }
  return undefined
}
