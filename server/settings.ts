import { isIP } from 'node:net'
import path from 'node:path'
import { ACCOUNT_KEYS, readAccounts, type AlipayAccount, type WechatAccount } from './payments/accounts.ts'

/** Everything that can be set from outside. `npm start` needs none of it. Nothing else reads process.env. */
export interface Settings {
  production: boolean
  port: number
  host: string
  dataDir: string
  /** Seed the demo village when the store is empty. */
  demo: boolean
  databaseUrl: string
  redisUrl: string
  s3: { endpoint: string; region: string; accessKeyId: string; secretAccessKey: string } | undefined
  /** Where browsers fetch objects when a CDN stands in front of the bucket. */
  mediaBase: string
  publicUrl: string
  /** This server's own address for live parts when several servers share one PUBLIC_URL. */
  mediaUrl: string
  /** Signs sessions, codes and sandbox notifications. */
  secret: string
  allowSandboxPay: boolean
  allowDevSms: boolean
  /** The union's bridge to its SMS provider; undefined: texts go to /dev/inbox where that is allowed, else nowhere. */
  sms: { webhookUrl: string; webhookSecret: string } | undefined
  stripe: { secretKey: string; webhookSecret: string; apiBase: string; methods: string[] } | undefined
  wechat: WechatAccount | undefined
  alipay: AlipayAccount | undefined
  /** What the union keeps of what a host earns, in ten-thousandths. */
  unionFeePermyriad: number
  trustProxy: string
  logLevel: string
}

interface Key {
  key: string
  about: string
  standard: string
}

/** The table that README prints; `readSettings` reads exactly these. */
export const KEYS = [
  { key: 'PORT', about: 'Port to listen on.', standard: '8080' },
  { key: 'HOST', about: 'Address to listen on.', standard: '127.0.0.1' },
  { key: 'DATA_DIR', about: 'Folder for the database and the media.', standard: 'data' },
  {
    key: 'DEMO',
    about: '1: seed and play the demo village, never in production; 0: do not.',
    standard: '1 on an empty data folder outside production'
  },
  { key: 'DATABASE_URL', about: 'postgres://… instead of the SQLite file.', standard: '' },
  { key: 'REDIS_URL', about: 'redis://… (Valkey or Redis) as room bus between servers.', standard: '' },
  { key: 'S3_ENDPOINT', about: 'Bucket address for photos and recordings, with the bucket.', standard: '' },
  { key: 'S3_REGION', about: 'Region of the bucket.', standard: 'auto' },
  { key: 'S3_ACCESS_KEY_ID', about: 'Key of the bucket.', standard: '' },
  { key: 'S3_SECRET_ACCESS_KEY', about: 'Secret of the bucket.', standard: '' },
  { key: 'MEDIA_BASE', about: 'CDN address in front of the bucket.', standard: 'this server' },
  { key: 'PUBLIC_URL', about: 'The address people type; allowed Origin.', standard: 'http://localhost:PORT' },
  {
    key: 'MEDIA_URL',
    about: 'This server’s own address for live picture, with several servers.',
    standard: ''
  },
  {
    key: 'SECRET',
    about: 'At least 32 characters; required in production.',
    standard: 'made once, in DATA_DIR'
  },
  {
    key: 'ALLOW_SANDBOX_PAY',
    about: '1: keep the demo cashier in production.',
    standard: '0 in production'
  },
  { key: 'ALLOW_DEV_SMS', about: '1: keep /dev/inbox in production.', standard: '0 in production' },
  {
    key: 'SMS_WEBHOOK_URL',
    about: 'The bridge to your SMS provider: gets POST {phone, text, code, at} per text.',
    standard: '/dev/inbox instead'
  },
  {
    key: 'SMS_WEBHOOK_SECRET',
    about: 'Signs what the bridge gets (x-yujia-signature); at least 32 characters.',
    standard: ''
  },
  { key: 'STRIPE_SECRET_KEY', about: 'Turns the Stripe gateway on.', standard: '' },
  { key: 'STRIPE_WEBHOOK_SECRET', about: 'Checks Stripe’s notifications.', standard: '' },
  { key: 'STRIPE_API_BASE', about: 'Another address for Stripe’s API (tests).', standard: '' },
  { key: 'STRIPE_METHODS', about: 'card, alipay, wechat_pay.', standard: 'alipay,wechat_pay' },
  ...ACCOUNT_KEYS,
  {
    key: 'UNION_FEE_PERMYRIAD',
    about: 'What the union keeps of a host’s sales, in ten-thousandths: 250 is 2.5 %.',
    standard: '0'
  },
  { key: 'TRUST_PROXY', about: 'Addresses of proxies whose X-Forwarded-* count.', standard: 'loopback' },
  { key: 'LOG_LEVEL', about: 'fatal, error, warn, info, debug.', standard: 'warn' }
] as const satisfies readonly Key[]

export class SettingsError extends Error {}

/** Reads and checks the settings. Throws one SettingsError that names every key that is wrong. */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const get = (key: KeyName) => env[key]?.trim() ?? ''
  const wrong: string[] = []
  for (const key of ['DEMO', 'ALLOW_SANDBOX_PAY', 'ALLOW_DEV_SMS'] as const)
    if (!['', '0', '1'].includes(get(key))) wrong.push(`${key} must be 0 or 1`)
  for (const key of ADDRESSES)
    if (get(key) && !isWebAddress(get(key))) wrong.push(`${key} must begin with https:// or http://`)
  const production = env.NODE_ENV === 'production'
  const port = Number(get('PORT') || 8080)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) wrong.push('PORT must be a port number')
  const secret = get('SECRET')
  if (secret && secret.length < 32) wrong.push('SECRET must have at least 32 characters')
  if (production && !secret)
    wrong.push('SECRET is required in production (for example: openssl rand -hex 32)')
  const publicUrl = (get('PUBLIC_URL') || `http://localhost:${port}`).replace(/\/$/, '')
  if (!isWebAddress(publicUrl) || new URL(publicUrl).pathname !== '/')
    wrong.push('PUBLIC_URL must be an address like https://shop.example')
  if (get('DATABASE_URL') && !isAddress(get('DATABASE_URL'), 'postgres:', 'postgresql:'))
    wrong.push('DATABASE_URL must begin with postgres://')
  if (get('REDIS_URL') && !isAddress(get('REDIS_URL'), 'redis:', 'rediss:'))
    wrong.push('REDIS_URL must begin with redis:// or rediss://')
  if (get('S3_ENDPOINT') && !(get('S3_ACCESS_KEY_ID') && get('S3_SECRET_ACCESS_KEY')))
    wrong.push('S3_ENDPOINT needs S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY')
  if (get('STRIPE_SECRET_KEY') && !get('STRIPE_WEBHOOK_SECRET'))
    wrong.push('STRIPE_SECRET_KEY needs STRIPE_WEBHOOK_SECRET')
  const accounts = readAccounts(get, wrong)
  const methods = (get('STRIPE_METHODS') || 'alipay,wechat_pay').split(',').map((method) => method.trim())
  if (methods.some((method) => !STRIPE_METHODS.includes(method)))
    wrong.push(`STRIPE_METHODS must be some of ${STRIPE_METHODS.join(', ')}`)
  // Cameras and sessions work on a plain http:// address only where it is this very machine.
  if (production && isWebAddress(publicUrl) && !worksInBrowsers(new URL(publicUrl)))
    wrong.push('PUBLIC_URL must begin with https:// in production')
  if (production && get('DEMO') === '1')
    wrong.push('DEMO=1 is not for production: invented people and orders would stand among real ones')
  const sms = get('SMS_WEBHOOK_URL')
  if (sms && get('SMS_WEBHOOK_SECRET').length < 32)
    wrong.push('SMS_WEBHOOK_URL needs an SMS_WEBHOOK_SECRET of at least 32 characters')
  const unionFeePermyriad = Number(get('UNION_FEE_PERMYRIAD') || 0)
  if (!Number.isInteger(unionFeePermyriad) || unionFeePermyriad < 0 || unionFeePermyriad > MOST_FEE_PERMYRIAD)
    wrong.push(`UNION_FEE_PERMYRIAD must be a whole number up to ${MOST_FEE_PERMYRIAD}`)
  const trustProxy = get('TRUST_PROXY') || 'loopback'
  if (!trustProxy.split(',').every((proxy) => isProxy(proxy.trim())))
    wrong.push('TRUST_PROXY must list addresses like 10.0.0.1 or 10.0.0.0/8, or loopback')
  const logLevel = get('LOG_LEVEL') || 'warn'
  if (!LOG_LEVELS.includes(logLevel)) wrong.push(`LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}`)
  if (wrong.length) throw new SettingsError(wrong.join('\n'))

  return {
    production,
    port,
    host: get('HOST') || '127.0.0.1',
    dataDir: path.resolve(get('DATA_DIR') || 'data'),
    demo: get('DEMO') ? get('DEMO') === '1' : !production,
    databaseUrl: get('DATABASE_URL'),
    redisUrl: get('REDIS_URL'),
    s3: get('S3_ENDPOINT')
      ? {
          endpoint: get('S3_ENDPOINT'),
          region: get('S3_REGION') || 'auto',
          accessKeyId: get('S3_ACCESS_KEY_ID'),
          secretAccessKey: get('S3_SECRET_ACCESS_KEY')
        }
      : undefined,
    mediaBase: get('MEDIA_BASE'),
    publicUrl,
    mediaUrl: get('MEDIA_URL').replace(/\/$/, ''),
    secret,
    allowSandboxPay: !production || get('ALLOW_SANDBOX_PAY') === '1',
    allowDevSms: !production || get('ALLOW_DEV_SMS') === '1',
    sms: sms ? { webhookUrl: sms, webhookSecret: get('SMS_WEBHOOK_SECRET') } : undefined,
    stripe: get('STRIPE_SECRET_KEY')
      ? {
          secretKey: get('STRIPE_SECRET_KEY'),
          webhookSecret: get('STRIPE_WEBHOOK_SECRET'),
          apiBase: get('STRIPE_API_BASE'),
          methods
        }
      : undefined,
    ...accounts,
    unionFeePermyriad,
    trustProxy,
    logLevel
  }
}

type KeyName = (typeof KEYS)[number]['key']

/** Half: more is a slip of the finger. */
const MOST_FEE_PERMYRIAD = 5_000
const ADDRESSES = [
  'MEDIA_BASE',
  'MEDIA_URL',
  'S3_ENDPOINT',
  'SMS_WEBHOOK_URL',
  'STRIPE_API_BASE',
  'WECHAT_PAY_API_BASE',
  'ALIPAY_API_BASE'
] as const
const STRIPE_METHODS = ['card', 'alipay', 'wechat_pay']
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug']
const PROXY_NAMES = ['loopback', 'linklocal', 'uniquelocal']

const isAddress = (text: string, ...protocols: string[]) =>
  URL.canParse(text) && protocols.includes(new URL(text).protocol)

const isWebAddress = (text: string) => isAddress(text, 'https:', 'http:')

function isProxy(text: string) {
  const [address = '', bits = '0'] = text.split('/')
  return PROXY_NAMES.includes(text) || (isIP(address) > 0 && /^\d{1,3}$/.test(bits))
}

const worksInBrowsers = ({ protocol, hostname }: URL) =>
  protocol === 'https:' || hostname === 'localhost' || hostname === '127.0.0.1'
