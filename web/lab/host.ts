import { PICTURE } from '../studio/camera.ts'
import { Broadcast } from '../studio/broadcast.svelte.ts'
import { drawTime } from './barcode.ts'

/** A moving picture as hard to encode as a camera's: the browser's fake camera with the time over it. */
const canvas = document.querySelector('canvas')!
const page = canvas.getContext('2d', { alpha: false })!
const camera = await navigator.mediaDevices.getUserMedia({ video: true, audio: true })
const lens = document.createElement('video')
lens.muted = true
lens.srcObject = camera
await lens.play()

let drawn = 0
function draw() {
  page.drawImage(lens, 0, 0, canvas.width, canvas.height)
  page.fillStyle = '#0af'
  page.fillRect((drawn++ * 7) % canvas.width, canvas.height / 2, 60, 60)
  drawTime(page)
}
draw()
setInterval(draw, 1000 / PICTURE.frameRate)

const [picture] = canvas.captureStream(PICTURE.frameRate).getVideoTracks()
const broadcast = new Broadcast({ source: new MediaStream([picture!, ...camera.getAudioTracks()]) })
Object.assign(globalThis, { broadcast })
await broadcast.prepare()
await broadcast.start(new URLSearchParams(location.search).get('ingest')!)
