/** Where a host’s money goes, as she typed it. */
export interface BankAccount {
  holder: string
  bank: string
  number: string
}

const SHOWN_DIGITS = 4

/** What may be seen of it: 王秀兰 · 农业银行 · 尾号 1234. */
export const shownOf = ({ holder, bank, number }: BankAccount) =>
  `${holder} · ${bank} · 尾号 ${number.slice(-SHOWN_DIGITS)}`

/** Without what people put between digits and around names. */
export const readBankAccount = ({ holder, bank, number }: BankAccount): BankAccount => ({
  holder: holder.normalize('NFKC').trim(),
  bank: bank.normalize('NFKC').trim(),
  number: number.replace(/\s/g, '')
})
