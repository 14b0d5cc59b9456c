import { Array, Boolean, Object, Optional, String, type Static } from 'typebox'
import { contract, ROLES } from '../contract.ts'
import { Code, Id, Line, listOf, Millis, Nothing, oneOf, Phone, Text } from '../schemas.ts'

/** What a member sees of herself. Her phone number goes to nobody else. */
export const Me = Object({
  id: Id,
  name: Text(40),
  phone: String(),
  roles: Array(oneOf(ROLES))
})
export type Me = Static<typeof Me>

export const Address = Object({
  id: Id,
  receiver: Line(30),
  phone: Phone,
  region: Line(60),
  detail: Line(120)
})
export type Address = Static<typeof Address>

export const sendCode = contract({
  method: 'POST',
  url: '/api/sign-in/code',
  schema: {
    summary: 'Sends a sign-in code to a phone; at most one a minute.',
    body: Object({ phone: Phone }),
    response: { 200: Object({ validMs: Millis }) }
  },
  config: { who: 'anyone' }
})

export const signIn = contract({
  method: 'POST',
  url: '/api/sign-in',
  schema: {
    summary: 'Signs in with phone and code; a phone that is new becomes a buyer. Sets the session cookie.',
    body: Object({ phone: Phone, code: Code }),
    response: { 200: Object({ me: Me }) }
  },
  config: { who: 'anyone' }
})

export const signOut = contract({
  method: 'POST',
  url: '/api/sign-out',
  schema: { summary: 'Ends this session.', response: { 200: Nothing } },
  config: { who: 'member' }
})

export const whoAmI = contract({
  method: 'GET',
  url: '/api/me',
  schema: {
    summary: 'Who the session belongs to; nothing for a guest.',
    response: { 200: Object({ me: Optional(Me) }) }
  },
  config: { who: 'anyone' }
})

export const rename = contract({
  method: 'PATCH',
  url: '/api/me',
  schema: {
    summary: 'Changes the name that others see.',
    body: Object({ name: Line(20) }),
    response: { 200: Object({ me: Me }) }
  },
  config: { who: 'member' }
})

export const followHost = contract({
  method: 'PUT',
  url: '/api/hosts/:hostId/follow',
  schema: {
    summary: 'Follows (关注) a host; twice is once.',
    params: Object({ hostId: Id }),
    response: { 200: Object({ following: Boolean() }) }
  },
  config: { who: 'member' }
})

export const unfollowHost = contract({
  ...followHost,
  method: 'DELETE',
  schema: { ...followHost.schema, summary: 'Stops following a host.' }
})

export const myAddresses = contract({
  method: 'GET',
  url: '/api/me/addresses',
  schema: { summary: 'My address book, last used first.', response: { 200: listOf(Address, 20) } },
  config: { who: 'member' }
})

export const saveAddress = contract({
  method: 'POST',
  url: '/api/me/addresses',
  schema: {
    summary: 'Adds an address, or changes the one with this id.',
    body: Object({
      id: Optional(Id),
      receiver: Line(30),
      phone: Phone,
      region: Line(60),
      detail: Line(120)
    }),
    response: { 200: Object({ address: Address }) }
  },
  config: { who: 'member' }
})

export const forgetAddress = contract({
  method: 'DELETE',
  url: '/api/me/addresses/:addressId',
  schema: {
    summary: 'Removes an address from my book.',
    params: Object({ addressId: Id }),
    response: { 200: Nothing }
  },
  config: { who: 'member' }
})

/** An officer's list; the phone is masked (138****0001). */
export const Member = Object({
  id: Id,
  name: Text(40),
  phone: String(),
  roles: Array(oneOf(ROLES)),
  banned: Boolean()
})
export type MemberRow = Static<typeof Member>

export const findMembers = contract({
  method: 'GET',
  url: '/api/members',
  schema: {
    summary: 'Members by name or whole phone number, newest first.',
    querystring: Object({ q: Optional(Text(40)), after: Optional(Id) }),
    response: { 200: listOf(Member) }
  },
  config: { who: ['officer'] }
})

export const grantRoles = contract({
  method: 'PUT',
  url: '/api/members/:memberId/roles',
  schema: {
    summary:
      'Gives a member exactly these roles (buyer is always kept). Written to the audit; works at once.',
    params: Object({ memberId: Id }),
    body: Object({ roles: Array(oneOf(ROLES), { maxItems: ROLES.length }) }),
    response: { 200: Object({ member: Member }) }
  },
  config: { who: ['officer'] }
})

export const banMember = contract({
  method: 'PUT',
  url: '/api/members/:memberId/ban',
  schema: {
    summary: 'Bans a member or lifts the ban; her sessions and sockets end at once. Written to the audit.',
    params: Object({ memberId: Id }),
    body: Object({ banned: Boolean(), reason: Text(200) }),
    response: { 200: Object({ member: Member }) }
  },
  config: { who: ['officer'] }
})

export const firstRun = contract({
  method: 'GET',
  url: '/api/setup',
  schema: {
    summary: 'Whether this union still has no officer.',
    response: { 200: Object({ needed: Boolean() }) }
  },
  config: { who: 'anyone' }
})

export const createFirstOfficer = contract({
  method: 'POST',
  url: '/api/setup',
  schema: {
    summary:
      'Creates the first union officer with the one-time token that the console printed. Signs her in.',
    body: Object({ token: Line(100), phone: Phone, name: Line(20) }),
    response: { 200: Object({ me: Me }) }
  },
  config: { who: 'anyone' }
})

export const devInbox = contract({
  method: 'GET',
  url: '/dev/inbox',
  schema: {
    summary: 'Demo only, loopback only: the last code sent to a phone (JSON), or the inbox page without one.',
    querystring: Object({ phone: Optional(Phone) }),
    response: {
      200: Object({ phone: Phone, code: Code, text: String(), sentAt: Millis })
    }
  },
  config: { who: 'anyone' }
})
