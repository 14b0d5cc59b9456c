import { catalogueTables } from '../catalogue/tables.ts'
import { couponTables } from '../coupons/tables.ts'
import { jobTables } from '../jobs/tables.ts'
import { liveTables } from '../live/tables.ts'
import { memberTables } from '../members/tables.ts'
import { orderTables } from '../orders/tables.ts'
import { paymentTables } from '../payments/tables.ts'
import { trainingTables } from '../training/tables.ts'
import { videoTables } from '../video/tables.ts'
import type { Kit } from './kit.ts'

/** Every table of the village, made for one engine. */
export const makeSchema = (kit: Kit) => ({
  ...memberTables(kit),
  ...catalogueTables(kit),
  ...liveTables(kit),
  ...videoTables(kit),
  ...couponTables(kit),
  ...orderTables(kit),
  ...paymentTables(kit),
  ...trainingTables(kit),
  ...jobTables(kit)
})

export type Schema = ReturnType<typeof makeSchema>
