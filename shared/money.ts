/** All money is integer fen (分); nothing else is ever added, kept or sent. */
export type Fen = number

/** `1999` → `19.99`, `2000` → `20`: what stands behind the ¥. */
export function yuan(fen: Fen) {
  const sign = fen < 0 ? '-' : ''
  const whole = Math.floor(Math.abs(fen) / 100)
  const rest = Math.abs(fen) % 100
  return sign + whole + (rest ? `.${String(rest).padStart(2, '0')}` : '')
}

/** `19.9` → `1990`. Undefined for anything that is not a price with at most two decimals. */
export function fenOf(typed: string): Fen | undefined {
  const match = /^\s*¥?\s*(\d{1,7})(?:\.(\d{1,2}))?\s*$/.exec(typed)
  if (!match) return undefined
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
}
