import { createHmac } from 'node:crypto'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Settings } from '../settings.ts'
import { newId } from '../store/id.ts'
import type { Store } from '../store/store.ts'
import { inboxStore } from './store.ts'

const WEBHOOK_TIMEOUT_MS = 5_000
/** Texts on their way to the provider at one moment; beyond, people are asked to wait instead of queueing for ever. */
const WEBHOOK_AT_ONCE = 20

export interface Text {
  phone: string
  text: string
  code: string
}

/** Whoever carries a text to a phone. */
export interface SmsSender {
  /** Resolves once the carrier has taken it. Throws `sms_failed`. */
  send(text: Text): Promise<void>
}

/**
 * Hands each text to the union's bridge to its SMS provider: POST JSON {phone, text, code, at}, signed with
 * `x-yujia-signature: sha256=HMAC(secret, body)`. A bridge refuses what is older than a few minutes or signed wrong.
 */
export function webhookSender({
  sms,
  clock
}: {
  sms: NonNullable<Settings['sms']>
  clock: Clock
}): SmsSender {
  let underWay = 0
  return {
    async send(text) {
      if (underWay >= WEBHOOK_AT_ONCE) throw new Problem('busy')
      underWay++
      try {
        const body = JSON.stringify({ ...text, at: clock.now() })
        const signature = createHmac('sha256', sms.webhookSecret).update(body).digest('hex')
        const answer = await fetch(sms.webhookUrl, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-yujia-signature': `sha256=${signature}` },
          body,
          redirect: 'error',
          signal: AbortSignal.timeout(WEBHOOK_TIMEOUT_MS)
        })
        await answer.body?.cancel()
        if (!answer.ok) throw new Error(`the SMS bridge answered ${answer.status}`)
      } catch (error) {
        throw Object.assign(new Problem('sms_failed'), { cause: error })
      } finally {
        underWay--
      }
    }
  }
}

/** The carrier of a union that has none yet: its first officer comes by her link, everybody else has to wait. */
export const noSender: SmsSender = {
  async send() {
    throw Object.assign(new Problem('sms_failed'), { cause: new Error('SMS_WEBHOOK_URL is not set') })
  }
}

/** The demo village's carrier: nothing leaves the machine, the text waits at /dev/inbox. */
export function inboxSender({ store, clock }: { store: Store; clock: Clock }): SmsSender {
  const inbox = inboxStore(store)
  return {
    async send(text) {
      const sentAt = clock.now()
      await store.tx((tx) => inbox.put(tx, { ...text, id: newId(sentAt), sentAt }))
    }
  }
}
