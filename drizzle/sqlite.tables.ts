import { sqliteKit } from '../server/store/kit.ts'
import { makeSchema } from '../server/store/schema.ts'

// drizzle-kit looks for tables among a module's exports, so each needs a name of its own here.
export const {
  user,
  session,
  account,
  verification,
  signInCodes,
  follows,
  addresses,
  devInbox,
  audit,
  shops,
  products,
  specs,
  shows,
  shelf,
  rooms,
  roomEvents,
  filmSessions,
  filmSegments,
  coupons,
  claims,
  orders,
  orderLines,
  orderChanges,
  payments,
  paymentEvents,
  refunds,
  sandboxPayments,
  sandboxRefunds,
  courses,
  jobs
} = makeSchema(sqliteKit)
