/** What phones play everywhere comes first; Chromium and Firefox record at least the others. */
const TYPES = ['audio/mp4;codecs=mp4a.40.2', 'audio/mp4', 'audio/webm;codecs=opus', 'audio/ogg;codecs=opus']
/** Speech needs no more. */
const BITS_PER_SECOND = 48_000
const TICK_MS = 200

export type RecorderState = 'idle' | 'asking' | 'recording' | 'done' | 'denied'

export interface Recording {
  blob: Blob
  /** For an `audio` element; goes with the recorder. */
  url: string
  seconds: number
}

/** The microphone for a few words: start, stop, listen, again. */
export class Recorder {
  state = $state<RecorderState>('idle')
  /** Of what is being recorded. */
  seconds = $state(0)
  recording = $state.raw<Recording>()
  readonly maxSeconds: number

  #recorder: MediaRecorder | undefined
  #timer: ReturnType<typeof setInterval> | undefined
  /** What is asked of the microphone after `close` comes to nothing. */
  #turn = 0

  constructor(maxSeconds: number) {
    this.maxSeconds = maxSeconds
  }

  async start() {
    this.drop()
    const turn = ++this.#turn
    this.state = 'asking'
    let stream: MediaStream
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: true, noiseSuppression: true }
      })
    } catch {
      if (turn === this.#turn) this.state = 'denied'
      return
    }
    if (turn !== this.#turn) return stopAll(stream)
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type))
    const recorder = new MediaRecorder(stream, {
      ...(mimeType && { mimeType }),
      audioBitsPerSecond: BITS_PER_SECOND
    })
    const parts: Blob[] = []
    const begun = performance.now()
    recorder.ondataavailable = ({ data }) => parts.push(data)
    recorder.onstop = () => {
      stopAll(stream)
      clearInterval(this.#timer)
      if (turn !== this.#turn) return
      const blob = new Blob(parts, { type: recorder.mimeType })
      const seconds = Math.max(1, Math.round((performance.now() - begun) / 1000))
      this.recording = { blob, seconds, url: URL.createObjectURL(blob) }
      this.state = 'done'
    }
    this.#recorder = recorder
    recorder.start()
    this.state = 'recording'
    this.seconds = 0
    this.#timer = setInterval(() => {
      this.seconds = (performance.now() - begun) / 1000
      if (this.seconds >= this.maxSeconds) this.stop()
    }, TICK_MS)
  }

  stop() {
    if (this.#recorder?.state === 'recording') this.#recorder.stop()
  }

  /** Forgets what was recorded, and lets the microphone go. */
  drop() {
    this.#turn++
    clearInterval(this.#timer)
    this.stop()
    const old = this.recording
    this.recording = undefined
    // After the player is gone from the page, which would ask for it once more.
    if (old) setTimeout(() => URL.revokeObjectURL(old.url))
    this.seconds = 0
    this.state = 'idle'
  }
}

function stopAll(stream: MediaStream) {
  for (const track of stream.getTracks()) track.stop()
}

/** What the server shall call it; what it is, it finds out by itself. */
export const nameOf = ({ type }: Blob) =>
  type.includes('mp4') ? 'voice.m4a' : type.includes('ogg') ? 'voice.ogg' : 'voice.webm'
