import { say } from '../words/gate.ts'
import { momentOf } from '../words/when.ts'
import type { Shown, Try } from './book.ts'

/** 四人渔家宴 · 四人桌 · 第 2 张 */
export const nameOf = ({ title, specName, n }: Shown) =>
  [title || say.unnamed, specName, n ? say.nth(n) : ''].filter(Boolean).join(' · ')

/** Who was first, when and where. */
export function firstWords({ at, byName, gateName, sameGate }: NonNullable<Try['first']>, now: number) {
  const who = sameGate ? say.firstHere : say.firstAt(gateName, byName)
  return say.first(momentOf(at, now), who)
}
