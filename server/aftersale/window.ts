import type { AftersaleRules } from '../../shared/contracts/aftersale.ts'
import { windowMsOf, type ArrivedLine } from './compensation.ts'
import { returnableUntil, type Bought } from './refund.ts'

/**
 * 售后期: until when something may still be asked back of goods that were received: what came bad within its window, and
 * within seven days whatever she did not agree to keep.
 */
export const askableUntil = (
  rules: AftersaleRules,
  lines: readonly (ArrivedLine & Bought)[],
  receivedAt: number
) =>
  Math.max(
    receivedAt,
    ...lines.map((line) => {
      const badUntil = receivedAt + windowMsOf(rules, line.goodsClass)
      const keeps = line.perishable && line.perishableAgreedAt !== null
      return keeps ? badUntil : Math.max(badUntil, returnableUntil(receivedAt))
    })
  )
