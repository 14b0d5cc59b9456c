import type { FastifyReply } from 'fastify'
import {
  bankSheet,
  checkBooks,
  drawUpBatch,
  dropBatch,
  exportStatement,
  exportStatementText,
  getBatch,
  getBooks,
  getDue,
  getMoneyOfOrder,
  getStatement,
  listBatches,
  lookAtBankAccount,
  markNotPaid,
  markPaid,
  saveBankAccount
} from '../../shared/contracts/ledger.ts'
import type { Http } from '../http/http.ts'
import { XLSX } from '../sheets/sheets.ts'
import type { BankAccounts } from './bank-accounts.ts'
import type { Checks } from './checks.ts'
import type { Payouts } from './payouts.ts'
import type { Statements } from './statements.ts'

export function ledgerRoutes(
  http: Http,
  {
    statements,
    payouts,
    bankAccounts,
    checks
  }: { statements: Statements; payouts: Payouts; bankAccounts: BankAccounts; checks: Checks }
) {
  http.route({ ...getStatement, handler: ({ me, query }) => statements.mine(me, query) })
  http.route({ ...getMoneyOfOrder, handler: ({ me, params }) => statements.ofOrder(me, params.orderId) })
  http.route({
    ...exportStatement,
    handler: async ({ me, query }, reply) =>
      file(reply, '对账单.xlsx', XLSX, await statements.sheet(me, query))
  })
  http.route({
    ...exportStatementText,
    handler: async ({ me, query }, reply) => file(reply, '对账单.csv', CSV, await statements.text(me, query))
  })
  http.route({
    ...saveBankAccount,
    handler: async ({ me, body }) => ({ bank: await bankAccounts.save(me, body) })
  })

  http.route({
    ...lookAtBankAccount,
    handler: async ({ me, params, body }, reply) => {
      reply.header('cache-control', 'no-store')
      return bankAccounts.look(me, params.shopId, body.reason)
    }
  })
  http.route({ ...getDue, handler: () => payouts.due() })
  http.route({ ...drawUpBatch, handler: ({ me, body }) => payouts.drawUp(me, body.totalFen) })
  http.route({ ...listBatches, handler: async ({ query }) => ({ items: await payouts.list(query.after) }) })
  http.route({ ...getBatch, handler: ({ me, params }) => payouts.whole(me, params.batchId) })
  http.route({
    ...bankSheet,
    handler: async ({ me, params }, reply) =>
      file(reply, '打款.xlsx', XLSX, await payouts.sheet(me, params.batchId))
  })
  http.route({ ...markPaid, handler: ({ me, params }) => payouts.markPaid(me, params.batchId) })
  http.route({
    ...markNotPaid,
    handler: ({ me, params, body }) => payouts.markNotPaid(me, params.batchId, body.words)
  })
  http.route({
    ...dropBatch,
    handler: ({ me, params, body }) => payouts.drop(me, params.batchId, body.words)
  })

  http.route({ ...getBooks, handler: async () => ({ checks: await checks.lately() }) })
  http.route({ ...checkBooks, handler: async () => ({ check: await checks.now() }) })
}

const CSV = 'text/csv; charset=utf-8'

function file(reply: FastifyReply, name: string, type: string, content: Buffer | string) {
  return reply
    .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
    .header('cache-control', 'no-store')
    .type(type)
    .send(content as never)
}
