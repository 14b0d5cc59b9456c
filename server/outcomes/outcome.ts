import { STEPS, type Step } from '../../shared/contracts/outcomes.ts'

/** A stretch of time, its end not included. */
export interface Period {
  from: number
  to: number
}

export const EVER: Period = { from: 0, to: Number.MAX_SAFE_INTEGER }

export interface HostNumbers {
  /** Public shows that were on air and have ended. */
  shows: number
  /** What buyers paid at her shop and did not get back, in fen. */
  soldFen: number
}

export const FIRST_1000_FEN = 100_000

/** What a host's numbers say she has reached. `success` comes from the rule pack. */
export function reachedBy(
  { shows, soldFen }: HostNumbers,
  success: { successShows: number; successFen: number }
): Step[] {
  const steps: Step[] = []
  if (soldFen >= FIRST_1000_FEN) steps.push('first_1000')
  if (shows >= success.successShows && soldFen >= success.successFen) steps.push('successful')
  return steps
}

/** What each step means, as the sheet for the union says it; the page has the same words in both languages. */
export const MEANING: Record<Step, string> = {
  enrolled: '第一次报上一堂课（包括候补），不论后来有没有来',
  attended: '第一次在课上签到；签到被撤销、又没有别的签到，就不算',
  rehearsed: '第一次播完一场彩排',
  licensed: '第一次拿到直播带货的证书',
  first_show: '第一场公开直播有了画面',
  first_1000: '她店里买家实付（减去退款）第一次满 1,000 元',
  successful: '公开直播场数和实付金额都达到工会定的数'
}

export const ORDER: Record<Step, number> = Object.fromEntries(STEPS.map((step, i) => [step, i])) as Record<
  Step,
  number
>
