import { womanNamed } from './lessons.ts'
import { DEMO_HOSTS } from './people.ts'

/** Members of the demo's union who learn; the four hosts are the first of them. */
export const LEARNERS = 209

export const learnerId = (n: number) => DEMO_HOSTS[n]?.id ?? `woman-${String(n).padStart(3, '0')}`
export const learnerName = (n: number) => DEMO_HOSTS[n]?.name ?? womanNamed(n)
/** Numbers that nobody is called at on purpose: nothing is ever sent in the demo village. */
export const learnerPhone = (n: number) => String(13_800_010_000 + n)
