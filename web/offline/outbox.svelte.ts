import type { Progress } from '../../shared/contracts/school.ts'
import { Refusal } from '../../shared/refusal.ts'
import type { Pocket } from './pocket.ts'

/** As many as one message to the server may carry. */
const AT_ONCE = 200
/** Answers of the server that will be the same tomorrow. */
const HOPELESS = [400, 403, 404, 409]

/** What the phone says of one lesson, however often it is told: the furthest, and never back. */
export const further = (one: Progress | undefined, other: Progress): Progress =>
  one
    ? {
        lessonId: other.lessonId,
        seconds: Math.max(one.seconds, other.seconds),
        done: one.done || other.done,
        at: Math.max(one.at, other.at)
      }
    : other

interface Waiting {
  memberId: string
  item: Progress
}

/** Her progress on its way to the server. It lies on the phone until the server has said that it knows. */
export class Outbox {
  /** How much of it the server does not know yet. */
  waiting = $state(0)
  readonly #pocket: Pocket
  readonly #send: (items: Progress[]) => Promise<unknown>
  #sending: Promise<boolean> | undefined

  constructor(pocket: Pocket, send: (items: Progress[]) => Promise<unknown>) {
    this.#pocket = pocket
    this.#send = send
  }

  async note(memberId: string, item: Progress) {
    await this.#pocket.change<Waiting>('progress', `${memberId} ${item.lessonId}`, (old) => ({
      memberId,
      item: further(old?.item, item)
    }))
    this.waiting = (await this.of(memberId)).length
  }

  /** Only hers: on a shared phone nobody learns in another woman's name. */
  async of(memberId: string): Promise<Progress[]> {
    const all = await this.#pocket.all<Waiting>('progress')
    return all.flatMap(([, each]) => (each.memberId === memberId ? [each.item] : []))
  }

  /** Sends what waits; true: nothing waits any more. Whoever asks meanwhile gets the same answer. */
  flush(memberId: string): Promise<boolean> {
    this.#sending ??= this.#flush(memberId).finally(() => (this.#sending = undefined))
    return this.#sending
  }

  async #flush(memberId: string) {
    const items = await this.of(memberId)
    this.waiting = items.length
    for (let i = 0; i < items.length; i += AT_ONCE) {
      const some = items.slice(i, i + AT_ONCE)
      if (!(await this.#deliver(memberId, some))) return false
    }
    this.waiting = (await this.of(memberId)).length
    return this.waiting === 0
  }

  async #deliver(memberId: string, items: Progress[]): Promise<boolean> {
    try {
      await this.#send(items)
    } catch (error) {
      const hopeless = error instanceof Refusal && HOPELESS.includes(error.status)
      if (!hopeless) return false
      if (items.length > 1) {
        // One lesson that is no more must not keep the others waiting.
        for (const item of items) if (!(await this.#deliver(memberId, [item]))) return false
        return true
      }
    }
    for (const sent of items) {
      await this.#pocket.change<Waiting>('progress', `${memberId} ${sent.lessonId}`, (old) =>
        old && beyond(old.item, sent) ? old : undefined
      )
    }
    return true
  }
}

/** She has gone on while it was on its way. */
const beyond = (now: Progress, sent: Progress) =>
  now.seconds > sent.seconds || (now.done && !sent.done) || now.at > sent.at
