import { MESSAGE_CHARS } from '../../shared/room.ts'
import type { Role } from '../../shared/contract.ts'

/** Longest id a phone may give its message. */
const ID = /^[0-9A-Za-z_-]{1,36}$/
/** Half a character, which no database keeps; C0, C1, bidirectional overrides and isolates, line and paragraph separators, byte order mark. */
const UNSEEN = /[\p{Cs}\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu
/** Addresses lead buyers away to places where the union cannot help them. */
const LINK = /(?:https?:\/\/|www\.)\S+/giu
/** Zero-width characters join emoji, but a message of nothing else is empty. */
const BLANK = /^[\s\u200b-\u200f\u2060\u3164\uffa0]*$/u

export type Spoken = { text: string } | { refused: 'message_empty' | 'message_long' }

/** What is left of a message when everything that does not belong into a room is gone. */
export function spoken(raw: string): Spoken {
  const text = raw.replace(UNSEEN, ' ').replace(LINK, ' ').replace(/\s+/gu, ' ').trim()
  if (BLANK.test(text)) return { refused: 'message_empty' }
  if (Array.from(text).length > MESSAGE_CHARS) return { refused: 'message_long' }
  return { text }
}

export const isMessageId = (id: unknown): id is string => typeof id === 'string' && ID.test(id)

/** The colour of a speaker's line: another host who only visits speaks as a buyer. */
export function roleIn(hostId: string, member: { id: string; roles: readonly Role[] }): Role {
  if (member.id === hostId) return 'host'
  return (['officer', 'operator', 'trainer'] as const).find((role) => member.roles.includes(role)) ?? 'buyer'
}
