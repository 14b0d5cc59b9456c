import type { Settings } from '../settings.ts'

/**
 * What every answer says to the browser, made once. The same few lines each time, so they are lines here and not a
 * package that writes them anew for each of a thousand requests a second. Data is no page: nothing in it may run,
 * load or be framed, which takes fewer words than what a page may do.
 */
export function safeHeaders({ publicUrl, mediaBase, mediaUrl, s3 }: HeaderSettings): SafeHeaders {
  const { protocol, host } = new URL(publicUrl)
  const secure = protocol === 'https:'
  const media = [mediaBase, mediaUrl, s3?.endpoint ?? ''].filter((url) => URL.canParse(url)).map(originOf)
  const socket = `${secure ? 'wss' : 'ws'}://${host}`
  const policy = {
    'default-src': ["'self'"],
    // The AAC encoder that iPhones' listeners need is WebAssembly.
    'script-src': ["'self'", "'wasm-unsafe-eval'"],
    'worker-src': ["'self'", 'blob:'],
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:', 'blob:', ...media],
    'media-src': ["'self'", 'blob:', ...media],
    // Older Safari does not count a WebSocket to the same host as 'self'.
    'connect-src': ["'self'", socket, ...media, ...media.map((url) => url.replace(/^http/, 'ws'))],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"]
  }
  const always = {
    'x-content-type-options': 'nosniff',
    ...(secure && { 'strict-transport-security': 'max-age=31536000' })
  }
  return {
    ofPages: {
      'content-security-policy': Object.entries(policy)
        .map(([name, values]) => `${name} ${[...new Set(values)].join(' ')}`)
        .join('; '),
      'x-frame-options': 'DENY',
      'referrer-policy': 'strict-origin-when-cross-origin',
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': `camera=(self), microphone=(self), geolocation=()`,
      ...always
    },
    ofData: { 'content-security-policy': "default-src 'none'; frame-ancestors 'none'", ...always }
  }
}

/** Pages, photos and film; and what `/api/` answers. */
type SafeHeaders = Record<'ofPages' | 'ofData', Record<string, string>>

type HeaderSettings = Pick<Settings, 'publicUrl' | 'mediaBase' | 'mediaUrl' | 's3'>

const originOf = (url: string) => new URL(url).origin
