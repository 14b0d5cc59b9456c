import { Problem, type ProblemCode } from '../../shared/problems.ts'
import { Unreachable } from '../call.ts'
import { tongue } from './speak.svelte.ts'

type English = Record<ProblemCode, string>
let english: English | undefined

/** A refusal as a sentence that says what to do next. */
export function sentence(error: unknown): string {
  const zh = tongue.language === 'zh'
  if (error instanceof Problem) {
    if (zh) return error.message
    if (!english) void import('./problems-en.ts').then((words) => (english = words.problems))
    return english?.[error.code] ?? error.message
  }
  if (error instanceof Unreachable) {
    return zh ? '网络不通，请看看信号再试' : 'No connection. Check the signal and try again'
  }
  return zh ? '出了点问题，请再试一次' : 'Something went wrong. Please try again'
}
