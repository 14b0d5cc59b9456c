import type { Locator } from 'playwright-core'
import { expect } from 'vitest'
import type { Person } from './person.ts'

const QUARTER_MS = 15 * 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** The village’s clock, which knows no summer time. */
const VILLAGE_MS = 8 * HOUR_MS
/** Time to be at the door before a class begins; its doors open half an hour before. */
const AHEAD_MS = 10 * 60_000

export interface Times {
  startsAt: number
  endsAt: number
}

/** `2026-07-03`, as it is in the village. */
export const dateOf = (at: number) => new Date(at + VILLAGE_MS).toISOString().slice(0, 10)
/** `19:30`, as it is in the village. */
export const clockOf = (at: number) => new Date(at + VILLAGE_MS).toISOString().slice(11, 16)
const midnight = (at: number) => Math.floor((at + VILLAGE_MS) / DAY_MS) * DAY_MS - VILLAGE_MS

/** A class that one can check in to now, at any hour of the day: it begins soon and is over by midnight. */
export function soon(now = Date.now()): Times {
  const startsAt = Math.ceil((now + AHEAD_MS) / QUARTER_MS) * QUARTER_MS
  return { startsAt, endsAt: Math.min(startsAt + HOUR_MS, midnight(startsAt) + DAY_MS) }
}

/**
 * Two hours of a day of next week. Days are counted from today’s weekday, on which the demo village has a class of its
 * own: 1 to 6 are free.
 */
export function nextWeek(day: 1 | 2 | 3 | 4 | 5 | 6, hour: number, now = Date.now()): Times {
  const weekday = (new Date(now + VILLAGE_MS).getUTCDay() + 6) % 7
  const monday = midnight(now) + (7 - weekday) * DAY_MS
  const startsAt = monday + ((weekday + day) % 7) * DAY_MS + hour * HOUR_MS
  return { startsAt, endsAt: startsAt + 2 * HOUR_MS }
}

/** A class on the calendar’s week, as it lies there. */
export const onCalendar = ({ page }: Person, title: string) =>
  page.locator('.ec-event:not(.ec-ghost, .ec-preview)').filter({ hasText: title })

const boxOf = async (thing: Locator) => {
  await thing.waitFor()
  return (await thing.boundingBox())!
}

/** Takes a class of two hours by its head, carries it to another time of the week that is shown, and lets go. */
export async function drags(person: Person, title: string, from: Times, to: Times) {
  const { mouse } = person.page
  const column = async (at: number) => {
    const day = await boxOf(person.page.locator(`.ec-header time[datetime^="${dateOf(at)}"]`).first())
    return day.x + day.width / 2
  }
  await onCalendar(person, title).scrollIntoViewIfNeeded()
  const event = await boxOf(onCalendar(person, title))
  const hours = (to.startsAt - midnight(to.startsAt) - (from.startsAt - midnight(from.startsAt))) / HOUR_MS
  const x = await column(from.startsAt)
  const y = event.y + event.height / 8
  await mouse.move(x, y)
  await mouse.down()
  await mouse.move((await column(to.startsAt)) - 4, y + (hours * event.height) / 2, { steps: 8 })
  await mouse.move(await column(to.startsAt), y + (hours * event.height) / 2, { steps: 2 })
  await mouse.up()
}

/** The class lies in the column of this day. */
export async function liesOn(person: Person, title: string, { startsAt }: Times) {
  const head = person.page.locator(`.ec-header time[datetime^="${dateOf(startsAt)}"]`).first()
  await expect
    .poll(
      async () => {
        const [day, event] = [await boxOf(head), await boxOf(onCalendar(person, title))]
        const middle = day.x + day.width / 2
        return event.x < middle && middle < event.x + event.width
      },
      { timeout: 20_000 }
    )
    .toBe(true)
  await onCalendar(person, title).getByText(clockOf(startsAt)).waitFor()
}
