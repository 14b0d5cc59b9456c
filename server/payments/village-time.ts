const AHEAD_MS = 8 * 3_600_000

/** `2026-11-22 08:00:00` in the village: how 支付宝 writes moments. */
export const plainMoment = (at: number) =>
  new Date(at + AHEAD_MS).toISOString().slice(0, 19).replace('T', ' ')

/** NaN for what is none. */
export const ofPlainMoment = (text: string) =>
  /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text)
    ? Date.parse(`${text.replace(' ', 'T')}Z`) - AHEAD_MS
    : Number.NaN

/** `2026-11-22T08:00:00+08:00`: how 微信支付 wants them (RFC 3339). */
export const zonedMoment = (at: number) => `${plainMoment(at).replace(' ', 'T')}+08:00`
