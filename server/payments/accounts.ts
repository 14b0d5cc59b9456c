import { privateKeyOf, publicKeyOf } from './keys.ts'

/** What 微信支付 gives a merchant. */
export interface WechatAccount {
  mchid: string
  appid: string
  /** Of the merchant’s own certificate (商户 API 证书序列号), and its key. */
  serial: string
  privateKey: string
  apiV3Key: string
  /** 微信支付公钥 and its id; of older merchants the platform’s certificate and its serial. */
  publicKeyId: string
  publicKey: string
  apiBase: string
}

/** What 支付宝 gives an application of a merchant. */
export interface AlipayAccount {
  appId: string
  /** The merchant’s own number (PID, 2088…): money for somebody else is no payment to us. */
  sellerId: string
  privateKey: string
  /** 支付宝公钥: theirs, not the application’s. */
  publicKey: string
  apiBase: string
}

/** The settings of gateways with accounts of ours; server/settings.ts prints them with the rest. */
export const ACCOUNT_KEYS = [
  { key: 'WECHAT_PAY_MCHID', about: 'Merchant number (商户号); turns 微信支付 on.', standard: '' },
  { key: 'WECHAT_PAY_APPID', about: 'AppID that is bound to the merchant number.', standard: '' },
  { key: 'WECHAT_PAY_SERIAL', about: 'Serial of the merchant’s certificate.', standard: '' },
  { key: 'WECHAT_PAY_PRIVATE_KEY', about: 'Its key: the PEM itself, not a file’s name.', standard: '' },
  { key: 'WECHAT_PAY_API_V3_KEY', about: 'APIv3 key, 32 characters: opens notifications.', standard: '' },
  {
    key: 'WECHAT_PAY_PUBLIC_KEY_ID',
    about: 'Id of 微信支付公钥 (PUB_KEY_ID_…), or the platform certificate’s serial.',
    standard: ''
  },
  { key: 'WECHAT_PAY_PUBLIC_KEY', about: 'That key or certificate: the PEM itself.', standard: '' },
  {
    key: 'WECHAT_PAY_API_BASE',
    about: 'Another address for its API (tests).',
    standard: 'https://api.mch.weixin.qq.com'
  },
  { key: 'ALIPAY_APP_ID', about: 'Application number; turns 支付宝 on.', standard: '' },
  { key: 'ALIPAY_SELLER_ID', about: 'The merchant’s own number (PID, 2088…).', standard: '' },
  { key: 'ALIPAY_PRIVATE_KEY', about: 'The application’s key (应用私钥): PEM or base64.', standard: '' },
  { key: 'ALIPAY_PUBLIC_KEY', about: '支付宝公钥, not the application’s own.', standard: '' },
  {
    key: 'ALIPAY_API_BASE',
    about: 'Another address for its gateway: its sandbox, tests.',
    standard: 'https://openapi.alipay.com/gateway.do'
  }
] as const

export type AccountKey = (typeof ACCOUNT_KEYS)[number]['key']

const WECHAT = [
  'WECHAT_PAY_MCHID',
  'WECHAT_PAY_APPID',
  'WECHAT_PAY_SERIAL',
  'WECHAT_PAY_PRIVATE_KEY',
  'WECHAT_PAY_API_V3_KEY',
  'WECHAT_PAY_PUBLIC_KEY_ID',
  'WECHAT_PAY_PUBLIC_KEY'
] as const
const ALIPAY = ['ALIPAY_APP_ID', 'ALIPAY_SELLER_ID', 'ALIPAY_PRIVATE_KEY', 'ALIPAY_PUBLIC_KEY'] as const
const PRIVATE_KEYS = ['WECHAT_PAY_PRIVATE_KEY', 'ALIPAY_PRIVATE_KEY'] as const
const PUBLIC_KEYS = ['WECHAT_PAY_PUBLIC_KEY', 'ALIPAY_PUBLIC_KEY'] as const
const API_V3_KEY_BYTES = 32

type Get = (key: AccountKey) => string

/** Reads both accounts; `wrong` hears of every key that is missing or cannot be one. */
export function readAccounts(
  get: Get,
  wrong: string[]
): { wechat: WechatAccount | undefined; alipay: AlipayAccount | undefined } {
  const hasWechat = isWhole(WECHAT, get, wrong)
  const hasAlipay = isWhole(ALIPAY, get, wrong)
  for (const key of PRIVATE_KEYS)
    if (get(key) && !privateKeyOf(get(key))) wrong.push(`${key} must be an RSA private key`)
  for (const key of PUBLIC_KEYS)
    if (get(key) && !publicKeyOf(get(key))) wrong.push(`${key} must be an RSA public key or a certificate`)
  const apiV3Key = get('WECHAT_PAY_API_V3_KEY')
  if (apiV3Key && Buffer.byteLength(apiV3Key) !== API_V3_KEY_BYTES)
    wrong.push(`WECHAT_PAY_API_V3_KEY must have ${API_V3_KEY_BYTES} characters`)
  return {
    wechat: hasWechat
      ? {
          mchid: get('WECHAT_PAY_MCHID'),
          appid: get('WECHAT_PAY_APPID'),
          serial: get('WECHAT_PAY_SERIAL'),
          privateKey: get('WECHAT_PAY_PRIVATE_KEY'),
          apiV3Key,
          publicKeyId: get('WECHAT_PAY_PUBLIC_KEY_ID'),
          publicKey: get('WECHAT_PAY_PUBLIC_KEY'),
          apiBase: get('WECHAT_PAY_API_BASE') || standardOf('WECHAT_PAY_API_BASE')
        }
      : undefined,
    alipay: hasAlipay
      ? {
          appId: get('ALIPAY_APP_ID'),
          sellerId: get('ALIPAY_SELLER_ID'),
          privateKey: get('ALIPAY_PRIVATE_KEY'),
          publicKey: get('ALIPAY_PUBLIC_KEY'),
          apiBase: get('ALIPAY_API_BASE') || standardOf('ALIPAY_API_BASE')
        }
      : undefined
  }
}

/** Half an account is a mistake, and the one line about it names all that is missing. */
function isWhole(keys: readonly AccountKey[], get: Get, wrong: string[]): boolean {
  const set = keys.filter((key) => get(key))
  const missing = keys.filter((key) => !get(key))
  if (set.length && missing.length) wrong.push(`${set[0]} needs ${missing.join(', ')}`)
  return set.length > 0 && missing.length === 0
}

const standardOf = (wanted: AccountKey) => ACCOUNT_KEYS.find(({ key }) => key === wanted)!.standard
