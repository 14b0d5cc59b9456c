import type { Kit } from '../store/kit.ts'

/** `user`, `session`, `account` and `verification` carry the names and columns that better-auth asks for. */
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
      /** Comma-separated, as better-auth keeps it: `buyer,host`. */
      role: kit.text('role'),
      banned: kit.bool('banned'),
      banReason: kit.text('ban_reason'),
      banExpires: kit.date('ban_expires')
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
      userId: kit.text('user_id').notNull(),
      impersonatedBy: kit.text('impersonated_by')
    },
    (t) => [kit.index('session_user').on(t.userId)]
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
    (t) => [kit.index('dev_inbox_phone').on(t.phone, t.sentAt)]
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
    (t) => [kit.index('audit_at').on(t.at)]
  )
})
