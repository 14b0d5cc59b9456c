import type { Http } from '../http/http.ts'
import { openEndings } from './endings.ts'
import { openGates } from './gates.ts'
import { openIssuing } from './issuing.ts'
import type { Neighbours } from './neighbours.ts'
import { voucherRoutes } from './routes.ts'
import { openSigner } from './signer.ts'
import { openVouchers } from './vouchers.ts'

/** 券码: from a paid line to a meal on the table, or to the money that comes back. */
export function openVoucherOffice({ http, secret, ...ground }: Neighbours & { http: Http; secret: string }) {
  const signer = openSigner(secret)
  openIssuing(ground)
  const endings = openEndings(ground)
  const gates = openGates({ ...ground, signer, endings })
  const vouchers = openVouchers({ ...ground, signer, endings })
  voucherRoutes(http, { vouchers, gates })
  const { keepsOpen, eatenIn, sweep } = endings
  return { ...vouchers, gates, keepsOpen, eatenIn, sweep }
}
