import { ROLES, type Role } from '../../shared/contract.ts'

/** A person who is signed in. The rest of what the union knows of her stays in the store. */
export interface Member {
  id: string
  name: string
  roles: readonly Role[]
}

export const has = (member: Member, ...roles: Role[]) => roles.some((role) => member.roles.includes(role))

/** Roles that decide about other people: their sessions end after a working day. */
export const STAFF: readonly Role[] = ['operator', 'trainer', 'officer']

export const isStaff = (roles: readonly Role[]) => roles.some((role) => STAFF.includes(role))

/** Roles as they lie in the store (`buyer,host`): everyone is a buyer, and the order is always the same. */
export const rolesToText = (roles: readonly Role[]) =>
  ROLES.filter((role) => role === 'buyer' || roles.includes(role)).join(',')

export const rolesFromText = (text: string): Role[] => ROLES.filter((role) => text.split(',').includes(role))

/** How a phone is shown to an officer: enough to ask “is it the one that ends in 0001?”, too little to call it. */
export const maskedPhone = (phone: string) => `${phone.slice(0, 3)}****${phone.slice(-4)}`
