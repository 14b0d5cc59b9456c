import { FLASH_LIFE_MS, FLASH_WAIT_MS, type FlashDraft } from '../../shared/contracts/flash.ts'
import { fenOf } from '../../shared/money.ts'

/** What the form of a flash sale holds: as typed. */
export interface TypedFlash {
  specId: string
  yuan: string
  total: string
  perMember: string
  minutes: string
  wait: string
}

export const TYPED_FLASH: TypedFlash = {
  specId: '',
  yuan: '',
  total: '20',
  perMember: '2',
  minutes: '5',
  wait: '0'
}

const MINUTE_MS = 60_000
const whole = (typed: string) => (/^\d{1,6}$/.test(typed.trim()) ? Number(typed) : Number.NaN)

/** The sale that is typed; undefined while a number is not right. What else is wrong of it the server says. */
export function flashOf(typed: TypedFlash): FlashDraft | undefined {
  const priceFen = fenOf(typed.yuan)
  const total = whole(typed.total)
  const perMember = whole(typed.perMember)
  const lifeMs = whole(typed.minutes) * MINUTE_MS
  const waitMs = whole(typed.wait) * MINUTE_MS
  const right =
    typed.specId !== '' &&
    priceFen !== undefined &&
    priceFen > 0 &&
    total >= 1 &&
    perMember >= 1 &&
    perMember <= total &&
    lifeMs >= FLASH_LIFE_MS.min &&
    lifeMs <= FLASH_LIFE_MS.max &&
    waitMs >= 0 &&
    waitMs <= FLASH_WAIT_MS
  return right ? { specId: typed.specId, priceFen, total, perMember, waitMs, lifeMs } : undefined
}
