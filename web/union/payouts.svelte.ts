import type { Answer } from '../../shared/contract.ts'
import {
  bankSheet,
  drawUpBatch,
  getBatch,
  getDue,
  listBatches,
  type Batch,
  type WholeBatch
} from '../../shared/contracts/ledger.ts'
import { refusalOf } from '../../shared/refusal.ts'
import { call, Unreachable } from '../call.ts'

export const BATCHES_PAGE = 50

/** 打款: what is due, and the batches that were drawn up. */
export class Payouts {
  due = $state.raw<Answer<typeof getDue>>()
  batches = $state.raw<Batch[]>()
  more = $state(false)
  failed = $state.raw<unknown>()
  /** Shops that a batch drawn up now would pay. */
  paid = $derived(this.due?.items.filter(({ problem }) => problem === '').length ?? 0)

  async load() {
    this.failed = undefined
    try {
      const [due, batches] = await Promise.all([call(getDue), call(listBatches)])
      this.due = due
      this.batches = batches.items
      this.more = batches.items.length === BATCHES_PAGE
    } catch (error) {
      this.failed = error
    }
  }

  async older() {
    const after = this.batches?.at(-1)?.id
    if (!after) return
    const { items } = await call(listBatches, { query: { after } })
    this.batches = [...(this.batches ?? []), ...items]
    this.more = items.length === BATCHES_PAGE
  }

  /** A batch of what she sees; where that is old, the new sum is shown and she looks again. */
  async drawUp(): Promise<WholeBatch> {
    try {
      return await call(drawUpBatch, { body: { totalFen: this.due?.totalFen ?? 0 } })
    } catch (error) {
      void this.load()
      throw error
    }
  }
}

/** One batch, and what is done with it. */
export class OneBatch {
  whole = $state.raw<WholeBatch>()
  failed = $state.raw<unknown>()
  refused = $state.raw<unknown>()
  busy = $state(false)

  async load(batchId: string) {
    this.failed = undefined
    try {
      this.whole = await call(getBatch, { params: { batchId } })
    } catch (error) {
      this.failed = error
    }
  }

  /** Does something, and shows what is true afterwards, also where somebody else was faster. */
  async act(deed: (batchId: string) => Promise<WholeBatch | void>): Promise<boolean> {
    const batchId = this.whole?.batch.id
    if (!batchId || this.busy) return false
    this.busy = true
    this.refused = undefined
    try {
      const after = await deed(batchId)
      if (after) this.whole = after
      else await this.load(batchId)
      return true
    } catch (error) {
      this.refused = error
      await this.load(batchId)
      return false
    } finally {
      this.busy = false
    }
  }
}

const SHEET_TIMEOUT_MS = 30_000

/** The bank's sheet as a file. It is asked for by a deed of hers, not by a link: whoever gets it is written down. */
export async function bankSheetOf(batchId: string): Promise<Blob> {
  const response = await fetch(bankSheet.url.replace(':batchId', batchId), {
    method: bankSheet.method,
    headers: { 'content-type': 'application/json' },
    body: '{}',
    signal: AbortSignal.timeout(SHEET_TIMEOUT_MS)
  }).catch((error: unknown) => {
    throw new Unreachable(String(error))
  })
  if (response.ok) return response.blob()
  const answer: unknown = await response.json().catch(() => undefined)
  throw refusalOf(answer, response.status) ?? new Unreachable(String(response.status))
}

export function saveAs(file: Blob, name: string) {
  const href = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = href
  link.download = name
  link.click()
  URL.revokeObjectURL(href)
}
