import worklet from './microphone.worklet.js?url&no-inline'

/** What every phone films, every uplink carries and every player shows; upright, as she holds it. */
export const PICTURE = { width: 540, height: 960, frameRate: 30 } as const
/** Two clocks that drift apart further than this are set anew. */
const DRIFT_US = 200_000

export type Facing = 'user' | 'environment'
export type Denial = 'camera' | 'microphone' | 'insecure' | 'no_encoder'

export class Denied extends Error {
  readonly denial: Denial
  constructor(denial: Denial) {
    super(denial)
    this.denial = denial
  }
}

interface Frames<T> {
  readable: ReadableStream<T>
}
/** Chromium's way to what a track carries, for pictures and for sound; TypeScript knows it only for pictures. */
const { MediaStreamTrackProcessor: Processor } = globalThis as {
  MediaStreamTrackProcessor?: new <T>(init: { track: MediaStreamTrack; maxBufferSize?: number }) => Frames<T>
}

/** A piece of sound: one channel, on the page's clock (`performance.now()` in µs). */
export interface Sound {
  samples: Float32Array<ArrayBuffer>
  sampleRate: number
  timestampUs: number
}

/** Camera and microphone; asks her if she has not been asked. Refuses with what she has to allow. */
export async function openCamera(facing: Facing): Promise<MediaStream> {
  if (!globalThis.isSecureContext || !navigator.mediaDevices) throw new Denied('insecure')
  const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true }
  try {
    return await navigator.mediaDevices.getUserMedia({ video: pictureOf(facing), audio })
  } catch {
    // One refusal for two devices: find out which of them it was, so that the page can show how to allow it.
    const camera = await navigator.mediaDevices.getUserMedia({ video: true }).catch(() => undefined)
    camera?.getTracks().forEach((track) => track.stop())
    throw new Denied(camera ? 'microphone' : 'camera')
  }
}

/** Only the camera, for switching to the other side while she talks on. */
export async function openLens(facing: Facing): Promise<MediaStreamTrack> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: pictureOf(facing) })
  return stream.getVideoTracks()[0]!
}

const pictureOf = (facing: Facing): MediaTrackConstraints => ({
  facingMode: facing,
  width: { ideal: PICTURE.width },
  height: { ideal: PICTURE.height },
  frameRate: { ideal: PICTURE.frameRate, max: PICTURE.frameRate }
})

/** Everything that is filmed, upright and of one size, on the page's clock. Whoever is shown a frame closes it. */
export function watch(track: MediaStreamTrack, show: (frame: VideoFrame) => void): () => void {
  const shape = shaper()
  const clock = pageClock()
  const stamped = (frame: VideoFrame, timestampUs: number) => {
    const shaped = shape(frame, timestampUs)
    frame.close()
    show(shaped)
  }
  if (Processor) {
    return readAll(new Processor<VideoFrame>({ track, maxBufferSize: 2 }), (frame) =>
      stamped(frame, clock(frame.timestamp))
    )
  }
  // Safari gives the processor to workers only; a hidden video shows every frame there is.
  const video = document.createElement('video')
  video.muted = true
  video.playsInline = true
  video.srcObject = new MediaStream([track])
  void video.play().catch(() => {})
  let watching = true
  const next = (now: number, { captureTime }: VideoFrameCallbackMetadata) => {
    if (!watching) return
    const timestampUs = Math.round((captureTime ?? now) * 1000)
    if (video.videoWidth) stamped(new VideoFrame(video, { timestamp: timestampUs }), timestampUs)
    video.requestVideoFrameCallback(next)
  }
  video.requestVideoFrameCallback(next)
  return () => {
    watching = false
    video.srcObject = null
  }
}

/** Everything that is heard. */
export function listen(track: MediaStreamTrack, hear: (sound: Sound) => void): () => void {
  const clock = pageClock()
  if (Processor && globalThis.AudioData) {
    return readAll(new Processor<AudioData>({ track }), (data) => {
      const samples = new Float32Array(data.numberOfFrames)
      data.copyTo(samples, { planeIndex: 0, format: 'f32-planar' })
      const { sampleRate, timestamp } = data
      data.close()
      hear({ samples, sampleRate, timestampUs: clock(timestamp) })
    })
  }
  const context = new AudioContext()
  const { sampleRate } = context
  let heard = 0
  void context.audioWorklet.addModule(worklet).then(() => {
    if (context.state === 'closed') return
    const microphone = context.createMediaStreamSource(new MediaStream([track]))
    const tap = new AudioWorkletNode(context, 'microphone', { numberOfOutputs: 0 })
    tap.port.onmessage = ({ data }: MessageEvent<Float32Array<ArrayBuffer>>) => {
      hear({ samples: data, sampleRate, timestampUs: clock((heard * 1e6) / sampleRate) })
      heard += data.length
    }
    microphone.connect(tap)
  })
  return () => void context.close()
}

/** Camera and microphone each count from a beginning of their own; this sets both on `performance.now()`, in µs. */
function pageClock() {
  let offset: number | undefined
  return (timestampUs: number) => {
    const now = performance.now() * 1000
    offset ??= now - timestampUs
    if (Math.abs(timestampUs + offset - now) > DRIFT_US) offset = now - timestampUs
    return Math.round(timestampUs + offset)
  }
}

/** Cuts the middle out of a picture of another shape: a laptop films lying down, and some phones turn. */
function shaper() {
  const { width, height } = PICTURE
  let canvas: OffscreenCanvas | undefined
  return (frame: VideoFrame, timestamp: number): VideoFrame => {
    const { displayWidth, displayHeight } = frame
    if (displayWidth === width && displayHeight === height) return new VideoFrame(frame, { timestamp })
    canvas ??= new OffscreenCanvas(width, height)
    const scale = Math.max(width / displayWidth, height / displayHeight)
    const [w, h] = [displayWidth * scale, displayHeight * scale]
    canvas.getContext('2d', { alpha: false })!.drawImage(frame, (width - w) / 2, (height - h) / 2, w, h)
    return new VideoFrame(canvas, { timestamp })
  }
}

function readAll<T>({ readable }: Frames<T>, take: (chunk: T) => void) {
  const reader = readable.getReader()
  const read = async () => {
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return
      take(value)
    }
  }
  void read().catch(() => {})
  return () => void reader.cancel().catch(() => {})
}
