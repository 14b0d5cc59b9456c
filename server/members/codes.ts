import { createHmac, randomInt } from 'node:crypto'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Store, Tx } from '../store/store.ts'
import { CODE_TRIES, CODE_VALID_MS, DAY_MS, judge, recentTexts, waitForText } from './code.ts'
import { codeStore } from './store.ts'
import type { SmsSender } from './texts.ts'

/** Phones that may be sent a code within a day, all together: a bill that a flood of invented numbers cannot raise. */
const PHONES_PER_DAY = 5_000

export type Codes = ReturnType<typeof openCodes>

/** Sign-in codes: one at a time per phone, three guesses, five minutes, and never in clear in the store. */
export function openCodes({
  store,
  clock,
  secret,
  sms
}: {
  store: Store
  clock: Clock
  secret: string
  sms: SmsSender
}) {
  const codes = codeStore(store)
  // A digest without a key could be undone by trying a million codes.
  const digestOf = (phone: string, code: string) =>
    createHmac('sha256', secret).update(`sign-in:${phone}:${code}`).digest('base64url')

  return {
    /** Sends a new code; the one before is void. Throws `sms_too_fast`, `sms_full` or `sms_failed`. */
    async send(phone: string): Promise<{ validMs: number }> {
      const now = clock.now()
      if ((await codes.phonesTextedSince(now - DAY_MS)) >= PHONES_PER_DAY) throw new Problem('sms_full')
      const code = String(randomInt(1_000_000)).padStart(6, '0')
      const waitMs = await store.tx(async (tx) => {
        const sentAt = recentTexts((await codes.of(tx, phone))?.sentAt ?? [], now)
        const waitMs = waitForText(sentAt, now)
        if (waitMs === 0) await codes.keep(tx, fresh(phone, code, now, [...sentAt, now]))
        return waitMs
      })
      if (waitMs > 0) throw new Problem('sms_too_fast', { waitMs })
      const text = `【渔家直播】验证码 ${code}，5 分钟内有效。请不要告诉别人。`
      await sms.send({ phone, code, text })
      return { validMs: CODE_VALID_MS }
    },

    /** Uses a code up. Throws `bad_code`, `code_expired` or `code_too_many`; every wrong guess counts. */
    async spend(phone: string, code: string): Promise<void> {
      const now = clock.now()
      const digest = digestOf(phone, code)
      const guess = await store.tx(async (tx) => {
        const kept = await codes.of(tx, phone)
        const guess = judge(kept, digest, now)
        if (guess === 'right') await codes.use(tx, phone)
        else if (kept && kept.triesLeft > 0) await codes.countGuess(tx, phone)
        return guess
      })
      if (guess !== 'right') throw new Problem(guess)
    },

    /** A code that is handed over instead of texted: to the first officer, whose link has just proved who she is. */
    async issueIn(tx: Tx, phone: string): Promise<string> {
      const code = String(randomInt(1_000_000)).padStart(6, '0')
      const sentAt = (await codes.of(tx, phone))?.sentAt ?? []
      await codes.keep(tx, fresh(phone, code, clock.now(), sentAt))
      return code
    },

    /** Forgets phones that nothing was sent to within a day. */
    forgetOld: (tx: Tx) => codes.forgetBefore(tx, clock.now() - DAY_MS)
  }

  function fresh(phone: string, code: string, now: number, sentAt: number[]) {
    return {
      phone,
      digest: digestOf(phone, code),
      triesLeft: CODE_TRIES,
      endsAt: now + CODE_VALID_MS,
      sentAt,
      lastSentAt: now
    }
  }
}
