import { Problem, type ProblemCode } from '../../shared/problems.ts'
import type { Role } from '../../shared/contract.ts'
import type { Clock } from '../clock.ts'
import type { Store, Tx } from '../store/store.ts'
import type { Rooms } from './rooms.ts'
import { roomStore, type NewFact } from './store.ts'
import { spoken } from './message.ts'

/** What is said within this time, and while the unit before is being written, shares one unit of work. */
const GATHER_MS = 4
const LINES_PER_UNIT = 100
/** Lines of one room that wait to be written. */
const MAX_WAITING = 1_000
/** A buyer says no more than this in … */
const LINES_PER_BUYER = 5
const BUYER_MS = 5_000
/** All buyers of a room together; beyond it nobody could read along. Host and helpers are never held back. */
const BUYERS_LINES_PER_SECOND = 25

export interface Speaker {
  id: string
  name: string
  role: Role
  /** Host of the show or one of its helpers. */
  staff: boolean
}

export interface Talk {
  /** Resolves when the message is on disk. The same id by the same speaker again is no second message. */
  say(roomId: string, speaker: Speaker, message: { id: string; text: string }): Promise<void>
}

interface Said {
  speaker: Speaker
  id: string
  text: string
  resolve: () => void
  reject: (problem: unknown) => void
}

interface Conversation {
  waiting: Said[]
  writing: boolean
  /** When each buyer said her last lines. */
  said: Map<string, number[]>
  second: number
  linesThisSecond: number
}

/** What people say in a room: facts like any other, gathered so that a burst is one unit of work. */
export function openTalk({ store, rooms, clock }: { store: Store; rooms: Rooms; clock: Clock }): Talk {
  const logs = roomStore(store)
  const conversations = new Map<string, Conversation>()

  function conversationIn(roomId: string) {
    let found = conversations.get(roomId)
    if (!found) {
      found = { waiting: [], writing: false, said: new Map(), second: 0, linesThisSecond: 0 }
      conversations.set(roomId, found)
    }
    return found
  }

  async function writeWaiting(roomId: string, conversation: Conversation) {
    while (conversation.waiting.length) {
      const lines = conversation.waiting.splice(0, LINES_PER_UNIT)
      let refused = new Map<Said, ProblemCode>()
      try {
        await rooms.write(
          async (tx) => {
            refused = new Map()
            return numbered(tx, roomId, lines, refused)
          },
          { hot: `room:${roomId}` }
        )
        for (const line of lines) {
          const code = refused.get(line)
          if (code) line.reject(new Problem(code))
          else line.resolve()
        }
      } catch (error) {
        for (const line of lines) line.reject(error)
      }
    }
    conversation.writing = false
    forgetSilent(conversation)
    if (!conversation.said.size && !conversation.writing) conversations.delete(roomId)
  }

  /** The lines that are new, each with its number, written in this unit. */
  async function numbered(tx: Tx, roomId: string, lines: Said[], refused: Map<Said, ProblemCode>) {
    if ((await logs.showState(tx, roomId)) === 'ended') {
      for (const line of lines) refused.set(line, 'show_over')
      return []
    }
    const fresh = new Map<string, Said>()
    for (const line of lines) {
      const before = fresh.get(line.id)?.speaker.id ?? (await logs.spokenAs(tx, roomId, line.id))
      if (before === undefined) fresh.set(line.id, line)
      else if (before !== line.speaker.id) refused.set(line, 'bad_message')
    }
    if (!fresh.size) return []
    const last = await logs.advance(tx, roomId, fresh.size)
    if (last === undefined) throw new Problem('no_such_show')
    let n = last - fresh.size
    const facts: NewFact[] = []
    for (const { id, text, speaker } of fresh.values()) {
      const body = { id, name: speaker.name, role: speaker.role, text }
      const fact = {
        roomId,
        n: ++n,
        at: clock.now(),
        type: 'message_said' as const,
        body,
        actorId: speaker.id,
        key: id
      }
      await logs.write(tx, fact)
      facts.push(fact)
    }
    return facts
  }

  function takeTurn(conversation: Conversation, speaker: Speaker) {
    if (speaker.staff) return
    const now = clock.now()
    const mine = (conversation.said.get(speaker.id) ?? []).filter((at) => now - at < BUYER_MS)
    if (mine.length >= LINES_PER_BUYER) throw new Problem('too_fast', { waitMs: mine[0]! + BUYER_MS - now })
    const second = Math.floor(now / 1000)
    if (second !== conversation.second) {
      conversation.second = second
      conversation.linesThisSecond = 0
    }
    if (conversation.linesThisSecond >= BUYERS_LINES_PER_SECOND) {
      throw new Problem('room_crowded', { waitMs: (second + 1) * 1000 - now })
    }
    conversation.linesThisSecond++
    conversation.said.set(speaker.id, [...mine, now])
  }

  function forgetSilent({ said }: Conversation) {
    const now = clock.now()
    for (const [id, times] of said) if (now - times.at(-1)! >= BUYER_MS) said.delete(id)
  }

  return {
    async say(roomId, speaker, { id, text: raw }) {
      const line = spoken(raw)
      if ('refused' in line) throw new Problem(line.refused)
      const conversation = conversationIn(roomId)
      if (conversation.waiting.length >= MAX_WAITING) throw new Problem('busy')
      takeTurn(conversation, speaker)
      return new Promise((resolve, reject) => {
        conversation.waiting.push({ speaker, id, text: line.text, resolve, reject })
        if (conversation.writing) return
        conversation.writing = true
        setTimeout(() => void writeWaiting(roomId, conversation), GATHER_MS)
      })
    }
  }
}
