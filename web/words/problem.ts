import type { ProblemCode } from '../../shared/problems.ts'
import { Refusal } from '../../shared/refusal.ts'
import { Unreachable } from '../call.ts'
import { tongue } from './speak.svelte.ts'

/** A refusal as a sentence that says what to do next. */
export function sentence(error: unknown): string {
  const zh = tongue.language === 'zh'
  if (error instanceof Refusal) {
    return zh ? error.message : (tongue.problems?.[error.code] ?? error.message)
  }
  if (error instanceof Unreachable) {
    return zh ? '网络不通，请看看信号再试' : 'No connection. Check the signal and try again'
  }
  return zh ? '出了点问题，请再试一次' : 'Something went wrong. Please try again'
}

/** A code that came with its sentence: why a coupon does not count. */
export const wordsOf = (code: string, message: string) => tongue.problems?.[code as ProblemCode] ?? message
