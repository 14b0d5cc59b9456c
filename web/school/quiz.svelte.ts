import type { Answer } from '../../shared/contract.ts'
import { answerQuiz, getQuiz, type Question } from '../../shared/contracts/school.ts'
import { call } from '../call.ts'
import { newToken } from '../token.ts'

type Known = Answer<typeof getQuiz>
export type Result = Answer<typeof answerQuiz>

/** A quiz in her hand: one question at a time, and what came of it. */
export class Quiz {
  known = $state.raw<Known>()
  error = $state.raw<unknown>()
  at = $state(0)
  chosen = $state<Record<string, number>>({})
  sending = $state(false)
  refused = $state.raw<unknown>()
  result = $state.raw<Result>()
  question = $derived<Question | undefined>(this.known?.questions[this.at])
  choice = $derived(this.question && this.chosen[this.question.id])
  last = $derived(this.at + 1 >= (this.known?.questions.length ?? 0))
  readonly courseId: string
  /** One attempt, however often it is sent. */
  #key = newToken()

  constructor(courseId: string) {
    this.courseId = courseId
  }

  async load() {
    this.error = undefined
    try {
      this.known = await call(getQuiz, { params: { courseId: this.courseId } })
    } catch (error) {
      this.error = error
    }
  }

  choose(option: number) {
    if (this.question) this.chosen[this.question.id] = option
  }

  back() {
    this.at = Math.max(0, this.at - 1)
  }

  /** The next question; after the last one the answers are handed in. */
  async on() {
    if (this.choice === undefined || this.sending) return
    if (this.last) return this.handIn()
    this.at++
  }

  /** Again after a lost network is the same attempt. */
  async handIn() {
    this.sending = true
    this.refused = undefined
    try {
      const answers = Object.entries(this.chosen).map(([questionId, option]) => ({ questionId, option }))
      this.result = await call(answerQuiz, {
        params: { courseId: this.courseId },
        body: { key: this.#key, answers }
      })
    } catch (error) {
      this.refused = error
    } finally {
      this.sending = false
    }
  }

  /** Another attempt, from the first question on. */
  async again() {
    this.#key = newToken()
    this.chosen = {}
    this.at = 0
    this.result = undefined
    this.refused = undefined
    await this.load()
  }
}

/** When she may try: now, at a time, or not today. */
export const mayTry = (tries: { triesLeftToday: number; nextTryAt: number }, now: number) =>
  tries.triesLeftToday > 0 && tries.nextTryAt <= now
