/** Where a host’s money goes, as she typed it. */
export interface BankAccount {
  holder: string
  bank: string
  number: string
}

const SHOWN_DIGITS = 4

export const lastDigits = ({ number }: BankAccount) => `尾号 ${number.slice(-SHOWN_DIGITS)}`

/** What may be seen of it: 王秀兰 · 农业银行 · 尾号 1234. */
export const shownOf = (account: BankAccount) =>
  `${account.holder} · ${account.bank} · ${lastDigits(account)}`

/** Without what people put between digits and around names. */
export const readBankAccount = ({ holder, bank, number }: BankAccount): BankAccount => ({
  holder: holder.normalize('NFKC').trim(),
  bank: bank.normalize('NFKC').trim(),
  number: number.replace(/\s/g, '')
})
