import { eq } from 'drizzle-orm'
import type { Reader, Store, Tx } from '../store/store.ts'

/** Stands in for the register until it is joined. */
export function ground({ store }: { store: Store }) {
  const { register } = store.schema
  return {
    async personOf(on: Tx | Reader, memberId: string) {
      const [row] = await on.select().from(register).where(eq(register.memberId, memberId))
      return row && { idKnown: row.sealedId !== '', bornOn: row.bornOn }
    }
  }
}
