import type Hls from 'hls.js'
import { steer } from './steer.ts'

const STEER_EVERY_MS = 250
/** A hiccup shorter than this is not worth a word on the screen. */
const STALL_SHOWN_MS = 400
/** A live picture that stands for so long is taken up again at its edge; a replay only needs patience. */
const HEAL_AFTER_MS = 3_000
const FIRST_RETRY_MS = 500
const LAST_RETRY_MS = 5_000
/** After so many vain tries in a row she is told; we go on trying. */
const TRIES_BEFORE_TOLD = 5
const MEDIA_REPAIR_EVERY_MS = 5_000
/** Behind by more than this she is offered the way back to now. */
const BEHIND_S = 6

const LIVE = {
  lowLatencyMode: true,
  backBufferLength: 10,
  maxBufferLength: 8,
  // Our own steering below.
  maxLiveSyncPlaybackRate: 1,
  // hls.js never takes this back, so one bad moment must not cost the whole evening.
  liveSyncOnStallIncrease: 0.1
}
const REPLAY = { lowLatencyMode: false, backBufferLength: 60, maxBufferLength: 30 }

/**
 * `loading` until the first frame · `playing` · `stalled` · `paused` (she paused, or this phone wants a tap first) ·
 * `ended` · `failed` (we still try).
 */
export type PlayerState = 'loading' | 'playing' | 'stalled' | 'paused' | 'ended' | 'failed'

/** The picture of one show on one video element. Muted until she asks for sound, because phones insist. */
export class Player {
  state = $state<PlayerState>('loading')
  muted = $state(true)
  /** Seconds behind what is filmed now; live only. */
  latencyS = $state(0)
  behind = $derived(this.latencyS > BEHIND_S)
  /** Of a replay, seconds. */
  positionS = $state(0)
  durationS = $state(0)

  #video: HTMLVideoElement | undefined
  #hls: Hls | undefined
  #live = false
  #playlist = ''
  #jumpedAt = 0
  #repairedAt = -Infinity
  #stalledAt: number | undefined
  #shownS = 0
  #tries = 0
  #retry: ReturnType<typeof setTimeout> | undefined

  /** When what she sees was filmed. */
  get playingDate(): Date | null {
    return this.#hls?.playingDate ?? null
  }

  /** Shows this playlist on this element. Answers what ends it again: an `$effect` can be just this call. */
  show(video: HTMLVideoElement, playlist: string, live: boolean): () => void {
    this.#video = video
    this.#playlist = playlist
    this.#live = live
    this.state = 'loading'
    this.latencyS = 0
    this.positionS = 0
    video.muted = this.muted
    let shown = true
    const here = () => shown
    const stopHearing = this.#hear(video)
    const steering = setInterval(() => this.#steer(), STEER_EVERY_MS)
    void this.#load(here)
    return () => {
      shown = false
      clearInterval(steering)
      clearTimeout(this.#retry)
      stopHearing()
      this.#hls?.destroy()
      this.#hls = undefined
      this.#stalledAt = undefined
      this.#tries = 0
      video.removeAttribute('src')
      video.load()
    }
  }

  /** 打开声音: has to be called from her tap. */
  unmute() {
    this.muted = false
    if (this.#video) this.#video.muted = false
    this.play()
  }

  mute() {
    this.muted = true
    if (this.#video) this.#video.muted = true
  }

  play() {
    const video = this.#video
    if (!video) return
    video.play().catch(() => {
      // Sound needs a tap, and in low-power mode even a silent picture does.
      if (video.paused && this.state !== 'ended') this.state = 'paused'
    })
  }

  pause() {
    this.#video?.pause()
  }

  seek(seconds: number) {
    if (this.#video) this.#video.currentTime = seconds
  }

  /** 回到直播. */
  toLive() {
    const edge = this.#hls?.liveSyncPosition
    if (!this.#video || edge === null || edge === undefined) return
    this.#jumpedAt = performance.now()
    this.#video.currentTime = edge
    this.play()
  }

  /** Begins anew, at once: for a button under “failed”. */
  again() {
    this.#tries = 0
    this.#restart()
  }

  async #load(here: () => boolean) {
    const video = this.#video!
    // Asking the browser whether it plays HLS itself comes last: Chromium says “maybe” and then does not.
    const { default: HlsPlayer } = await import('hls.js/light')
    if (!here()) return
    if (!HlsPlayer.isSupported()) {
      if (!video.canPlayType('application/vnd.apple.mpegurl')) return void (this.state = 'failed')
      video.src = this.#playlist
      return this.play()
    }
    // Our segments need no conversion, so there is nothing to give a worker to do.
    const hls = new HlsPlayer({ enableWorker: false, ...(this.#live ? LIVE : REPLAY) })
    this.#hls = hls
    hls.on(HlsPlayer.Events.ERROR, (_, { fatal, type }) => {
      if (!fatal) return
      const now = performance.now()
      if (type === HlsPlayer.ErrorTypes.MEDIA_ERROR && now - this.#repairedAt > MEDIA_REPAIR_EVERY_MS) {
        this.#repairedAt = now
        hls.recoverMediaError()
        this.play()
      } else this.#tryLater()
    })
    hls.loadSource(this.#playlist)
    hls.attachMedia(video)
    this.play()
  }

  #hear(video: HTMLVideoElement): () => void {
    const hearing = new AbortController()
    const on = (event: keyof HTMLMediaElementEventMap, then: () => void) =>
      video.addEventListener(event, then, { signal: hearing.signal })
    on('playing', () => {
      this.state = 'playing'
      this.#stalledAt = undefined
      this.#tries = 0
    })
    on('waiting', () => (this.#stalledAt ??= performance.now()))
    on('pause', () => {
      if (this.state === 'playing' && !video.ended) this.state = 'paused'
    })
    on('ended', () => (this.state = 'ended'))
    on('volumechange', () => (this.muted = video.muted))
    on('timeupdate', () => {
      // A picture that has come to a stand says so in the same way as one that goes on.
      if (video.currentTime === this.#shownS) return
      this.#shownS = this.positionS = video.currentTime
      this.#stalledAt = undefined
      if (this.state === 'stalled') this.state = 'playing'
    })
    on('durationchange', () => (this.durationS = Number.isFinite(video.duration) ? video.duration : 0))
    // Native players say nothing else when they give up.
    on('error', () => !this.#hls && this.#tryLater())
    return () => hearing.abort()
  }

  #steer() {
    const video = this.#video!
    const hls = this.#hls
    const now = performance.now()
    const stalledMs = this.#stalledAt === undefined ? 0 : now - this.#stalledAt
    if (stalledMs > STALL_SHOWN_MS && this.state === 'playing') this.state = 'stalled'
    if (!hls || !this.#live) return
    if (stalledMs > HEAL_AFTER_MS) this.#heal(hls, video)
    const { targetLatency } = hls
    if (targetLatency === null || video.paused || video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) return
    this.latencyS = hls.latency
    const end = video.buffered.length ? video.buffered.end(video.buffered.length - 1) : video.currentTime
    const { rate, jump } = steer({
      latencyS: hls.latency,
      targetS: targetLatency,
      bufferS: end - video.currentTime,
      sinceJumpMs: now - this.#jumpedAt
    })
    if (jump && hls.liveSyncPosition && hls.liveSyncPosition > video.currentTime) this.toLive()
    else if (video.playbackRate !== rate) video.playbackRate = rate
  }

  /** The picture stands although there is newer one: go there. If the host is away there is none, and we wait. */
  #heal(hls: Hls, video: HTMLVideoElement) {
    this.#stalledAt = performance.now()
    const edge = hls.liveSyncPosition
    if (edge && edge > video.currentTime + 0.5) this.toLive()
  }

  #tryLater() {
    const wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#tries)
    this.#tries++
    if (this.#tries > TRIES_BEFORE_TOLD) this.state = 'failed'
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => this.#restart(), wait)
  }

  #restart() {
    clearTimeout(this.#retry)
    if (this.#hls) this.#hls.loadSource(this.#playlist)
    else this.#video?.load()
    this.play()
  }
}
