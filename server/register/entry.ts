import type { RegisterRow } from '../../shared/contracts/register.ts'
import { maskedPhone, rolesFromText } from '../members/member.ts'
import type { Seal } from '../seal.ts'
import { maskedId, type Education, type IdNumber } from './person.ts'
import type { EntryRow, FullRow } from './store.ts'

/** Everything that is known of an ID number, as it lies in the register: sealed, digested, masked. */
export const idColumns = (seal: Seal, id: IdNumber) => ({
  sealedId: seal.seal(id.number),
  idDigest: seal.digest(id.number),
  maskedId: maskedId(id.number),
  bornOn: id.bornOn,
  sex: id.sex
})

/** A new entry, or what one becomes; what is not said stays as it was. */
export function entryWith(
  before: EntryRow | undefined,
  {
    memberId,
    name,
    branchId,
    education,
    joinedOn,
    id,
    at
  }: {
    memberId: string
    name: string
    branchId: string
    education: Education
    joinedOn: string
    /** What `idColumns` made of it; undefined: it stays as it is. */
    id: ReturnType<typeof idColumns> | undefined
    at: number
  }
): EntryRow {
  // An entry without an ID number still needs a digest of its own: her id, which is none.
  const unknown = { sealedId: '', idDigest: memberId, maskedId: '', bornOn: '', sex: '' as const }
  return {
    ...unknown,
    ...before,
    ...id,
    memberId,
    name,
    branchId,
    education,
    joinedOn,
    state: 'member',
    changedAt: at
  }
}

/** As officers see it: never a whole phone, never a whole ID number. */
export function shownRow(
  { entry, phoneNumber, role }: FullRow,
  branchNames: ReadonlyMap<string, string>
): RegisterRow {
  const { memberId, name, maskedId: idNumber, sex, branchId, state, joinedOn, education } = entry
  const phone = bare(phoneNumber)
  return {
    memberId,
    name,
    phone: phone && maskedPhone(phone),
    idNumber,
    sex,
    branchId,
    branchName: branchNames.get(branchId) ?? '',
    state,
    joinedOn,
    education,
    roles: rolesFromText(role)
  }
}

export const bare = (phoneNumber: string | null) => (phoneNumber ?? '').replace(/^\+86/, '')
