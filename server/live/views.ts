import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { LRUCache } from 'lru-cache'
import type { CouponCard } from '../../shared/contracts/coupons.ts'
import type { FlashCard } from '../../shared/contracts/flash.ts'
import type { RoomView } from '../../shared/contracts/live.ts'
import { CHAT_LINES, type Message } from '../../shared/room.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Store } from '../store/store.ts'
import type { Rooms } from './rooms.ts'
import { isClosed, type Show } from './show.ts'
import type { Shows } from './shows.ts'
import { roomStore } from './store.ts'

/** Rooms kept ready; a room page is some ten kilobytes. */
const READY_ROOMS = 500
/** Viewers, hearts and the server's clock in an answer are no older than this. */
const FRESH_MS = 1_000

/** A room as it goes over the wire, made once for everybody who asks. */
export interface Ready {
  body: Buffer
  gzip: Buffer
  etag: string
  /** Names and values of the headers that go with it, by what is sent; made when first needed. */
  heads: { body?: string[]; gzip?: string[]; unchanged?: string[] }
  /** `gzip` with each byte as a letter of Latin-1; made when first needed. */
  letters?: string
  /** The show, unless it is for everybody: then who asks is looked at. */
  closed?: Show
}

interface Kept {
  ready: Ready
  madeAt: number
  productIds: Set<string>
}

export interface Views {
  /**
   * The room for everybody: never older than the last pin, coupon or price of this server, and at most a second old.
   * Talk may be a second behind; the socket catches up on it.
   */
  of(showId: string): Ready | Promise<Ready>
  /** These products look different now: price, stock, words. */
  goodsChanged(productIds: readonly string[]): void
  /** Something else in this room does. */
  changed(showId: string): void
}

export function openViews({
  store,
  clock,
  rooms,
  shows,
  couponsOf,
  flashOf
}: {
  store: Store
  clock: Clock
  rooms: Rooms
  shows: Shows
  /** Coupons of this show that can be claimed. */
  couponsOf: (showId: string) => Promise<CouponCard[]>
  /** Its flash sales that run or wait. */
  flashOf: (showId: string) => Promise<FlashCard[]>
}): Views {
  const logs = roomStore(store)
  const kept = new LRUCache<string, Kept>({ max: READY_ROOMS })
  /** Who asks while a room is being made waits for it, unless it has changed since the making began. */
  const making = new Map<string, Promise<Ready>>()

  function changed(showId: string) {
    kept.delete(showId)
    making.delete(showId)
  }

  function make(showId: string): Promise<Ready> {
    const madeAt = clock.now()
    const made = look(showId, madeAt)
      .then(({ show, view }) => {
        const body = Buffer.from(JSON.stringify(view))
        const ready: Ready = {
          body,
          gzip: gzipSync(body),
          etag: `"${createHash('sha1').update(body).digest('base64url')}"`,
          heads: {},
          ...(isClosed(show) && { closed: show })
        }
        const productIds = new Set(view.shelf.map((item) => item.productId))
        if (making.get(showId) === made) kept.set(showId, { ready, madeAt, productIds })
        return ready
      })
      .finally(() => {
        if (making.get(showId) === made) making.delete(showId)
      })
    making.set(showId, made)
    return made
  }

  /**
   * The version is read first and the rest after it: what happens in between is in the view already and comes again
   * as a fact, and every fact may be applied twice. Only the talk could double, so it ends with the version.
   */
  async function look(showId: string, now: number): Promise<{ show: Show; view: RoomView }> {
    const room = await logs.room(showId)
    if (!room) throw new Problem('no_such_show')
    const show = await shows.get(showId)
    const [card, shelf, coupons, flash, talk] = await Promise.all([
      shows.card(show),
      shows.shelfOf(showId),
      couponsOf(showId),
      flashOf(showId),
      logs.talk(showId, room.version, CHAT_LINES)
    ])
    const view = {
      version: room.version,
      now,
      show: card,
      shelf,
      pinnedProductId: room.pinnedProductId ?? '',
      coupons,
      flash,
      chat: talk.map(({ at, body }) => ({ ...(body as unknown as Omit<Message, 'at'>), at })),
      hearts: room.hearts
    }
    return { show, view }
  }

  rooms.onNews(changed)

  return {
    of(showId) {
      const found = kept.get(showId)
      if (found && clock.now() - found.madeAt < FRESH_MS) return found.ready
      return making.get(showId) ?? make(showId)
    },
    goodsChanged(productIds) {
      // A room that is being made may have read them before; a room on nobody's mind is made when it is asked for.
      making.clear()
      for (const [showId, { productIds: shown }] of kept.entries()) {
        if (productIds.some((productId) => shown.has(productId))) kept.delete(showId)
      }
    },
    changed
  }
}
