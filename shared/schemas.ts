import { Array, Enum, Integer, Object, Optional, String, type TSchema } from 'typebox'

/** Ids are made by the server: 21 digits of time and chance, or a readable word in the demo village. */
export const Id = String({ pattern: '^[0-9a-z][0-9a-z-]{0,39}$' })
/** Up to the end of the year 9999: any screen can write it as a date. */
export const Millis = Integer({ minimum: 0, maximum: 253_402_300_799_999 })
export const Fen = Integer({ minimum: 0, maximum: 100_000_000 })
/** What both engines keep as a count. */
export const Count = Integer({ minimum: 0, maximum: 2_147_483_647 })
/** A mainland mobile number; the server adds +86. */
export const Phone = String({ pattern: '^1[3-9][0-9]{9}$' })
export const Code = String({ pattern: '^[0-9]{6}$' })
/** One line of spoken words, at least one of them visible. */
export const Line = (maxLength: number) => String({ minLength: 1, maxLength, pattern: '\\S' })
export const Text = (maxLength: number) => String({ maxLength })
/**
 * An address of a picture on this server or the CDN; empty where there is none. Only signs that a browser leaves in an
 * address: it takes out tabs, and then `/⇥/` leads to another server.
 */
export const Picture = String({
  maxLength: 500,
  pattern: '^(|/[!-.0-\\[\\]-~][!-~]*|https?://[!-~]+)$'
})
export const Nothing = Object({})
export const oneOf = <const T extends readonly string[]>(values: T) => Enum<T[number][]>([...values])

/** Every list has an end: `after` is the last id of the page before. */
export const PAGE_SIZE = 24
export const Page = Object({ after: Optional(Id), limit: Optional(Integer({ minimum: 1, maximum: 100 })) })
export const listOf = <T extends TSchema>(item: T, maxItems = 200) =>
  Object({ items: Array(item, { maxItems }) })
