import type { ProblemAnswer, ProblemCode } from './problems.ts'

/**
 * A refusal as it is answered: its code, its sentence and its HTTP status. A phone makes it from the answer, so that it
 * need not carry every sentence of the village.
 */
export class Refusal extends Error {
  readonly code: ProblemCode
  readonly status: number
  readonly details: Record<string, unknown> | undefined

  constructor({ code, message, details }: ProblemAnswer, status: number) {
    super(message)
    this.code = code
    this.status = status
    this.details = details
  }

  answer(): ProblemAnswer {
    return { code: this.code, message: this.message, ...(this.details && { details: this.details }) }
  }
}

/** What a refused request was answered with; undefined when that is not our server's way of refusing. */
export function refusalOf(answer: unknown, status: number): Refusal | undefined {
  const { code, message, details } = (answer ?? {}) as Partial<ProblemAnswer>
  if (typeof code !== 'string' || typeof message !== 'string') return undefined
  return new Refusal({ code, message, ...(details && { details }) }, status)
}
