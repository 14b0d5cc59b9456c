import { myNotices, readNotices, type Notice } from '../../shared/contracts/notices.ts'
import { call } from '../call.ts'
import { unread } from './unread.svelte.ts'

const PAGE = 50

/** What she was told, newest first. */
export class Notices {
  items = $state.raw<Notice[]>()
  more = $state(false)
  error = $state.raw<unknown>()

  async load() {
    this.error = undefined
    try {
      const { items } = await call(myNotices)
      this.items = items
      this.more = items.length === PAGE
      await this.#read()
    } catch (error) {
      this.error = error
    }
  }

  async older() {
    const after = this.items?.at(-1)?.id
    if (!after) return
    const { items } = await call(myNotices, { query: { after } })
    this.items = [...(this.items ?? []), ...items]
    this.more = items.length === PAGE
  }

  /** What she has before her eyes she has seen; it stays marked as new while the page is open. */
  async #read() {
    const [newest] = this.items ?? []
    if (!newest) return unread.set(0)
    await call(readNotices, { body: { upTo: newest.id } })
    unread.set(0)
  }
}
