import { MAX_SYNC } from '../../shared/contracts/vouchers.ts'
import { Refusal } from '../../shared/refusal.ts'
import type { Pocket } from '../offline/pocket.ts'
import { givenUp, merge, waitingIn, without, type Act, type Book } from './book.ts'
import type { HandIn, Village } from './village.svelte.ts'

/** Answers of the village that will be the same tomorrow. */
const HOPELESS = [400, 404, 409]
/** And of taking back: she may not decide about what is her own. */
const HOPELESS_BACK = [...HOPELESS, 403]

interface Sending {
  pocket: Pocket
  key: string
  village: Pick<Village, 'sync' | 'undo'>
  /** How far the village’s clock is ahead of the phone’s; asked when it has answered. */
  aheadMs: () => number
}

/** Tells the village what waits, oldest first. It throws where the village can’t be reached: what is left waits on. */
export async function handIn(sending: Sending): Promise<void> {
  const untold = waitingIn(await bookIn(sending)).filter(({ state }) => state === 'waiting')
  // What was taken back first: its voucher may have been redeemed a second time, and that one counts.
  await tellAll(
    sending,
    untold.filter(({ undone }) => undone)
  )
  await takeBackLate(sending)
  await tellAll(
    sending,
    untold.filter(({ undone }) => !undone)
  )
  await takeBackLate(sending) // meanwhile
}

async function tellAll(sending: Sending, acts: Act[]) {
  for (let from = 0; from < acts.length; from += MAX_SYNC) {
    await tell(sending, acts.slice(from, from + MAX_SYNC))
  }
}

/** Taken back on this phone when the village had heard that it was redeemed. */
async function takeBackLate(sending: Sending) {
  const late = waitingIn(await bookIn(sending)).filter(({ state, undone }) => state === 'told' && undone)
  for (const { id, undone } of late) await takeBack(sending, id, undone!.words)
}

async function tell(sending: Sending, acts: Act[]): Promise<void> {
  try {
    const { now, items } = await sending.village.sync(acts.map(asItem))
    await change(sending, (book) => merge(book, items, { now, aheadMs: sending.aheadMs() }))
  } catch (error) {
    if (!isHopeless(error)) throw error
    const [only, ...others] = acts
    // One that the village will not hear of must not keep the others waiting.
    if (others.length) for (const act of acts) await tell(sending, [act])
    else await change(sending, (book) => givenUp(book, only!.id, 'not_taken'))
  }
}

async function takeBack(sending: Sending, id: string, words: string) {
  try {
    await sending.village.undo(id, words)
    await change(sending, (book) => without(book, id))
  } catch (error) {
    if (!isHopeless(error, HOPELESS_BACK)) throw error
    await change(sending, (book) => givenUp(book, id, isOwn(error) ? 'case_own' : 'undo_late'))
  }
}

const asItem = ({ id, text, at, undone }: Act): HandIn => ({ id, text, at, ...(undone && { undone }) })

const isHopeless = (error: unknown, hopeless = HOPELESS) =>
  error instanceof Refusal && hopeless.includes(error.status)

const isOwn = (error: unknown) => error instanceof Refusal && error.code === 'case_own'

const bookIn = async ({ pocket, key }: Sending) => (await pocket.get<Book>('books', key)) ?? []

const change = ({ pocket, key }: Sending, by: (book: Book) => Book) =>
  pocket.change<Book>('books', key, (book) => by(book ?? []))
