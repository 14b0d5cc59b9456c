const FEWEST = 8
const MOST = 30

/** Only the digits of what was typed. */
export const digitsOf = (typed: string) => typed.replace(/\D/g, '').slice(0, MOST)

/** 6228 4804 0256: as it stands on the card, so that she can compare. */
export const grouped = (number: string) => number.replace(/(\d{4})(?=\d)/g, '$1 ')

export const isNumber = (number: string) => number.length >= FEWEST && number.length <= MOST

/** Whether the last digit of a UnionPay card is not the one that follows from the others: a slip of the finger. */
export function looksWrong(number: string): boolean {
  if (!/^62\d{14,17}$/.test(number)) return false
  let sum = 0
  for (let i = 0; i < number.length; i++) {
    const digit = Number(number[number.length - 1 - i])
    const twice = digit * 2
    sum += i % 2 ? (twice > 9 ? twice - 9 : twice) : digit
  }
  return sum % 10 !== 0
}
