import { HOMEWORK_SECONDS } from '../../shared/contracts/school.ts'
import { Problem } from '../../shared/problems.ts'

/** Cameras stop a little late; the server is as patient. */
const LATE_SECONDS = 1
/** Thirty seconds at this rate are some five megabytes: they leave the mud flats within a minute or two. */
const BITS_PER_SECOND = 1_200_000
/** What phones can write, the kind that every other phone can play first. */
const TYPES = [
  'video/mp4;codecs=avc1.42E01E,mp4a.40.2',
  'video/mp4',
  'video/webm;codecs=vp8,opus',
  'video/webm'
]

export interface Clip {
  file: Blob
  name: string
  url: string
  seconds: number
}

/** Whether this browser can film by itself; elsewhere the phone's own camera does. */
export const canFilm = () =>
  isSecureContext && !!navigator.mediaDevices && 'MediaRecorder' in globalThis && typeOf() !== undefined

const typeOf = () => TYPES.find((type) => MediaRecorder.isTypeSupported(type))

/** Half a minute of film, made here or chosen from the album, until it is handed in. */
export class ClipMaker {
  state = $state<'empty' | 'opening' | 'ready' | 'filming' | 'made'>('empty')
  stream = $state.raw<MediaStream>()
  seconds = $state(0)
  clip = $state.raw<Clip>()
  error = $state.raw<unknown>()
  denied = $state(false)
  #recorder: MediaRecorder | undefined
  #timer: ReturnType<typeof setInterval> | undefined

  async open() {
    this.error = undefined
    this.denied = false
    this.state = 'opening'
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: 'user', width: { ideal: 720 }, height: { ideal: 1280 } },
        audio: true
      })
      this.state = 'ready'
    } catch {
      this.state = 'empty'
      this.denied = true
    }
  }

  film() {
    if (!this.stream) return
    const parts: Blob[] = []
    const type = typeOf()!
    const recorder = new MediaRecorder(this.stream, { mimeType: type, videoBitsPerSecond: BITS_PER_SECOND })
    this.#recorder = recorder
    const begun = performance.now()
    this.seconds = 0
    recorder.ondataavailable = ({ data }) => parts.push(data)
    recorder.onstop = () => {
      clearInterval(this.#timer)
      const seconds = Math.min(HOMEWORK_SECONDS, (performance.now() - begun) / 1000)
      const file = new Blob(parts, { type: type.split(';')[0]! })
      this.#made(file, `homework.${type.includes('mp4') ? 'mp4' : 'webm'}`, seconds)
    }
    recorder.start(1_000)
    this.state = 'filming'
    this.#timer = setInterval(() => {
      this.seconds = Math.floor((performance.now() - begun) / 1000)
      if (this.seconds >= HOMEWORK_SECONDS) this.stop()
    }, 200)
  }

  stop() {
    if (this.#recorder?.state === 'recording') this.#recorder.stop()
  }

  /** A film from the album, or from the phone's own camera. */
  async choose(file: File) {
    this.error = undefined
    const url = URL.createObjectURL(file)
    const seconds = await lengthOf(url)
    URL.revokeObjectURL(url)
    if (seconds > HOMEWORK_SECONDS + LATE_SECONDS) {
      this.error = new Problem('clip_too_long')
      return
    }
    this.#made(file, file.name, Math.min(seconds, HOMEWORK_SECONDS))
  }

  anew() {
    if (this.clip) URL.revokeObjectURL(this.clip.url)
    this.clip = undefined
    this.error = undefined
    this.#shut()
    this.state = 'empty'
  }

  #made(file: Blob, name: string, seconds: number) {
    this.#shut()
    this.clip = { file, name, url: URL.createObjectURL(file), seconds }
    this.state = 'made'
  }

  #shut() {
    clearInterval(this.#timer)
    if (this.#recorder?.state === 'recording') {
      this.#recorder.onstop = null
      this.#recorder.stop()
    }
    this.#recorder = undefined
    for (const track of this.stream?.getTracks() ?? []) track.stop()
    this.stream = undefined
  }
}

/** Seconds; 0 where the file does not say: then the server looks. */
function lengthOf(url: string): Promise<number> {
  return new Promise((resolve) => {
    const video = document.createElement('video')
    video.preload = 'metadata'
    video.onloadedmetadata = () => resolve(Number.isFinite(video.duration) ? video.duration : 0)
    video.onerror = () => resolve(0)
    video.src = url
  })
}
