import {
  addToRegister,
  askToJoin,
  askToLeave,
  askToMove,
  changeRegister,
  confirmImport,
  exportRegister,
  findRegister,
  hostFile,
  listBranches,
  listLooks,
  lookAtIdNumber,
  myMembership,
  previewImport,
  REGISTER_BYTES,
  saveBranch
} from '../../shared/contracts/register.ts'
import type { Http } from '../http/http.ts'
import { XLSX } from '../sheets/sheets.ts'
import { takesSheets } from '../sheets/upload.ts'
import type { Branches } from './branches.ts'
import type { HostFile } from './host-file.ts'
import type { Imports } from './imports.ts'
import type { Membership } from './membership.ts'
import type { Register } from './register.ts'

export function registerRoutes(
  http: Http,
  {
    register,
    branches,
    imports,
    membership
  }: { register: Register; branches: Branches; imports: Imports; membership: Membership }
) {
  http.route({ ...listBranches, handler: async () => ({ items: await branches.list() }) })
  http.route({ ...saveBranch, handler: async ({ body }) => ({ branch: await branches.save(body) }) })

  http.route({ ...findRegister, handler: ({ query }) => register.find(query) })
  http.route({
    ...addToRegister,
    handler: async ({ me, body }) => ({ row: await register.add(me, body) })
  })
  http.route({
    ...changeRegister,
    handler: async ({ me, params, body }) => ({ row: await register.change(me, params.memberId, body) })
  })
  http.route({
    ...lookAtIdNumber,
    handler: async ({ me, params, body }, reply) => {
      reply.header('cache-control', 'no-store')
      return { idNumber: await register.lookAtId(me, params.memberId, body.reason) }
    }
  })
  http.route({
    ...listLooks,
    handler: async ({ query }) => ({ items: await register.looks(query.memberId) })
  })

  takesSheets(http, REGISTER_BYTES, (uploads, sheetOf, bodyLimit) =>
    uploads.route({
      ...previewImport,
      bodyLimit,
      handler: async (request) => imports.preview(request.me, await sheetOf(request))
    })
  )
  http.route({ ...confirmImport, handler: ({ me, body }) => imports.confirm(me, body.importId) })
  http.route({
    ...exportRegister,
    handler: async ({ query }, reply) => {
      const bytes = await imports.exported(query.branchId)
      const name = encodeURIComponent('会员名册.xlsx')
      reply.header('content-disposition', `attachment; filename*=UTF-8''${name}`)
      reply.header('cache-control', 'no-store')
      return reply.type(XLSX).send(bytes as never)
    }
  })

  http.route({ ...myMembership, handler: ({ me }) => membership.mine(me) })
  http.route({ ...askToJoin, handler: ({ me, body }) => membership.join(me, body) })
  http.route({ ...askToMove, handler: ({ me, body }) => membership.move(me, body) })
  http.route({ ...askToLeave, handler: ({ me, body }) => membership.leave(me, body) })
}

/** A route of its own: the file asks domains that are made after the register. */
export function hostFileRoute(http: Http, files: HostFile) {
  http.route({
    ...hostFile,
    handler: async ({ params }, reply) => {
      reply.header('cache-control', 'no-store')
      return files.of(params.memberId)
    }
  })
}
