import { aftersaleTables } from '../aftersale/tables.ts'
import { basketTables } from '../baskets/tables.ts'
import { bookingTables } from '../bookings/tables.ts'
import { caseTables } from '../cases/tables.ts'
import { catalogueTables } from '../catalogue/tables.ts'
import { couponTables } from '../coupons/tables.ts'
import { debriefTables } from '../debriefs/tables.ts'
import { fileTables } from '../files/tables.ts'
import { flashTables } from '../flash/tables.ts'
import { freightTables } from '../freight/tables.ts'
import { jobTables } from '../jobs/tables.ts'
import { ledgerTables } from '../ledger/tables.ts'
import { licenceTables } from '../licences/tables.ts'
import { liveTables } from '../live/tables.ts'
import { lotTables } from '../lots/tables.ts'
import { memberTables } from '../members/tables.ts'
import { noticeTables } from '../notices/tables.ts'
import { orderTables } from '../orders/tables.ts'
import { outcomeTables } from '../outcomes/tables.ts'
import { packingTables } from '../packing/tables.ts'
import { paymentTables } from '../payments/tables.ts'
import { registerTables } from '../register/tables.ts'
import { reviewTables } from '../reviews/tables.ts'
import { sheetTables } from '../sheets/tables.ts'
import { trainingTables } from '../training/tables.ts'
import { videoTables } from '../video/tables.ts'
import { voucherTables } from '../vouchers/tables.ts'
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
  ...basketTables(kit),
  ...freightTables(kit),
  ...lotTables(kit),
  ...flashTables(kit),
  ...packingTables(kit),
  ...aftersaleTables(kit),
  ...voucherTables(kit),
  ...ledgerTables(kit),
  ...reviewTables(kit),
  ...trainingTables(kit),
  ...bookingTables(kit),
  ...registerTables(kit),
  ...licenceTables(kit),
  ...caseTables(kit),
  ...outcomeTables(kit),
  ...debriefTables(kit),
  ...noticeTables(kit),
  ...fileTables(kit),
  ...sheetTables(kit),
  ...jobTables(kit)
})

export type Schema = ReturnType<typeof makeSchema>
