import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { CODE_EVERY_MS, CODE_LIVES_MS } from '../../shared/contracts/classes.ts'
import { Problem } from '../../shared/problems.ts'

const MEMBER_CODE_EVERY_MS = 30_000
const MEMBER_CODE_LIVES_MS = 60_000
/** 128 bits are more than anybody guesses, and a code with few dots is read from further away. */
const MAC_BYTES = 16

export interface RotatingCode {
  code: string
  /** When the next one is shown. */
  nextAt: number
  /** From when on this one is worthless. */
  endsAt: number
}

export type ReadCode =
  | { kind: 'door'; occasionId: string }
  | { kind: 'member'; memberId: string }
  | { kind: 'slip'; occasionId: string; memberId: string }

export type DoorCodes = ReturnType<typeof openDoorCodes>

/**
 * The codes of the door: one on the trainer’s screen (d), one on each member’s phone (m), one on a printed slip (s). They
 * are made from the village’s secret and kept nowhere, so every server of the village reads every server’s codes.
 */
export function openDoorCodes(secret: string) {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'door codes', 32))
  const macOf = (said: string) =>
    createHmac('sha256', key).update(said).digest().subarray(0, MAC_BYTES).toString('base64url')
  const signed = (...parts: string[]) => [...parts, macOf(parts.join('.'))].join('.')

  function rotating(
    kind: 'd' | 'm',
    id: string,
    everyMs: number,
    livesMs: number,
    now: number
  ): RotatingCode {
    const step = Math.floor(now / everyMs)
    return {
      code: signed(kind, id, step.toString(36)),
      nextAt: (step + 1) * everyMs,
      endsAt: step * everyMs + livesMs
    }
  }

  return {
    door: (occasionId: string, now: number) => rotating('d', occasionId, CODE_EVERY_MS, CODE_LIVES_MS, now),
    member: (memberId: string, now: number) =>
      rotating('m', memberId, MEMBER_CODE_EVERY_MS, MEMBER_CODE_LIVES_MS, now),
    slip: (occasionId: string, memberId: string) => signed('s', occasionId, memberId),

    /** What a code says. Throws `code_wrong` for one that nobody here made, `code_old` for one whose time is over. */
    read(code: string, now: number): ReadCode {
      const [kind = '', id = '', second = '', mac = '', ...more] = code.split('.')
      if (more.length || !isSame(mac, macOf([kind, id, second].join('.')))) throw new Problem('code_wrong')
      if (kind === 's') return { kind: 'slip', occasionId: id, memberId: second }
      const shownAt = Number.parseInt(second, 36) * (kind === 'd' ? CODE_EVERY_MS : MEMBER_CODE_EVERY_MS)
      const endsAt = shownAt + (kind === 'd' ? CODE_LIVES_MS : MEMBER_CODE_LIVES_MS)
      if (now >= endsAt) throw new Problem('code_old')
      return kind === 'd' ? { kind: 'door', occasionId: id } : { kind: 'member', memberId: id }
    }
  }
}

/** Of bytes, not of signs: what somebody scans may be written in any alphabet. */
function isSame(given: string, mac: string) {
  const [a, b] = [Buffer.from(given), Buffer.from(mac)]
  return a.length === b.length && timingSafeEqual(a, b)
}
