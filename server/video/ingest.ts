import type { WebSocket } from 'ws'
import { Problem } from '../../shared/problems.ts'
import {
  FRAME,
  FRAME_HEADER_BYTES,
  MAX_FRAME_BYTES,
  type IngestMessage,
  type StudioMessage
} from '../../shared/video.ts'
import { problemOf } from '../http/answers.ts'
import type { Member } from '../members/member.ts'
import { allowance } from './film.ts'
import type { Films } from './films.ts'
import type { Publisher } from './publisher.ts'

const FRAMES_PER_S = 60
const BITS_PER_S = 6_000_000
/** Coded sound comes 47 to 50 times a second. */
const SOUNDS_PER_S = 100
/** What waited in the network for so long may come at once. */
const BURST_S = 5
const CONFIGS_PER_S = 1
/** A phone that turns may be configured a few times in a row. */
const CONFIGS_AT_ONCE = 4
const MESSAGES_PER_S = 20
const THUMBNAILS_PER_S = 0.5
const MAX_TEXT_BYTES = 16 * 1024
const ACK_EVERY_MS = 200
/** The studio says something every 400 ms; without a word for so long its connection is dead. */
const SILENCE_MS = 5_000
const LOOK_EVERY_MS = 1_000

/** Why a connection was closed by us (RFC 6455 leaves 4000–4999 to the application). */
export const CLOSED = { refused: 4400, notYours: 4403, replaced: 4409, over: 4410, flood: 4429 } as const

/**
 * The studio’s socket: frames in, acknowledgements out. The newest connection takes over; what is not a picture is
 * refused with its words; who floods is closed.
 */
export async function ingest(socket: WebSocket, me: Member, sessionId: string, films: Films) {
  const tell = (message: IngestMessage) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
  }
  const refuse = (problem: Problem, code: number) => {
    tell({ t: 'refused', code: problem.code, message: problem.message })
    socket.close(code, problem.code)
  }
  const waiting: [Buffer, boolean][] = []
  const hold = (data: Buffer, binary: boolean) => {
    if (waiting.push([data, binary]) > FRAMES_PER_S) socket.terminate()
  }
  socket.on('error', () => socket.terminate())
  socket.on('message', hold)

  let publisher: Publisher
  try {
    if ((await films.publisherIdOf(sessionId)) !== me.id) {
      refuse(new Problem('show_not_yours'), CLOSED.notYours)
      return
    }
    publisher = await films.publisher(sessionId, (problem) => {
      if (problem) refuse(problem, CLOSED.over)
      else socket.close(CLOSED.replaced, 'replaced')
    })
  } catch (error) {
    const problem = problemOf(error as Error)
    refuse(problem, problem.code === 'session_over' ? CLOSED.over : CLOSED.refused)
    return
  }

  const now = () => performance.now()
  const limits = {
    frames: allowance(FRAMES_PER_S, FRAMES_PER_S * BURST_S),
    bits: allowance(BITS_PER_S, BITS_PER_S * BURST_S),
    sounds: allowance(SOUNDS_PER_S, SOUNDS_PER_S * BURST_S),
    messages: allowance(MESSAGES_PER_S, MESSAGES_PER_S * BURST_S),
    configs: allowance(CONFIGS_PER_S, CONFIGS_AT_ONCE),
    thumbnails: allowance(THUMBNAILS_PER_S, 2)
  }
  const spend = (limit: keyof typeof limits, n = 1) => {
    if (!limits[limit](n, now())) throw new Problem('too_fast', { limit })
  }
  let heardAt = now()
  let ackedAt = -Infinity
  let configured = false
  let askedForKey = false

  const heart = setInterval(() => {
    if (now() - heardAt > SILENCE_MS) socket.terminate()
  }, LOOK_EVERY_MS)
  socket.on('close', () => clearInterval(heart))
  socket.off('message', hold)
  socket.on('message', hear)
  for (const [data, binary] of waiting) hear(data, binary)

  function hear(data: Buffer, binary: boolean) {
    if (socket.readyState !== socket.OPEN) return
    heardAt = now()
    try {
      if (binary) frame(data)
      else message(read(data))
    } catch (error) {
      const problem = problemOf(error as Error)
      refuse(problem, problem.code === 'too_fast' ? CLOSED.flood : CLOSED.refused)
    }
  }

  function message(said: StudioMessage) {
    spend('messages')
    switch (said.t) {
      case 'config':
        spend('configs')
        publisher.configure(said.video, said.audio)
        configured = true
        askedForKey = true
        return tell({ t: 'ready' })
      case 'ping':
        return tell({ t: 'pong' })
      case 'end':
        void publisher.end().catch(() => socket.terminate())
        return
      default:
        throw new Problem('not_video', { why: 'message' })
    }
  }

  function frame(bytes: Buffer) {
    if (bytes.length <= FRAME_HEADER_BYTES) throw new Problem('not_video', { why: 'header' })
    if (bytes.length > MAX_FRAME_BYTES) throw new Problem('video_too_big')
    const kind = bytes[0]!
    const timestampUs = bytes.readDoubleBE(1)
    const durationUs = bytes.readUInt32BE(9)
    const data = bytes.subarray(FRAME_HEADER_BYTES)
    if (!configured) throw new Problem('not_video', { why: 'frames before config' })
    spend('bits', bytes.length * 8)
    switch (kind) {
      case FRAME.key:
      case FRAME.delta:
        spend('frames')
        publisher.video({ key: kind === FRAME.key, timestampUs, data })
        // Once for every time that it is needed: the studio answers with its next frame.
        if (publisher.wantsKey && !askedForKey) tell({ t: 'ready' })
        askedForKey = publisher.wantsKey
        if (now() - ackedAt < ACK_EVERY_MS) return
        ackedAt = now()
        return tell({ t: 'ack', timestampUs })
      case FRAME.audio:
        spend('sounds')
        return publisher.audio({ timestampUs, durationUs, data })
      case FRAME.thumbnail:
        spend('thumbnails')
        return publisher.thumbnail(data)
      default:
        throw new Problem('not_video', { why: 'kind' })
    }
  }
}

function read(data: Buffer): StudioMessage {
  if (data.length > MAX_TEXT_BYTES) throw new Problem('too_big')
  try {
    const said = JSON.parse(data.toString()) as StudioMessage | null
    if (said && typeof said === 'object') return said
  } catch {
    // Falls through: text that is not JSON is no more a message than a bare number is.
  }
  throw new Problem('not_video', { why: 'message' })
}
