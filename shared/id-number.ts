/** GB 11643: what each of the first 17 digits weighs, and the last sign for each remainder. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const SIGNS = '10X98765432'

/** Whether this is an ID number that somebody may have: its last sign fits the others, and she was born on a day. */
export function isIdNumber(text: string): boolean {
  const number = text.toUpperCase()
  if (!/^[1-9]\d{16}[\dX]$/.test(number)) return false
  if (!isDay(bornOn(number))) return false
  const sum = WEIGHTS.reduce((sum, weight, i) => sum + weight * Number(number[i]), 0)
  return SIGNS[sum % SIGNS.length] === number[17]
}

/** `YYYY-MM-DD`, of a whole number. */
export const bornOn = (number: string) =>
  `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`

/** The 17th digit is odd for men and even for women. */
export const sexOf = (number: string) => (Number(number[16]) % 2 ? 'm' : 'f')

function isDay(day: string) {
  const at = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day)
}
