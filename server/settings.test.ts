import { describe, expect, it } from 'vitest'
import { readSettings, SettingsError } from './settings.ts'
import { keyPair } from './testing/gateway-server.ts'

const wrong = (env: Record<string, string>) => {
  try {
    readSettings(env)
  } catch (error) {
    if (error instanceof SettingsError) return error.message.split('\n')
    throw error
  }
  return []
}

describe('settings', () => {
  it('may all be left out', () => {
    expect(readSettings({})).toMatchObject({
      production: false,
      demo: true,
      allowDevSms: true,
      allowSandboxPay: true,
      sms: undefined
    })
  })

  it.each([
    ['PORT', 'eighty'],
    ['PORT', '70000'],
    ['DEMO', 'yes'],
    ['ALLOW_SANDBOX_PAY', 'true'],
    ['ALLOW_DEV_SMS', 'no'],
    ['PUBLIC_URL', 'localhost:8080'],
    ['PUBLIC_URL', 'https://shop.example/red-island'],
    ['MEDIA_URL', 'node-1:8080'],
    ['MEDIA_BASE', 'cdn'],
    ['DATABASE_URL', 'mysql://10.0.0.1/village'],
    ['DATABASE_URL', 'postgres'],
    ['REDIS_URL', '10.0.0.1:6379'],
    ['SECRET', 'short'],
    ['STRIPE_METHODS', 'card,cash'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '10.0.0.0/8,nginx'],
    ['LOG_LEVEL', 'loud']
  ])('that cannot work are named: %s=%s', (key, value) => {
    const [first, ...more] = wrong({ [key]: value })
    expect(first).toMatch(new RegExp(`^${key} must`))
    expect(more.filter((line) => !line.startsWith(key) && !line.startsWith('PUBLIC_URL'))).toEqual([])
  })

  it('that belong together are asked for together, all at once', () => {
    const s3 = { S3_ENDPOINT: 'https://s3.example/village' }
    const stripe = { STRIPE_SECRET_KEY: 'sk_test' }
    const sms = { SMS_WEBHOOK_URL: 'https://bridge.example/send', SMS_WEBHOOK_SECRET: 'short' }
    expect(wrong({ ...s3, ...stripe, ...sms })).toEqual([
      expect.stringMatching(/^S3_ENDPOINT needs/),
      expect.stringMatching(/^STRIPE_SECRET_KEY needs/),
      expect.stringMatching(/^SMS_WEBHOOK_URL needs/)
    ])
  })
})

describe('accounts at 微信支付 and 支付宝', () => {
  const { privateKey, publicKey } = keyPair()
  const wechat = {
    WECHAT_PAY_MCHID: '1900000001',
    WECHAT_PAY_APPID: 'wx1',
    WECHAT_PAY_SERIAL: '44',
    WECHAT_PAY_PRIVATE_KEY: privateKey.replaceAll('\n', '\\n'),
    WECHAT_PAY_API_V3_KEY: 'k'.repeat(32),
    WECHAT_PAY_PUBLIC_KEY_ID: 'PUB_KEY_ID_1',
    WECHAT_PAY_PUBLIC_KEY: publicKey
  }
  const bare = (pem: string) => pem.replace(/-----.*-----|\n/g, '')
  const alipay = {
    ALIPAY_APP_ID: '2021',
    ALIPAY_SELLER_ID: '2088',
    ALIPAY_PRIVATE_KEY: bare(privateKey),
    ALIPAY_PUBLIC_KEY: bare(publicKey)
  }

  it('are there when they are whole, with keys as people have them', () => {
    expect(readSettings({})).toMatchObject({ wechat: undefined, alipay: undefined })
    expect(readSettings({ ...wechat, ...alipay })).toMatchObject({
      wechat: { mchid: '1900000001', apiBase: expect.stringMatching(/^https:/) },
      alipay: { appId: '2021', apiBase: expect.stringMatching(/^https:.*gateway\.do$/) }
    })
  })

  it('that are half set name all that is missing, in one line each', () => {
    expect(wrong({ WECHAT_PAY_MCHID: '1', ALIPAY_APP_ID: '2', ALIPAY_PUBLIC_KEY: publicKey })).toEqual([
      'WECHAT_PAY_MCHID needs WECHAT_PAY_APPID, WECHAT_PAY_SERIAL, WECHAT_PAY_PRIVATE_KEY, WECHAT_PAY_API_V3_KEY, WECHAT_PAY_PUBLIC_KEY_ID, WECHAT_PAY_PUBLIC_KEY',
      'ALIPAY_APP_ID needs ALIPAY_SELLER_ID, ALIPAY_PRIVATE_KEY'
    ])
  })

  it('never print a key that is none', () => {
    const lines = wrong({
      ...wechat,
      ...alipay,
      WECHAT_PAY_PRIVATE_KEY: 'top-secret',
      WECHAT_PAY_API_V3_KEY: 'short-secret',
      ALIPAY_PUBLIC_KEY: privateKey.slice(0, 100)
    })
    expect(lines).toEqual([
      'WECHAT_PAY_PRIVATE_KEY must be an RSA private key',
      'ALIPAY_PUBLIC_KEY must be an RSA public key or a certificate',
      'WECHAT_PAY_API_V3_KEY must have 32 characters'
    ])
  })
})

describe('settings of a real union', () => {
  const real = { NODE_ENV: 'production', SECRET: 's'.repeat(32), PUBLIC_URL: 'https://shop.example' }

  it('are the three that README names', () => {
    expect(readSettings(real)).toMatchObject({
      production: true,
      demo: false,
      allowDevSms: false,
      allowSandboxPay: false,
      sms: undefined
    })
  })

  it('never seed, and never take a secret that somebody made up for them', () => {
    expect(wrong({ ...real, DEMO: '1' })).toEqual([expect.stringMatching(/^DEMO=1 is not for production/)])
    expect(wrong({ ...real, SECRET: '' })).toEqual([expect.stringMatching(/^SECRET is required/)])
    expect(wrong({ ...real, SECRET: 'short' })).toEqual(['SECRET must have at least 32 characters'])
  })

  it('allow the demo cashier and the demo inbox each by its own name only', () => {
    const allowed = ({ allowDevSms, allowSandboxPay }: ReturnType<typeof readSettings>) => [
      allowDevSms,
      allowSandboxPay
    ]
    expect(allowed(readSettings({ ...real, ALLOW_DEV_SMS: '1' }))).toEqual([true, false])
    expect(allowed(readSettings({ ...real, ALLOW_SANDBOX_PAY: '1' }))).toEqual([false, true])
  })

  it('want https, but on this very machine', () => {
    for (const PUBLIC_URL of ['http://shop.example', 'http://localhost.example'])
      expect(wrong({ ...real, PUBLIC_URL })).toEqual(['PUBLIC_URL must begin with https:// in production'])
    expect(readSettings({ ...real, PUBLIC_URL: 'http://localhost:8080' }).publicUrl).toBeTruthy()
  })

  it('sign what the bridge to the SMS provider gets', () => {
    const bridge = { SMS_WEBHOOK_URL: 'https://bridge.example/send', SMS_WEBHOOK_SECRET: 'w'.repeat(32) }
    const settings = readSettings({ ...real, ...bridge })
    expect(settings.sms).toEqual({ webhookUrl: bridge.SMS_WEBHOOK_URL, webhookSecret: 'w'.repeat(32) })
  })
})
