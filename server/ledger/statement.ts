import type { Share, StatementLine } from '../../shared/contracts/ledger.ts'

/** Where the money of one line is now. */
export function whereOf({
  kind,
  dueAt,
  batchId
}: {
  kind: StatementLine['kind']
  dueAt: number
  batchId: string
}): StatementLine['where'] {
  if (batchId || kind === 'payout') return 'batch'
  return dueAt ? 'due' : 'waiting'
}

const KINDS: Record<StatementLine['kind'], string> = {
  sale: '卖出',
  refund: '退款',
  fee: '手续费',
  payout: '打款',
  correction: '更正'
}
const WHERE: Record<StatementLine['where'], string> = {
  waiting: '订单还没完成',
  due: '等打款',
  batch: '已进打款'
}

/** 2026-11-22, 卖出, …: a line as sheets have it; the page makes its own sentence. */
export const wordsOf = ({ kind, title, words, where }: StatementLine) => ({
  kind: KINDS[kind],
  about: [title, words].filter(Boolean).join(' · '),
  where: kind === 'payout' ? '' : WHERE[where]
})

const NOTHING: Share = { buyerFen: 0, couponFen: 0, freightFen: 0, feeFen: 0, paidOutFen: 0, fen: 0 }

/** The line under the last one. */
export const totalOf = (shares: readonly Share[]): Share =>
  shares.reduce(
    (sum, each) => ({
      buyerFen: sum.buyerFen + each.buyerFen,
      couponFen: sum.couponFen + each.couponFen,
      freightFen: sum.freightFen + each.freightFen,
      feeFen: sum.feeFen + each.feeFen,
      paidOutFen: sum.paidOutFen + each.paidOutFen,
      fen: sum.fen + each.fen
    }),
    NOTHING
  )
