import type { Role } from '../../shared/contract.ts'

/** A person who is signed in. The rest of what the union knows of her stays in the store. */
export interface Member {
  id: string
  name: string
  roles: readonly Role[]
}

export const has = (member: Member, ...roles: Role[]) => roles.some((role) => member.roles.includes(role))
