/** `3990` → `39.90`: as 支付宝 wants sums, and without a float on the way. */
export const inYuan = (fen: number) => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`

/** `39.9` → `3990`, `-0.05` → `-5`; throws for whatever is no exact number of fen. */
export function fenOfYuan(text: string): number {
  const [, sign, whole, rest = ''] = /^(-?)(\d{1,12})(?:\.(\d{1,2}))?$/.exec(text.trim()) ?? []
  if (whole === undefined) throw new Error('a sum that is no yuan and fen')
  const fen = Number(whole) * 100 + Number(rest.padEnd(2, '0'))
  return sign && fen ? -fen : fen
}
