/** A file that does not say how long it is (what a browser records) does so after a jump to its end. */
const BEYOND_S = 1e7
const WAIT_MS = 10_000

/** Seconds of sound or film, rounded up, as this browser reads them; undefined when it can't. */
export function durationOf(file: Blob): Promise<number | undefined> {
  const media = document.createElement(file.type.startsWith('video/') ? 'video' : 'audio')
  const address = URL.createObjectURL(file)
  return new Promise<number | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), WAIT_MS)
    const answer = (seconds: number | undefined) => {
      clearTimeout(timer)
      resolve(seconds)
    }
    media.preload = 'metadata'
    media.onerror = () => answer(undefined)
    media.onloadedmetadata = () => {
      if (Number.isFinite(media.duration)) answer(Math.ceil(media.duration))
      else media.currentTime = BEYOND_S
    }
    media.ondurationchange = () => {
      if (Number.isFinite(media.duration) && media.duration > 0) answer(Math.ceil(media.duration))
    }
    media.src = address
  }).finally(() => {
    media.removeAttribute('src')
    URL.revokeObjectURL(address)
  })
}
