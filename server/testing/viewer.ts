import type { AddressInfo } from 'node:net'
import { WebSocket } from 'ws'
import type { AnswerType, Answers, FactType, Facts, HintType, Hints, RoomCommand } from '../../shared/room.ts'
import type { Village } from '../app.ts'

type Type = FactType | HintType | AnswerType
type BodyOf<T extends Type> = T extends FactType
  ? Facts[T]
  : T extends HintType
    ? Hints[T]
    : T extends AnswerType
      ? Answers[T]
      : never

export type Heard = [n: number, at: number, type: Type, body: Record<string, unknown>]

/** Somebody who watches a room through a real socket, and what she heard so far. */
export interface Viewer {
  heard: Heard[]
  ws: WebSocket
  /** The bodies of one type, in the order heard. */
  all<T extends Type>(type: T): BodyOf<T>[]
  /** The numbers of the facts, in the order heard. */
  numbers(): number[]
  send(command: RoomCommand | string | Buffer): void
  say(id: string, text: string): void
  /** Resolves to code and words of the closing. */
  closed: Promise<{ code: number; words: string }>
  leave(): Promise<void>
}

/** The address of a village that listens on a port of its own; begins to listen if it does not yet. */
export async function addressOf(village: Village) {
  if (!village.http.server.listening) await village.http.listen({ port: 0, host: '127.0.0.1' })
  return `127.0.0.1:${(village.http.server.address() as AddressInfo).port}`
}

/** Opens a socket. Rejects with the status and the answer when the village refuses the upgrade. */
export async function watch(
  village: Village,
  path: string,
  { cookie, headers = {} }: { cookie?: string; headers?: Record<string, string> } = {}
): Promise<Viewer> {
  const ws = new WebSocket(`ws://${await addressOf(village)}${path}`, {
    headers: { ...(cookie && { cookie }), ...headers }
  })
  const heard: Heard[] = []
  ws.on('message', (data: Buffer) => heard.push(...(JSON.parse(data.toString()) as Heard[])))
  const closed = new Promise<{ code: number; words: string }>((resolve) => {
    ws.on('close', (code, words) => resolve({ code, words: words.toString() }))
  })
  await new Promise<void>((resolve, reject) => {
    ws.on('open', resolve)
    ws.on('error', reject)
    ws.on('unexpected-response', (_request, response) => {
      let text = ''
      response.on('data', (part: Buffer) => (text += part.toString()))
      response.on('end', () => reject(new Error(`${response.statusCode} ${text}`)))
    })
  })
  return {
    heard,
    ws,
    all: <T extends Type>(type: T) =>
      heard.filter((event) => event[2] === type).map((event) => event[3]) as unknown as BodyOf<T>[],
    numbers: () => heard.filter(([n]) => n > 0).map(([n]) => n),
    send: (command) =>
      ws.send(typeof command === 'string' || Buffer.isBuffer(command) ? command : JSON.stringify(command)),
    say: (id, text) => ws.send(JSON.stringify({ t: 'say', id, text })),
    closed,
    async leave() {
      ws.close()
      await closed
    }
  }
}
