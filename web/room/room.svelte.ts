import { claimByCode, claimCoupon, type CouponCard } from '../../shared/contracts/coupons.ts'
import { getRoom, myRoom, type RoomView, type ShelfItem } from '../../shared/contracts/live.ts'
import { followHost, unfollowHost } from '../../shared/contracts/members.ts'
import { Refusal, refusalOf } from '../../shared/refusal.ts'
import {
  apply,
  type Fact,
  type Hint,
  type Message,
  type RoomAnswer,
  type RoomFrame,
  flashed,
  stocked
} from '../../shared/room.ts'
import { call } from '../call.ts'
import { clock } from '../clock.svelte.ts'
import { session } from '../me/session.svelte.ts'
import { newToken } from '../token.ts'
import { sentence } from '../words/problem.ts'
import { RoomSocket } from './socket.ts'
import { Watching } from './watching.svelte.ts'

/** What of the talk stays on a phone. */
const CHAT_KEPT = 200
/** A line the server has not heard of by then is shown as not sent. */
const SAID_WITHIN_MS = 8_000
/** Taps on the heart go out together. */
const HEARTS_MS = 700
/** What is missing is asked for again when it has not come by then. */
const ASK_AGAIN_MS = 3_000
/** A countdown that is off by less than this is right. */
const CLOCK_OFF_MS = 1_000

/** One line of talk; my own is shown at once and says how far it has come. */
export interface Line extends Message {
  own?: 'sending' | 'failed'
  why?: string
}

export interface Mine {
  following: boolean
  claimed: string[]
  runs: boolean
}

const NOTHING_MINE: Mine = { following: false, claimed: [], runs: false }

/** One room as this phone sees it: the numbered facts in order, the hints as they come, and what is mine. */
export class Room {
  readonly id: string
  view = $state.raw<RoomView>()
  error = $state<unknown>()
  viewers = $state(0)
  hearts = $state(0)
  connected = $state(true)
  chat = $state.raw<Line[]>([])
  mine = $state.raw<Mine>(NOTHING_MINE)
  claiming = $state('')
  /** Until then (server time) the server wants no more lines of mine. */
  quietUntil = $state(0)
  /** Newest stock of each spec since the room was loaded. */
  stock = $state.raw<Record<string, number>>({})

  state = $derived(this.view?.show.state)
  onAir = $derived(this.state === 'live' || this.state === 'away')
  /** 带播: her mentor is away, so there is no picture and no sale. */
  paused = $derived(this.onAir && this.view?.show.paused === true)
  closed = $derived(this.view !== undefined && this.view.show.kind !== 'public')
  /** Why nothing can be bought from this show now. */
  stopped = $derived.by((): '' | 'closed' | 'paused' | 'stopped' =>
    this.closed
      ? 'closed'
      : this.paused
        ? 'paused'
        : this.onAir && this.view?.show.saleStopped
          ? 'stopped'
          : ''
  )
  pinned = $derived(this.view?.shelf.find((item) => item.productId === this.view?.pinnedProductId))
  coupons = $derived(this.view?.coupons.filter((coupon) => this.endsIn(coupon) > 0) ?? [])
  /** Flash sales, the next to end first; none while nothing is sold. */
  sales = $derived(
    this.onAir && !this.stopped
      ? (this.view?.flash.filter((sale) => sale.endsAt > (sale.stoppedAt || clock.now)) ?? [])
      : []
  )
  flash = $derived(this.sales[0])
  readonly watching: Watching
  /** A coupon that I do not have yet asks me to watch longer, and there is a picture to watch. */
  watches = $derived(
    this.state === 'live' &&
      !this.paused &&
      this.connected &&
      session.me !== undefined &&
      this.coupons.some(
        (coupon) => coupon.left > 0 && this.claimedOf(coupon.id) === 0 && this.watchLeft(coupon) > 0
      )
  )
  quietSeconds = $derived(Math.max(0, Math.ceil((this.quietUntil - clock.now) / 1000)))

  #socket: RoomSocket | undefined
  #lines = new Map<string, ReturnType<typeof setTimeout>>()
  #taps = 0
  #tapTimer: ReturnType<typeof setTimeout> | undefined
  #asked = { version: -1, at: 0 }

  constructor(id: string, first?: RoomView) {
    this.id = id
    this.watching = new Watching(id)
    if (first) this.#show(first)
  }

  async load() {
    this.error = undefined
    try {
      this.#show(await call(getRoom, { params: { showId: this.id } }))
    } catch (error) {
      this.error = error
    }
  }

  /** Goes in: hears everything from the version it has. Answers the way out. */
  enter() {
    this.#socket = new RoomSocket(() => `/ws/rooms/${this.id}?after=${this.view?.version ?? 0}`, {
      heard: (frame) => this.hear(frame),
      connected: (yes) => (this.connected = yes)
    })
    return () => {
      this.#socket?.close()
      this.#socket = undefined
      for (const timer of this.#lines.values()) clearTimeout(timer)
      clearTimeout(this.#tapTimer)
    }
  }

  /** What only I see; a guest has nothing. After signing in the socket must know me too. */
  async meet() {
    if (!session.me) {
      this.mine = NOTHING_MINE
      return
    }
    this.mine = await call(myRoom, { params: { showId: this.id } })
  }

  hear(frame: RoomFrame) {
    for (const each of frame) {
      if (each[0] > 0) this.#fact(each as Fact)
      else this.#hint(each as Hint | RoomAnswer)
    }
  }

  #fact(fact: Fact) {
    const { view } = this
    if (!view || fact[0] <= view.version) return
    if (fact[0] > view.version + 1) {
      this.#askSince(view.version)
      return
    }
    this.view = apply(view, fact)
    if (fact[2] === 'message_said') this.#said({ ...fact[3], at: fact[1] })
    if (fact[2] === 'show_ended') this.quietUntil = 0
  }

  #hint([, at, type, body]: Hint | RoomAnswer) {
    const { view } = this
    switch (type) {
      case 'viewers':
        this.viewers = body.count
        break
      case 'hearts':
        this.hearts = Math.max(body.total, this.hearts)
        break
      case 'coupon_left':
        this.#couponLeft(body.couponId, body.left)
        break
      case 'flash_left':
        if (view) this.view = flashed(view, body)
        break
      case 'stock_left':
        this.stock = { ...this.stock, [body.specId]: body.left }
        if (view) this.view = stocked(view, body)
        break
      case 'version':
        if (view && body.version > view.version) this.#askSince(view.version)
        break
      case 'welcome':
        // Pages are cached, this is not: the first word on the line sets the clock.
        if (Math.abs(at - clock.exact()) > CLOCK_OFF_MS) clock.set(at)
        this.viewers = body.viewers
        if (body.member) this.#sayWaiting()
        break
      case 'said':
        clearTimeout(this.#lines.get(body.id))
        break
      case 'refused':
        this.#refused(body)
        break
      case 'reload':
        void this.load()
        break
      default:
    }
  }

  #askSince(version: number) {
    const now = Date.now()
    if (this.#asked.version === version && now - this.#asked.at < ASK_AGAIN_MS) return
    this.#asked = { version, at: now }
    this.#socket?.send({ t: 'since', n: version })
  }

  #couponLeft(couponId: string, left: number) {
    const { view } = this
    if (!view) return
    const coupons = view.coupons.map((coupon) => (coupon.id === couponId ? { ...coupon, left } : coupon))
    this.view = { ...view, coupons }
  }

  /** Shows a line at once. It is sent when the server knows who speaks, and again after a lost connection. */
  async say(text: string) {
    const words = text.trim()
    if (!words) return
    if (!(await this.#signedIn())) return
    const line: Line = {
      id: newToken(),
      name: session.me!.name,
      role: this.view?.show.host.id === session.me!.id ? 'host' : 'buyer',
      text: words,
      at: clock.exact(),
      own: 'sending'
    }
    this.chat = [...this.chat, line].slice(-CHAT_KEPT)
    this.#speak(line)
  }

  /** The same line with the same id: the server says it once, however often it hears it. */
  resend(id: string) {
    const line = this.chat.find((each) => each.id === id)
    if (!line) return
    const again: Line = { ...line, own: 'sending', why: undefined }
    this.#change(id, again)
    this.#speak(again)
  }

  #speak({ id, text }: Line) {
    clearTimeout(this.#lines.get(id))
    this.#lines.set(
      id,
      setTimeout(() => this.#notSent(id), SAID_WITHIN_MS)
    )
    this.#socket?.send({ t: 'say', id, text })
  }

  #sayWaiting() {
    for (const line of this.chat) if (line.own === 'sending') this.#speak(line)
  }

  #said(message: Message) {
    clearTimeout(this.#lines.get(message.id))
    this.#lines.delete(message.id)
    // My own line moves to where the room heard it.
    this.chat = [...this.chat.filter((line) => line.id !== message.id), message].slice(-CHAT_KEPT)
  }

  #notSent(id: string, why?: string) {
    clearTimeout(this.#lines.get(id))
    const line = this.chat.find((each) => each.id === id)
    if (line?.own) this.#change(id, { ...line, own: 'failed', why })
  }

  #refused({ id, waitMs, ...answer }: { id?: string; code: string; message: string; waitMs?: number }) {
    if (waitMs) this.quietUntil = clock.exact() + waitMs
    if (id) this.#notSent(id, sentence(refusalOf(answer, 409)))
  }

  #change(id: string, line: Line) {
    this.chat = this.chat.map((each) => (each.id === id ? line : each))
  }

  heart() {
    this.hearts++
    this.#taps++
    this.#tapTimer ??= setTimeout(() => {
      this.#tapTimer = undefined
      this.#socket?.send({ t: 'hearts', n: this.#taps })
      this.#taps = 0
    }, HEARTS_MS)
  }

  /** Answers false when nobody signed in. */
  async follow(on = true) {
    if (!(await this.#signedIn()) || !this.view) return false
    const params = { hostId: this.view.show.host.id }
    const { following } = on ? await call(followHost, { params }) : await call(unfollowHost, { params })
    this.mine = { ...this.mine, following }
    return true
  }

  /** The ticket that drops in: what she can still claim; else the newest, to say how it ended. */
  ticket = (hidden: readonly string[]) => {
    const shown = this.coupons.filter((coupon) => !hidden.includes(coupon.id))
    const mine = shown.filter(({ id, left, perMember }) => left > 0 && this.claimedOf(id) < perMember)
    return (
      mine.find((coupon) => this.startsIn(coupon) === 0 && this.watchLeft(coupon) === 0) ??
      mine[0] ??
      shown[0]
    )
  }

  /** Until it may be claimed and until it ends, in milliseconds; while the picture is away its clock stands still. */
  startsIn = (coupon: CouponCard) => Math.max(0, coupon.startsAt - (coupon.stoppedAt || clock.now))
  endsIn = (coupon: CouponCard) => Math.max(0, coupon.endsAt - (coupon.stoppedAt || clock.now))
  /** What I have to watch until then. */
  watchLeft = (coupon: CouponCard) => Math.max(0, coupon.watchMs - this.watching.ms)

  claimedOf = (couponId: string) => this.mine.claimed.filter((id) => id === couponId).length

  /**
   * One tap: signs in, follows where the coupon asks for it, claims. True only once the server has said so. The word is
   * for one that asks for a word.
   */
  async claim(coupon: CouponCard, word = '') {
    if (!(await this.#signedIn()) || this.claiming) return false
    if (this.claimedOf(coupon.id) >= coupon.perMember) return true
    this.claiming = coupon.id
    try {
      if (coupon.watchMs) {
        await this.watching.beat()
        if (this.watchLeft(coupon) > 0) return false
      }
      if (coupon.kind === 'follow' && !this.mine.following) {
        const { following } = await call(followHost, { params: { hostId: coupon.hostId } })
        this.mine = { ...this.mine, following }
      }
      const { couponId, left } = word
        ? await this.#byWord(word)
        : await call(claimCoupon, { params: { couponId: coupon.id } })
      this.#claimed(couponId)
      this.#couponLeft(couponId, left)
      return true
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (error.code === 'coupon_gone') this.#couponLeft(coupon.id, 0)
      if (error.code !== 'coupon_claimed') throw error
      this.#claimed(coupon.id) // the answer of an earlier tap was lost on its way
      return true
    } finally {
      this.claiming = ''
    }
  }

  /** The word of another coupon is a good word too. */
  async #byWord(code: string) {
    const { coupon, left } = await call(claimByCode, { body: { code } })
    return { couponId: coupon.id, left }
  }

  #claimed(couponId: string) {
    this.mine = { ...this.mine, claimed: [...this.mine.claimed, couponId] }
  }

  itemOf = (productId: string): ShelfItem | undefined =>
    this.view?.shelf.find((item) => item.productId === productId)

  async #signedIn() {
    if (session.me) return true
    if (!(await session.need())) return false
    this.#socket?.again()
    await this.meet().catch(() => {})
    return true
  }

  #show(view: RoomView) {
    const waiting = this.chat.filter((line) => line.own)
    const known = new Set(view.chat.map((line) => line.id))
    this.view = view
    this.chat = [...view.chat, ...waiting.filter((line) => !known.has(line.id))]
    this.hearts = Math.max(view.hearts, this.hearts)
    this.viewers ||= view.show.viewers
  }
}
