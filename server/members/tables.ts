import type { Kit } from '../store/kit.ts'

/**
 * `user`, `session`, `account` and `verification` carry the names and columns that better-auth asks for; `role`,
 * `banned` and `banReason` are ours.
 */
export const memberTables = (kit: Kit) => ({
  user: kit.table(
    'user',
    {
      id: kit.text('id').primaryKey(),
      name: kit.text('name').notNull(),
      email: kit.text('email').notNull().unique(),
      emailVerified: kit.bool('email_verified').notNull(),
      image: kit.text('image'),
      createdAt: kit.date('created_at').notNull(),
      updatedAt: kit.date('updated_at').notNull(),
      phoneNumber: kit.text('phone_number').unique(),
      phoneNumberVerified: kit.bool('phone_number_verified'),
      /** Comma-separated: `buyer,host`. */
      role: kit.text('role').notNull(),
      banned: kit.bool('banned').notNull(),
      banReason: kit.text('ban_reason').notNull()
    },
    (t) => [kit.index('user_role').on(t.role)]
  ),
  session: kit.table(
    'session',
    {
      id: kit.text('id').primaryKey(),
      expiresAt: kit.date('expires_at').notNull(),
      token: kit.text('token').notNull().unique(),
      createdAt: kit.date('created_at').notNull(),
      updatedAt: kit.date('updated_at').notNull(),
      ipAddress: kit.text('ip_address'),
      userAgent: kit.text('user_agent'),
      userId: kit.text('user_id').notNull()
    },
    (t) => [kit.index('session_user').on(t.userId), kit.index('session_expires').on(t.expiresAt)]
  ),
  account: kit.table(
    'account',
    {
      id: kit.text('id').primaryKey(),
      accountId: kit.text('account_id').notNull(),
      providerId: kit.text('provider_id').notNull(),
      userId: kit.text('user_id').notNull(),
      accessToken: kit.text('access_token'),
      refreshToken: kit.text('refresh_token'),
      idToken: kit.text('id_token'),
      accessTokenExpiresAt: kit.date('access_token_expires_at'),
      refreshTokenExpiresAt: kit.date('refresh_token_expires_at'),
      scope: kit.text('scope'),
      password: kit.text('password'),
      createdAt: kit.date('created_at').notNull(),
      updatedAt: kit.date('updated_at').notNull()
    },
    (t) => [kit.index('account_user').on(t.userId)]
  ),
  verification: kit.table(
    'verification',
    {
      id: kit.text('id').primaryKey(),
      identifier: kit.text('identifier').notNull(),
      value: kit.text('value').notNull(),
      expiresAt: kit.date('expires_at').notNull(),
      createdAt: kit.date('created_at'),
      updatedAt: kit.date('updated_at')
    },
    (t) => [kit.index('verification_identifier').on(t.identifier)]
  ),
  /** The one code a phone may sign in with now (never in clear), and when texts went to it within the last day. */
  signInCodes: kit.table(
    'sign_in_codes',
    {
      phone: kit.text('phone').primaryKey(),
      /** HMAC of phone and code; empty once it has been used. */
      digest: kit.text('digest').notNull(),
      triesLeft: kit.int('tries_left').notNull(),
      endsAt: kit.big('ends_at').notNull(),
      sentAt: kit.json<number[]>('sent_at').notNull(),
      lastSentAt: kit.big('last_sent_at').notNull()
    },
    (t) => [kit.index('sign_in_codes_last_sent').on(t.lastSentAt)]
  ),
  /** 关注: a member follows a host. */
  follows: kit.table(
    'follows',
    {
      memberId: kit.text('member_id').notNull(),
      hostId: kit.text('host_id').notNull(),
      followedAt: kit.big('followed_at').notNull()
    },
    (t) => [kit.primaryKey({ columns: [t.memberId, t.hostId] }), kit.index('follows_host').on(t.hostId)]
  ),
  /** Where a member's parcels go. Nobody but she and the shop that packs them reads it. */
  addresses: kit.table(
    'addresses',
    {
      id: kit.text('id').primaryKey(),
      memberId: kit.text('member_id').notNull(),
      receiver: kit.text('receiver').notNull(),
      phone: kit.text('phone').notNull(),
      region: kit.text('region').notNull(),
      detail: kit.text('detail').notNull(),
      usedAt: kit.big('used_at').notNull()
    },
    (t) => [kit.index('addresses_member').on(t.memberId, t.usedAt)]
  ),
  /** Text messages of the demo village: shown at /dev/inbox, never sent. */
  devInbox: kit.table(
    'dev_inbox',
    {
      id: kit.text('id').primaryKey(),
      phone: kit.text('phone').notNull(),
      text: kit.text('text').notNull(),
      code: kit.text('code').notNull(),
      sentAt: kit.big('sent_at').notNull()
    },
    (t) => [kit.index('dev_inbox_phone').on(t.phone, t.sentAt), kit.index('dev_inbox_sent').on(t.sentAt)]
  ),
  /** Who did what to whom: roles given, bans, shows stopped. Rows are only ever added. */
  audit: kit.table(
    'audit',
    {
      id: kit.text('id').primaryKey(),
      at: kit.big('at').notNull(),
      actorId: kit.text('actor_id').notNull(),
      action: kit.text('action').notNull(),
      subject: kit.text('subject').notNull(),
      details: kit.json<Record<string, unknown>>('details').notNull()
    },
    (t) => [kit.index('audit_at').on(t.at), kit.index('audit_subject').on(t.subject, t.at)]
  )
})
