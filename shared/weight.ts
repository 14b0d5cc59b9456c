/** 1 斤 = 10 两 = 500 g. A gram is 0.002 斤, so three decimals write every gram and no float is ever needed. */
export const GRAMS_OF_JIN = 500
const GRAMS_OF_LIANG = 50
const GRAMS_OF_KILO = 1000
/** A hundred tonnes: more is a slip of the finger. */
export const MAX_GRAMS = 100_000_000
const DECIMALS = 3

/** Grams as 斤, exactly: 1628 g is `3.256`. */
export function jinOf(grams: number): string {
  const thousandths = (grams % GRAMS_OF_JIN) * 2
  const after = String(thousandths).padStart(DECIMALS, '0').replace(/0+$/, '')
  return `${Math.floor(grams / GRAMS_OF_JIN)}${after && `.${after}`}`
}

const UNIT_GRAMS = {
  斤: GRAMS_OF_JIN,
  两: GRAMS_OF_LIANG,
  公斤: GRAMS_OF_KILO,
  千克: GRAMS_OF_KILO,
  kg: GRAMS_OF_KILO,
  克: 1,
  g: 1
}
const PART = new RegExp(`^(\\d{1,9})(?:\\.(\\d{1,${DECIMALS}}))?(${Object.keys(UNIT_GRAMS).join('|')}|$)`)

/**
 * The grams of a weight as she writes it: `3.256`, `３斤２两`, `12.5公斤`, `800克`; without a unit it is 斤. Undefined: no
 * weight, less than a gram somewhere in it, nothing at all, or more than a village weighs.
 */
export function gramsIn(written: string): number | undefined {
  let rest = written.normalize('NFKC').toLowerCase().replace(/\s+/g, '')
  let grams = 0
  let unitBefore = Infinity
  while (rest) {
    const [all, whole, decimals = '', unit] = PART.exec(rest) ?? []
    if (all === undefined) return undefined
    const unitGrams = UNIT_GRAMS[(unit || '斤') as keyof typeof UNIT_GRAMS]
    if (unitGrams >= unitBefore) return undefined // 2两3斤, or two numbers of the same
    const thousandths = (Number(whole) * 1000 + Number(decimals.padEnd(DECIMALS, '0'))) * unitGrams
    if (thousandths % 1000) return undefined
    grams += thousandths / 1000
    unitBefore = unit ? unitGrams : 0
    rest = rest.slice(all.length)
  }
  return grams > 0 && grams <= MAX_GRAMS ? grams : undefined
}
