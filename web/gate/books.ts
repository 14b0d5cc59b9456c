import type { Pocket } from '../offline/pocket.ts'
import { conflictsIn, waitingIn, type Book } from './book.ts'

/** Where the list and the book of one woman at one gate lie in the pocket. */
export const keyOf = (memberId: string, shopId: string) => `${memberId} ${shopId}`

/** Shops at whose gates she redeemed on this phone what the village has not heard of. */
export async function shopsWaiting(pocket: Pocket, memberId: string): Promise<string[]> {
  const books = await pocket.all<Book>('books')
  return books.flatMap(([key, book]) => {
    const [whose, shopId] = key.split(' ')
    return whose === memberId && waitingIn(book).length ? [shopId!] : []
  })
}

/** She leaves the phone: the lists go, and of the books everything that the village knows. */
export async function forgetGates(pocket: Pocket) {
  for (const [key] of await pocket.all('bundles')) await pocket.change('bundles', key, () => undefined)
  for (const [key] of await pocket.all<Book>('books')) {
    await pocket.change<Book>('books', key, (book = []) => {
      const left = [...waitingIn(book), ...conflictsIn(book)]
      return left.length ? left : undefined
    })
  }
}
