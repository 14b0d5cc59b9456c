import { tongue } from './speak.svelte.ts'

/** The village’s clock: a show at 19:30 is at 19:30 in Hongdao, wherever the phone is. */
const ZONE = 'Asia/Shanghai'
const DAY_MS = 86_400_000

const shape = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(tongue.language === 'zh' ? 'zh-CN' : 'en-GB', { timeZone: ZONE, ...options })

/** `2026-07-03` as it is in the village. */
export const dateOf = (at: number) => new Intl.DateTimeFormat('en-CA', { timeZone: ZONE }).format(at)

export const timeOf = (at: number) => shape({ hour: '2-digit', minute: '2-digit', hour12: false }).format(at)

/** 今天, 明天, 昨天, or 7月3日 周五. */
export function dayOf(at: number, now: number) {
  const zh = tongue.language === 'zh'
  const day = dateOf(at)
  if (day === dateOf(now)) return zh ? '今天' : 'today'
  if (day === dateOf(now + DAY_MS)) return zh ? '明天' : 'tomorrow'
  if (day === dateOf(now - DAY_MS)) return zh ? '昨天' : 'yesterday'
  return shape({ month: zh ? 'long' : 'short', day: 'numeric', weekday: 'short' }).format(at)
}

export const momentOf = (at: number, now: number) => `${dayOf(at, now)} ${timeOf(at)}`

/** 明天下午: for what nobody knows to the minute. */
export function aboutWhen(at: number, now: number) {
  const zh = tongue.language === 'zh'
  const hour = Number(
    new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hour: '2-digit', hour12: false }).format(at)
  )
  const parts = zh ? ['早上', '上午', '下午', '晚上'] : ['early', 'morning', 'afternoon', 'evening']
  const part = parts[hour < 6 ? 0 : hour < 12 ? 1 : hour < 18 ? 2 : 3]!
  return `${dayOf(at, now)}${zh ? '' : ' '}${part}`
}

/** 2026年11月3日: for what lasts longer than a season. */
export const dateWords = (at: number) =>
  shape({ year: 'numeric', month: tongue.language === 'zh' ? 'long' : 'short', day: 'numeric' }).format(at)

/** 4分20秒: how long something plays. */
export function lasting(seconds: number) {
  const zh = tongue.language === 'zh'
  const minutes = Math.floor(seconds / 60)
  const rest = Math.round(seconds % 60)
  const words = zh ? [`${minutes}分`, `${rest}秒`] : [`${minutes} min`, `${rest} s`]
  return [minutes ? words[0] : '', rest || !minutes ? words[1] : ''].join(zh ? '' : ' ').trim()
}

/** Days of the village’s calendar from now until then: 0 is today, below it is over. */
export const daysUntil = (at: number, now: number) =>
  Math.round((Date.parse(dateOf(at)) - Date.parse(dateOf(now))) / DAY_MS)

/** 今早捕捞 while it is true, else the day; empty for goods that were not caught. */
export function catchOf(caughtOn: string, now: number) {
  if (!caughtOn) return ''
  const zh = tongue.language === 'zh'
  if (caughtOn === dateOf(now)) return zh ? '今早捕捞' : 'caught this morning'
  const at = Date.parse(`${caughtOn}T04:00:00Z`)
  if (Number.isNaN(at)) return ''
  return zh ? `${dayOf(at, now)}捕捞` : `caught ${dayOf(at, now)}`
}

/** `1:05`, `2:03:09`; a day or more in days and hours. Never below zero. */
export function countdown(ms: number) {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  const days = Math.floor(seconds / 86_400)
  const hours = Math.floor(seconds / 3600) % 24
  if (days) return tongue.language === 'zh' ? `${days}天${hours}小时` : `${days} d ${hours} h`
  const two = (n: number) => String(n).padStart(2, '0')
  const minutes = Math.floor(seconds / 60) % 60
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}
