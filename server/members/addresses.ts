import type { Address } from '../../shared/contracts/members.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import { newId } from '../store/id.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import type { Member } from './member.ts'
import { addressStore } from './store.ts'

const ADDRESSES = 20

/** Each member's address book: hers alone, last used first. */
export function openAddresses({ store, clock }: { store: Store; clock: Clock }) {
  const addresses = addressStore(store)

  return {
    async addressBook(member: Member): Promise<Address[]> {
      return (await addresses.of(store.read, member.id, ADDRESSES)).map(linesOf)
    },

    /** Adds an address, or changes hers with this id. */
    async saveAddress(member: Member, draft: Omit<Address, 'id'> & { id?: string }): Promise<Address> {
      const { id = newId(clock.now()) } = draft
      const address = { ...draft, id, memberId: member.id, usedAt: clock.now() }
      return store.tx(async (tx) => {
        if (draft.id) {
          if (!(await addresses.change(tx, member.id, id, address))) throw new Problem('no_such_address')
        } else {
          const book = await addresses.of(tx, member.id, ADDRESSES)
          if (book.length >= ADDRESSES) throw new Problem('address_book_full')
          await addresses.add(tx, address)
        }
        return linesOf(address)
      })
    },

    async forgetAddress(member: Member, addressId: string): Promise<void> {
      const gone = await store.tx((tx) => addresses.remove(tx, member.id, addressId))
      if (!gone) throw new Problem('no_such_address')
    },

    /** Her address with this id; throws `no_such_address`, also for somebody else's. */
    async addressOf(on: Tx | Reader, memberId: string, addressId: string): Promise<Address> {
      const address = await addresses.one(on, memberId, addressId)
      if (!address) throw new Problem('no_such_address')
      return linesOf(address)
    },

    /** Puts an address first in her book, because a parcel goes there. */
    async useAddressIn(tx: Tx, memberId: string, addressId: string): Promise<void> {
      await addresses.use(tx, memberId, addressId, clock.now())
    },

    async lastAddress(memberId: string): Promise<Address | undefined> {
      return (await addresses.of(store.read, memberId, 1)).map(linesOf)[0]
    }
  }
}

const linesOf = ({ id, receiver, phone, region, detail }: Address): Address => ({
  id,
  receiver,
  phone,
  region,
  detail
})
