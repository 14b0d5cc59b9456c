import { FRAME, type AudioConfig, type VideoConfig } from '../../shared/video.ts'
import {
  Denied,
  listen,
  openCamera,
  openLens,
  watch,
  type Denial,
  type Facing,
  type Sound
} from './camera.ts'
import {
  openSoundCoder,
  openVideoCoder,
  VIDEO_BITS_PER_S,
  type SoundCoder,
  type VideoCoder
} from './encoder.ts'
import { Uplink, type Farewell } from './uplink.ts'

/** Sound that is slow to start must not keep the picture off air; it joins when it is there. */
const WAIT_FOR_SOUND_MS = 3_000
const THUMBNAIL_EVERY_MS = 10_000
const THUMBNAIL = { width: 360, height: 640, quality: 0.7 } as const
const LEVEL_EVERY_MS = 100
/** What the meter shows in a silent room. */
export const SILENCE_DB = -60

/**
 * `idle` → `asking` → `ready` (she sees herself) or `denied` → `connecting` → `on_air` ⇄ `reconnecting` → `ended`.
 */
export type BroadcastState =
  | 'idle'
  | 'asking'
  | 'denied'
  | 'ready'
  | 'connecting'
  | 'on_air'
  | 'reconnecting'
  | 'ended'

/** 开播: what her phone does while she is on air. One of these per go-live page; `close` when she leaves it. */
export class Broadcast {
  state = $state<BroadcastState>('idle')
  /** Why it was `denied`. */
  denial = $state<Denial>()
  /** Why it `ended`, and the server's sentence where it gave one. */
  farewell = $state<Farewell>()
  words = $state('')
  /** What the camera sees, for the preview. The front camera is a mirror only there. */
  stream = $state.raw<MediaStream>()
  facing = $state<Facing>('environment')
  /** Since the first frame was taken. */
  seconds = $state(0)
  /** How loud it is, dB below the loudest; silence is −60. */
  levelDb = $state(SILENCE_DB)
  kbps = $state(0)
  /** How much later than usual the server hears of a frame. */
  lagMs = $state(0)
  /** Left out because phone or network were too slow. */
  droppedFrames = $state(0)
  live = $derived(this.state === 'on_air' || this.state === 'reconnecting')

  readonly #source: MediaStream | undefined
  #uplink: Uplink | undefined
  #pictures: VideoCoder | undefined
  #sounds: SoundCoder | undefined
  #video: VideoConfig | undefined
  #audio: AudioConfig | undefined
  #soundOverdue = false
  #stopWatching = () => {}
  #stopListening = () => {}
  #timers: ReturnType<typeof setInterval>[] = []
  #lock: WakeLockSentinel | undefined
  #thumbnailAt = 0
  #levelAt = 0
  #tooSlow = 0

  /** `source`: a picture from elsewhere instead of the camera, for benches and for filming the demo. */
  constructor({ source }: { source?: MediaStream } = {}) {
    this.#source = source
  }

  /** Asks for camera and microphone and shows her the picture. May be tried again after a denial. */
  async prepare() {
    if (this.state !== 'idle' && this.state !== 'denied') return
    this.state = 'asking'
    this.denial = undefined
    try {
      if (!globalThis.VideoEncoder) throw new Denied(globalThis.isSecureContext ? 'no_encoder' : 'insecure')
      const stream = this.#source ?? (await openCamera(this.facing))
      // She may have left the page while the question was on the screen.
      if (this.#is('ended')) return release(stream)
      this.stream = stream
      this.#listenTo(stream)
      this.state = 'ready'
    } catch (error) {
      this.state = 'denied'
      this.denial = error instanceof Denied ? error.denial : 'camera'
    }
  }

  /** Goes on air at the address that `goLive` answered. */
  async start(ingest: string) {
    if (this.state !== 'ready' || !this.stream) return
    this.state = 'connecting'
    try {
      this.#pictures = await openVideoCoder({
        configured: (config) => {
          this.#video = config
          this.#describe()
        },
        coded: (frame) => this.#uplink?.send(frame),
        failed: () => this.#over('refused', '')
      })
    } catch (error) {
      this.state = 'denied'
      this.denial = error instanceof Denied ? error.denial : 'no_encoder'
      return
    }
    if (!this.#is('connecting')) return this.#pictures.close()
    this.#uplink = new Uplink(ingest, VIDEO_BITS_PER_S, {
      ready: () => {
        this.state = 'on_air'
        this.#pictures?.askForKey()
      },
      lost: () => {
        if (this.state === 'on_air') this.state = 'reconnecting'
      },
      over: (why, words) => this.#over(why, words),
      pace: (lateMs, bitsPerS) => {
        this.lagMs = Math.round(lateMs)
        this.#pictures?.setBitrate(bitsPerS)
      }
    })
    this.#soundOverdue = this.stream.getAudioTracks().length === 0
    this.#watch(this.stream.getVideoTracks()[0]!)
    this.#timers.push(
      setTimeout(() => this.#goWithoutSound(), WAIT_FOR_SOUND_MS),
      setInterval(() => this.#everySecond(), 1_000)
    )
    document.addEventListener('visibilitychange', this.#onVisible)
    void this.#stayAwake()
  }

  /** The other side of the phone, without leaving the air. Where there is only one camera nothing changes. */
  async switchCamera() {
    const { stream } = this
    if (!stream || this.#source) return
    const other: Facing = this.facing === 'user' ? 'environment' : 'user'
    // A phone opens one camera at a time.
    this.#lookAway(stream)
    const track = await openLens(other).then(
      (found) => {
        this.facing = other
        return found
      },
      () => openLens(this.facing).catch(() => undefined)
    )
    if (!track) return
    if (this.#is('ended')) return track.stop()
    this.stream = new MediaStream([track, ...stream.getAudioTracks()])
    if (this.#pictures) this.#watch(track)
  }

  /** Ends the show for everybody. */
  end() {
    this.#uplink?.end()
    this.#over('ended', '')
  }

  /** Leaves the page: the show stays open for a while, the camera does not. */
  close() {
    this.#over('ended', '')
  }

  #is(state: BroadcastState) {
    return this.state === state
  }

  #listenTo(stream: MediaStream) {
    const [track] = stream.getAudioTracks()
    if (!track) return
    let opening = false
    this.#stopListening = listen(track, (sound) => {
      this.#measure(sound)
      if (!this.#uplink) return
      if (this.#sounds) return this.#sounds.encode(sound)
      if (opening) return
      opening = true
      void openSoundCoder(sound.sampleRate, {
        configured: (config) => {
          this.#audio = config
          this.#describe()
        },
        coded: (frame) => this.#uplink?.send(frame)
      }).then(
        (coder) => (this.#is('ended') ? coder.close() : (this.#sounds = coder)),
        () => this.#goWithoutSound()
      )
    })
  }

  #watch(track: MediaStreamTrack) {
    this.#stopWatching()
    this.#stopWatching = watch(track, (frame) => {
      const coder = this.#pictures
      if (!coder) return frame.close()
      if (this.#uplink?.needsKey) coder.askForKey()
      const now = performance.now()
      if (this.state === 'on_air' && now - this.#thumbnailAt > THUMBNAIL_EVERY_MS) {
        this.#thumbnailAt = now
        void this.#sendThumbnail(frame.clone())
      }
      if (!coder.encode(frame)) this.#tooSlow++
    })
  }

  #lookAway(stream: MediaStream) {
    this.#stopWatching()
    for (const track of stream.getVideoTracks()) track.stop()
  }

  /** Tells the server what is coming as soon as picture and sound are known; sound that is late is told later. */
  #describe() {
    if (this.#video && (this.#audio || this.#soundOverdue)) this.#uplink?.describe(this.#video, this.#audio)
  }

  #goWithoutSound() {
    if (this.#audio || this.#soundOverdue) return
    this.#soundOverdue = true
    this.#describe()
  }

  async #sendThumbnail(frame: VideoFrame) {
    const { width, height, quality } = THUMBNAIL
    const canvas = new OffscreenCanvas(width, height)
    canvas.getContext('2d', { alpha: false })!.drawImage(frame, 0, 0, width, height)
    const timestampUs = frame.timestamp
    frame.close()
    const picture = await canvas.convertToBlob({ type: 'image/jpeg', quality }).catch(() => undefined)
    if (!picture) return
    const data = new Uint8Array(await picture.arrayBuffer())
    this.#uplink?.send({ kind: FRAME.thumbnail, timestampUs, durationUs: 0, data })
  }

  #measure({ samples }: Sound) {
    const now = performance.now()
    if (now - this.#levelAt < LEVEL_EVERY_MS) return
    this.#levelAt = now
    let sum = 0
    for (const sample of samples) sum += sample * sample
    const loudness = 10 * Math.log10(sum / samples.length)
    this.levelDb = Math.round(Math.max(SILENCE_DB, Math.min(0, loudness)))
  }

  #everySecond() {
    const { sentBytes = 0, dropped = 0 } = this.#uplink ?? {}
    this.kbps = Math.round((sentBytes * 8) / 1000)
    if (this.#uplink) this.#uplink.sentBytes = 0
    this.droppedFrames = dropped + this.#tooSlow
    if (this.live) this.seconds++
  }

  /** Phones take the lock, and some the camera too, when another app comes to the front. */
  #onVisible = () => {
    if (document.visibilityState !== 'visible') return
    void this.#stayAwake()
    const [track] = this.stream?.getVideoTracks() ?? []
    if (track?.readyState === 'ended' && !this.#source) void this.#lookAgain()
  }

  async #lookAgain() {
    const track = await openLens(this.facing).catch(() => undefined)
    if (!track) return
    if (this.#is('ended')) return track.stop()
    this.stream = new MediaStream([track, ...(this.stream?.getAudioTracks() ?? [])])
    this.#watch(track)
  }

  async #stayAwake() {
    if (this.#is('ended') || !('wakeLock' in navigator)) return
    // A phone that saves its battery refuses; the show goes on.
    const lock = await navigator.wakeLock.request('screen').catch(() => undefined)
    if (this.#is('ended')) void lock?.release()
    else this.#lock = lock
  }

  #over(why: Farewell, words: string) {
    if (this.#is('ended')) return
    this.state = 'ended'
    this.farewell = why
    this.words = words
    document.removeEventListener('visibilitychange', this.#onVisible)
    for (const timer of this.#timers) clearInterval(timer)
    this.#stopWatching()
    this.#stopListening()
    this.#pictures?.close()
    this.#sounds?.close()
    this.#uplink?.close()
    void this.#lock?.release()
    if (this.stream && !this.#source) release(this.stream)
    this.stream = undefined
  }
}

const release = (stream: MediaStream) => stream.getTracks().forEach((track) => track.stop())
