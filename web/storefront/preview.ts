import Hls from 'hls.js/light'

/** A muted poster that moves needs no more than this. */
const BUFFER_SECONDS = 4

/** Plays a live picture silently in a small frame until it is stopped; whatever fails, the poster stays. */
export function preview(video: HTMLVideoElement, playlist: string) {
  if (!Hls.isSupported()) return undefined
  const hls = new Hls({ maxBufferLength: BUFFER_SECONDS, backBufferLength: 0, lowLatencyMode: false })
  hls.on(Hls.Events.ERROR, (_, { fatal }) => fatal && hls.destroy())
  hls.on(Hls.Events.MANIFEST_PARSED, () => void video.play().catch(() => {}))
  hls.loadSource(playlist)
  hls.attachMedia(video)
  const seen = () => {
    if (document.hidden) hls.stopLoad()
    else hls.startLoad()
  }
  document.addEventListener('visibilitychange', seen)
  return () => {
    document.removeEventListener('visibilitychange', seen)
    hls.destroy()
  }
}
