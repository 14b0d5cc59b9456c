import { createDecipheriv, randomBytes, sign, verify } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { WechatAccount } from './accounts.ts'
import { ask, askForFile, type Answered } from './ask.ts'
import { GatewayRefused } from './gateway.ts'
import { privateKeyOf, publicKeyOf } from './keys.ts'

/** 《如何使用平台公钥验签》: whoever recorded an answer cannot play it tomorrow. */
export const TOLERANCE_MS = 5 * 60_000
const SCHEME = 'WECHATPAY2-SHA256-RSA2048'
const TAG_BYTES = 16

/**
 * Codes of 《公共错误码》 and of the pages 下单, 关闭订单, 申请退款 and 申请交易账单 after which the same words would be
 * refused again. NOT_ENOUGH is none of them: the merchant’s purse is filled, and the same refund goes through.
 */
const NO = new Set([
  'PARAM_ERROR',
  'INVALID_REQUEST',
  'ORDER_CLOSED',
  'ORDERPAID',
  'ORDER_PAID',
  'ORDERNOTEXIST',
  'ORDER_NOT_EXIST',
  'OUT_TRADE_NO_USED',
  'RESOURCE_NOT_EXISTS',
  'RULE_LIMIT',
  'USER_ACCOUNT_ABNORMAL',
  'NO_STATEMENT_EXIST'
])

/** A definite no, by its name. */
export class WechatNo extends GatewayRefused {
  readonly code: string
  constructor(code: string, words: string) {
    super(`微信支付 ${code}: ${words}`)
    this.code = code
  }
}

/** A notification that really came from there, opened. */
export interface WechatNotice {
  id: string
  event_type: string
  resource: unknown
}

/** 微信支付 APIv3: how every request is signed, every answer checked and every notification opened. */
export function wechatApi(account: WechatAccount, clock: Clock) {
  const { mchid, serial, apiV3Key, publicKeyId, apiBase } = account
  const ourKey = privateKeyOf(account.privateKey)!
  const theirKey = publicKeyOf(account.publicKey)!

  /** 《如何构造请求签名》: method, path, second, nonce and body, each on a line of its own. */
  function authorization(method: string, url: URL, body: string) {
    const timestamp = Math.floor(clock.now() / 1000)
    const nonce = randomBytes(16).toString('hex')
    const words = `${method}\n${url.pathname}${url.search}\n${timestamp}\n${nonce}\n${body}\n`
    const signature = sign('RSA-SHA256', Buffer.from(words), ourKey).toString('base64')
    return `${SCHEME} mchid="${mchid}",nonce_str="${nonce}",signature="${signature}",timestamp="${timestamp}",serial_no="${serial}"`
  }

  const headersFor = (method: string, url: URL, body: string) => ({
    authorization: authorization(method, url, body),
    accept: 'application/json',
    'content-type': 'application/json',
    'user-agent': 'yujia-live',
    'wechatpay-serial': publicKeyId
  })

  /** Second, nonce and the bytes themselves. What begins with WECHATPAY/SIGNTEST/ is their test of us, and fails. */
  function isTheirs(bytes: Buffer, header: (name: string) => string): boolean {
    const timestamp = header('wechatpay-timestamp')
    const signature = Buffer.from(header('wechatpay-signature'), 'base64')
    const words = Buffer.concat([
      Buffer.from(`${timestamp}\n${header('wechatpay-nonce')}\n`),
      bytes,
      Buffer.from('\n')
    ])
    return (
      header('wechatpay-serial') === publicKeyId &&
      /^\d{1,12}$/.test(timestamp) &&
      Math.abs(clock.now() - Number(timestamp) * 1000) <= TOLERANCE_MS &&
      verify('RSA-SHA256', words, theirKey, signature)
    )
  }

  /** Throws unless the key that only we and they have opens it. */
  function opened({ ciphertext, nonce, associated_data: also }: Sealed): unknown {
    const bytes = Buffer.from(ciphertext, 'base64')
    const lock = createDecipheriv('aes-256-gcm', apiV3Key, nonce)
    lock.setAuthTag(bytes.subarray(-TAG_BYTES))
    lock.setAAD(Buffer.from(also ?? ''))
    const plain = Buffer.concat([lock.update(bytes.subarray(0, -TAG_BYTES)), lock.final()])
    return JSON.parse(plain.toString())
  }

  return {
    /** Throws WechatNo for a definite no; any other error leaves open what happened. */
    async call<T>(method: 'GET' | 'POST', path: string, words?: object): Promise<T> {
      const url = new URL(path, apiBase)
      const body = words ? JSON.stringify(words) : ''
      const headers = headersFor(method, url, body)
      const answer = await ask(url.href, { method, headers, ...(body && { body }) })
      if (answer.status < 200 || answer.status >= 300) throw refusalOf(answer)
      if (!isTheirs(answer.body, (name) => answer.headers.get(name) ?? ''))
        throw new Error('微信支付 answered without its own signature')
      return (answer.body.length ? JSON.parse(answer.body.toString()) : {}) as T
    },

    /** A file is not signed; its sum is in the signed answer that named it. */
    async file(address: string): Promise<Buffer> {
      const url = new URL(address)
      const answer = await askForFile(url.href, { headers: headersFor('GET', url, '') })
      if (answer.status !== 200) throw new Error(`微信支付 gave ${answer.status} instead of a file`)
      return answer.body
    },

    /** Throws Problem bad_signature unless these very bytes were signed, lately, and sealed for us. */
    notice(rawBody: Buffer, headers: IncomingHttpHeaders): WechatNotice {
      if (!isTheirs(rawBody, (name) => [headers[name] ?? ''].flat()[0] ?? ''))
        throw new Problem('bad_signature')
      const { id, event_type, resource } = JSON.parse(rawBody.toString()) as {
        id: string
        event_type: string
        resource: Sealed
      }
      try {
        return { id, event_type, resource: opened(resource) }
      } catch {
        throw new Problem('bad_signature')
      }
    }
  }
}

interface Sealed {
  ciphertext: string
  nonce: string
  associated_data?: string
}

/** Nothing but 2xx is signed by them for certain, so a no is believed as the connection is. */
function refusalOf({ status, body }: Answered): Error {
  let said: { code?: unknown; message?: unknown } = {}
  try {
    said = JSON.parse(body.toString()) as typeof said
  } catch {
    // A proxy’s page, not theirs.
  }
  const code = typeof said.code === 'string' ? said.code : ''
  const words = String(said.message ?? '').slice(0, 200)
  return status < 500 && NO.has(code)
    ? new WechatNo(code, words)
    : new Error(`微信支付 answered ${status} ${code} ${words}`.trim())
}
