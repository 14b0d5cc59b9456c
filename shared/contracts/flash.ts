import { Integer, Object, type Static } from 'typebox'
import { contract } from '../contract.ts'
import { Count, Fen, Id, Millis, oneOf, Picture, Text } from '../schemas.ts'
import { UNITS } from './catalogue.ts'

/** 闪购: one spec of the shelf at another price, for a while, so many, so many for each buyer. */

/** Flash sales that run or wait in one room. */
export const MAX_FLASH = 10
export const FLASH_LIFE_MS = { min: 30_000, max: 6 * 3_600_000 }
/** A flash sale may be announced before it begins. */
export const FLASH_WAIT_MS = 3_600_000
export const MAX_FLASH_TOTAL = 100_000
export const MAX_FLASH_EACH = 99

/** What everybody in the room sees of it. */
export const FlashCard = Object({
  id: Id,
  productId: Id,
  specId: Id,
  title: Text(60),
  specName: Text(30),
  unit: oneOf(UNITS),
  photo: Picture,
  priceFen: Fen,
  usualFen: Fen,
  total: Count,
  left: Count,
  perMember: Count,
  startsAt: Millis,
  endsAt: Millis,
  /** Since when its clock stands still, because the picture is away; 0: it runs. */
  stoppedAt: Millis
})
export type FlashCard = Static<typeof FlashCard>

export const FlashDraft = Object({
  specId: Id,
  priceFen: Integer({ minimum: 1, maximum: 10_000_000 }),
  total: Integer({ minimum: 1, maximum: MAX_FLASH_TOTAL }),
  perMember: Integer({ minimum: 1, maximum: MAX_FLASH_EACH }),
  /** From now; 0: at once. */
  waitMs: Integer({ minimum: 0, maximum: FLASH_WAIT_MS }),
  lifeMs: Integer({ minimum: FLASH_LIFE_MS.min, maximum: FLASH_LIFE_MS.max })
})
export type FlashDraft = Static<typeof FlashDraft>

export const startFlash = contract({
  method: 'POST',
  url: '/api/shows/:showId/flash',
  schema: {
    summary: 'Starts or announces a flash sale of something on the shelf. Host of the show or operator.',
    params: Object({ showId: Id }),
    body: FlashDraft,
    response: { 200: Object({ flash: FlashCard }) }
  },
  config: { who: ['host', 'operator', 'officer'] }
})

export const endFlash = contract({
  method: 'POST',
  url: '/api/shows/:showId/flash/:flashId/end',
  schema: {
    summary: 'Ends a flash sale now; what was bought at its price stays bought.',
    params: Object({ showId: Id, flashId: Id }),
    response: { 200: Object({}) }
  },
  config: { who: ['host', 'operator', 'officer'] }
})
