import { untrack } from 'svelte'
import { Refusal } from '../../shared/refusal.ts'
import type { Pocket } from '../offline/pocket.ts'
import { newToken } from '../token.ts'
import { say } from '../words/gate.ts'
import {
  conflictsIn,
  isAhead,
  isFull,
  liveOf,
  trimmed,
  undo,
  waitingIn,
  without,
  type Act,
  type Book,
  type Shown
} from './book.ts'
import { keyOf } from './books.ts'
import { decide, undoUntilOf, verdictOf, type Bundle, type Verdict } from './decide.ts'
import { handIn } from './sending.ts'
import { read, type Seen } from './tickets.ts'
import type { Village } from './village.svelte.ts'

/** A queue at the gate waits no longer for the village; then the phone says what it knows. */
const ASK_MS = 4_000
/** How soon the village is asked again once it could not be reached, at first and at the latest. */
export const AGAIN_MS = 3_000
const AGAIN_AT_LATEST_MS = 120_000
/** While somebody stands there, the list is fetched anew so often. */
const REFRESH_MS = 5 * 60_000
/** Answers that are no opinion about a voucher: the village is too busy, or away. */
const isAway = (error: unknown) => !(error instanceof Refusal) || error.status === 429 || error.status >= 500

interface Time {
  now: () => number
  /** How far the village’s clock is ahead of the phone’s, as far as it is known. */
  aheadMs: () => number
  /** A page that was opened without a network has not heard the village’s clock; the list has. */
  set: (now: number) => void
}

/** 闸口: what one shop’s vouchers are redeemed at, with a network and without. */
export class Gate {
  bundle = $state.raw<Bundle>()
  book = $state.raw<Book>([])
  /** Whether the village answered when it was asked last; undefined: it is being asked for the first time. */
  online = $state<boolean>()
  /** What she has to see to herself: it is not her shop, or she has to sign in again. */
  refused = $state.raw<unknown>()
  /** The phone keeps nothing: without a network nothing can be redeemed here. */
  forgetful = $state(false)
  /** The result on the screen. */
  shown = $state.raw<Verdict>()
  busy = $state(false)
  syncing = $state(false)
  /** Read from the phone. */
  loaded = $state(false)

  waiting = $derived(waitingIn(this.book))
  conflicts = $derived(conflictsIn(this.book))

  readonly #shopId: string
  readonly #key: string
  readonly #pocket: Pocket
  readonly #village: Village
  readonly #time: Time
  #sync: Promise<void> | undefined
  #again: ReturnType<typeof setTimeout> | undefined
  #failures = 0
  #open = false

  constructor(memberId: string, shopId: string, from: { pocket: Pocket; village: Village; time: Time }) {
    this.#shopId = shopId
    this.#key = keyOf(memberId, shopId)
    this.#pocket = from.pocket
    this.#village = from.village
    this.#time = from.time
  }

  /** Opens with what the phone has, then asks the village, now and whenever it may have come back. Answers what ends it. */
  open(): () => void {
    this.#open = true
    const now = () => void this.sync()
    const looked = () => {
      if (!document.hidden) now()
    }
    const lost = () => (this.online = false)
    addEventListener('online', now)
    addEventListener('offline', lost)
    document.addEventListener('visibilitychange', looked)
    // A page opens it in an effect, which must not run again with every list that comes in.
    void untrack(() => this.load()).then(now)
    return () => {
      this.#open = false
      clearTimeout(this.#again)
      removeEventListener('online', now)
      removeEventListener('offline', lost)
      document.removeEventListener('visibilitychange', looked)
    }
  }

  async load() {
    try {
      this.bundle ??= await this.#pocket.get<Bundle>('bundles', this.#key)
      const ahead = this.bundle?.aheadMs
      if (ahead && !this.#time.aheadMs()) this.#time.set(this.#time.now() + ahead)
      await this.#reread()
    } catch {
      this.forgetful = true
    }
    this.loaded = true
  }

  /** Tells the village what it has not heard of and fetches the newest list. Whoever asks meanwhile waits for the same. */
  sync(): Promise<void> {
    this.#sync ??= this.#syncOnce().finally(() => (this.#sync = undefined))
    return this.#sync
  }

  /** Somebody holds up a code, or says six digits. */
  async tried(text: string) {
    if (this.busy || this.shown) return
    this.busy = true
    try {
      this.shown = await this.#verdict(text)
    } finally {
      this.busy = false
    }
  }

  next() {
    this.shown = undefined
  }

  /** Takes a redemption back: on the phone while the village has not heard of it, else there. It throws what went wrong. */
  async undo(id: string, words: string) {
    const undone = { at: this.#time.now(), words }
    let here = false
    await this.#change((book) => {
      const taken = undo(book, id, undone)
      here = taken !== undefined
      return taken ?? book
    }).catch(() => {}) // a phone that keeps nothing has told the village at once
    if (here) {
      if (this.online) void this.sync()
      return
    }
    await this.#village.undo(id, words)
    await this.#change((book) => without(book, id)).catch(() => {})
    await this.sync() // it is on the list again
  }

  /** Somebody has taken note of a conflict. */
  async seen(id: string) {
    await this.#change((book) => without(book, id))
  }

  async #verdict(text: string): Promise<Verdict> {
    const seen = await read(text, this.bundle?.key)
    const id = newToken()
    const asked = this.online !== false && !isAhead(this.book, seen)
    if (asked) {
      const answer = await this.#ask(id, text)
      const here = liveOf(this.book, seen)
      // It was this phone a moment ago: she may take it back.
      if (answer?.word === 'used' && here)
        return { ...answer, actId: here.id, undoUntil: undoUntilOf(here, this.#time.now()) }
      if (answer) return answer
    }
    const { bundle } = this
    let verdict: Verdict | undefined
    // Decided inside the unit that writes it down: two open pages of one phone don’t both say yes.
    await this.#written((book) => {
      const now = this.#time.now()
      const act: Act = {
        id,
        text,
        voucher: nobodys(seen),
        at: now,
        aheadMs: this.#time.aheadMs(),
        state: 'waiting'
      }
      verdict = bundle && decide(seen, bundle, book, now)
      if (verdict?.word === 'good' && isFull(book)) verdict = { ...verdict, word: 'full' }
      if (verdict?.word === 'good') {
        verdict = { ...verdict, actId: id, undoUntil: undoUntilOf(act, now) }
        return [...book, { ...act, voucher: verdict.voucher! }]
      }
      // The village may have heard the question and said yes, though nobody was let in: that is taken back.
      const maybe = asked && isOurs(seen, this.#shopId) && !isFull(book)
      return maybe ? [...book, { ...act, undone: { at: now, words: say.unheard } }] : book
    })
    if (!verdict) throw new NoList()
    if (this.online) void this.sync()
    return verdict
  }

  async #written(by: (book: Book) => Book) {
    try {
      await this.#change(by)
    } catch {
      this.forgetful = true
      throw new Forgetful()
    }
  }

  /** The village’s word; undefined where it can’t be reached. */
  async #ask(id: string, text: string): Promise<Verdict | undefined> {
    try {
      const scan = () => ({ id, text, at: this.#time.now() })
      const soon = () => AbortSignal.timeout(ASK_MS)
      let tried = await this.#village.redeem(scan(), soon())
      // Its answer has put the clock right.
      if (tried.reason === 'clock') tried = await this.#village.redeem(scan(), soon())
      this.online = true
      if (tried.outcome === 'redeemed' && tried.voucher)
        await this.#told(text, tried.at, tried, tried.voucher)
      return verdictOf(tried)
    } catch (error) {
      if (!isAway(error)) throw error
      this.#failed(error)
      return undefined
    }
  }

  /** Remembered, so that the same code is refused here when the network goes the next moment. */
  async #told(text: string, at: number, { id, heardAt }: { id: string; heardAt: number }, voucher: Shown) {
    const act: Act = { id, text, voucher, at, aheadMs: this.#time.aheadMs(), state: 'told', heardAt }
    await this.#change((book) => [...book, act]).catch(() => (this.forgetful = true))
  }

  async #syncOnce() {
    this.syncing = true
    clearTimeout(this.#again)
    try {
      if (!this.forgetful) {
        await handIn({
          pocket: this.#pocket,
          key: this.#key,
          village: this.#village,
          aheadMs: this.#time.aheadMs
        })
      }
      const bundle = await this.#village.bundle()
      await this.#keep(bundle)
      this.bundle = bundle
      this.online = true
      this.refused = undefined
      this.#failures = 0
      this.#plan(REFRESH_MS)
    } catch (error) {
      this.#failed(error)
      await this.#reread().catch(() => {})
    } finally {
      this.syncing = false
    }
  }

  async #keep(bundle: Bundle) {
    try {
      await this.#pocket.change<Bundle>('bundles', this.#key, () => bundle)
      await this.#change((book) => trimmed(book, bundle))
      this.forgetful = false
    } catch {
      this.forgetful = true
    }
  }

  #failed(error: unknown) {
    if (!isAway(error)) {
      this.refused = error
      return
    }
    this.online = false
    this.#failures++
    this.#plan(Math.min(AGAIN_MS * 2 ** (this.#failures - 1), AGAIN_AT_LATEST_MS))
  }

  #plan(inMs: number) {
    clearTimeout(this.#again)
    if (this.#open) this.#again = setTimeout(() => void this.sync(), inMs)
  }

  async #change(by: (book: Book) => Book) {
    await this.#pocket.change<Book>('books', this.#key, (book) => by(book ?? []))
    await this.#reread()
  }

  async #reread() {
    this.book = (await this.#pocket.get<Book>('books', this.#key)) ?? []
  }
}

/** Whether the village may find it good. */
const isOurs = (seen: Seen, shopId: string) =>
  seen.kind === 'digits' || (seen.kind === 'ticket' && seen.real !== false && seen.ticket.shopId === shopId)

/** What is known of a voucher that is on no list. */
const nobodys = (seen: Seen): Shown => ({
  id: seen.kind === 'ticket' ? seen.ticket.voucherId : '',
  code: seen.kind === 'digits' ? seen.code : '',
  title: '',
  specName: '',
  n: 0,
  expiresAt: 0,
  test: false
})

/** This phone has never been at this gate with a network: it knows neither its vouchers nor the village’s key. */
export class NoList extends Error {}

/** What can’t be written down can’t be promised. */
export class Forgetful extends Error {}
