import { sign, verify } from 'node:crypto'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { AlipayAccount } from './accounts.ts'
import { ask, askForFile } from './ask.ts'
import { GatewayRefused } from './gateway.ts'
import { privateKeyOf, publicKeyOf } from './keys.ts'
import { ofPlainMoment, plainMoment } from './village-time.ts'

const TOLERANCE_MS = 5 * 60_000
const DONE = '10000'
/** 业务处理失败: understood, and not done. */
const FAILED = '40004'

/**
 * Names (sub_code) of the pages alipay.trade.close, .refund and .query after which the same words would be refused
 * again. ACQ.SELLER_BALANCE_NOT_ENOUGH is none of them: the purse is filled, and the same refund goes through.
 */
const NO = new Set([
  'ACQ.TRADE_NOT_EXIST',
  'ACQ.TRADE_STATUS_ERROR',
  'ACQ.REASON_TRADE_STATUS_INVALID',
  'ACQ.REASON_ILLEGAL_STATUS',
  'ACQ.TRADE_HAS_CLOSE',
  'ACQ.TRADE_HAS_FINISHED',
  'ACQ.INVALID_PARAMETER',
  'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL',
  'ACQ.REASON_TRADE_REFUND_FEE_ERR',
  'ACQ.DISCORDANT_REPEAT_REQUEST',
  'ACQ.TRADE_NOT_ALLOW_REFUND',
  'ACQ.BUYER_NOT_EXIST',
  'ACQ.BUYER_ERROR',
  'ACQ.SELLER_NOT_EXIST'
])

/** A definite no, by its name. */
export class AlipayNo extends GatewayRefused {
  readonly code: string
  constructor(code: string, words: string) {
    super(`支付宝 ${code}: ${words}`)
    this.code = code
  }
}

/** There is no list of that day, or none yet: 支付宝 does not say which. */
export class NoBill extends Error {}

/** 支付宝开放平台: how every request is signed, every answer and notification checked (公钥模式, RSA2). */
export function alipayApi({ appId, sellerId, privateKey, publicKey, apiBase }: AlipayAccount, clock: Clock) {
  const ourKey = privateKeyOf(privateKey)!
  const theirKey = publicKeyOf(publicKey)!

  /** 《自行实现签名》: everything but the signature, sorted by name, `name=value` joined by &. */
  function signed(method: string, biz: object, more: Record<string, string> = {}): Record<string, string> {
    const words: Record<string, string> = {
      app_id: appId,
      method,
      format: 'JSON',
      charset: 'utf-8',
      sign_type: 'RSA2',
      timestamp: plainMoment(clock.now()),
      version: '1.0',
      biz_content: JSON.stringify(biz),
      ...more
    }
    const signature = sign('RSA-SHA256', Buffer.from(inOrder(words)), ourKey).toString('base64')
    return { ...words, sign: signature }
  }

  const isTheirs = (words: string, signature: string) =>
    verify('RSA-SHA256', Buffer.from(words), theirKey, Buffer.from(signature, 'base64'))

  return {
    /** An address that opens one of their pages: whoever follows it has brought our signed words. */
    address(method: string, biz: object, more: Record<string, string>): string {
      const url = new URL(apiBase)
      url.search = new URLSearchParams(signed(method, biz, more)).toString()
      return url.href
    },

    /** Throws AlipayNo for a definite no; any other error leaves open what happened. */
    async call<T>(method: string, biz: object): Promise<T> {
      const { biz_content = '', ...rest } = signed(method, biz)
      const url = new URL(apiBase)
      url.search = new URLSearchParams(rest).toString()
      const { status, body } = await ask(url.href, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' },
        body: new URLSearchParams({ biz_content }).toString()
      })
      const text = body.toString()
      if (status !== 200) throw new Error(`支付宝 answered ${status}`)
      const name = `${method.replaceAll('.', '_')}_response`
      const { sign: signature, ...said } = JSON.parse(text) as Record<string, unknown>
      const answer = (said[name] ?? said.error_response ?? {}) as Said
      const { code = '', sub_code: sub = '', msg = '', sub_msg: subWords = '' } = answer
      const words = String(subWords || msg).slice(0, 200)
      // What it could not even read it does not sign.
      if (typeof signature !== 'string' || !said[name])
        throw new Error(`支付宝 answered ${code} ${sub} ${words} without its own signature`)
      if (!isTheirs(rawOf(text, name), signature))
        throw new Error('支付宝 answered with a signature that is not its own')
      if (code === DONE) return answer as T
      if (/bill_not_exist/i.test(sub)) throw new NoBill(`支付宝 ${sub}: ${words}`)
      if (code === FAILED && NO.has(sub)) throw new AlipayNo(sub, words)
      throw new Error(`支付宝 answered ${code} ${sub} ${words}`)
    },

    async file(address: string): Promise<Buffer> {
      const { status, body } = await askForFile(address)
      if (status !== 200) throw new Error(`支付宝 gave ${status} instead of a file`)
      return body
    },

    /**
     * 《异步通知说明》: signed, about our application and our purse, and sent lately. Throws Problem bad_signature
     * otherwise.
     */
    notice(rawBody: Buffer): Map<string, string> {
      const pairs = [...new URLSearchParams(rawBody.toString())]
      const words = new Map(pairs)
      const { sign: signature = '', sign_type, ...rest } = Object.fromEntries(words)
      const genuine =
        words.size === pairs.length && // nothing stands there twice, so that all read the same
        sign_type === 'RSA2' &&
        isTheirs(inOrder(rest), signature) &&
        rest.app_id === appId &&
        rest.seller_id === sellerId &&
        Math.abs(clock.now() - ofPlainMoment(rest.notify_time ?? '')) <= TOLERANCE_MS
      if (!genuine) throw new Problem('bad_signature')
      return words
    }
  }
}

interface Said {
  code?: string
  msg?: string
  sub_code?: string
  sub_msg?: string
}

/** What is signed, here and there; empty values are left out. */
export const inOrder = (words: Record<string, string>) =>
  Object.keys(words)
    .filter((name) => words[name] !== '')
    .toSorted()
    .map((name) => `${name}=${words[name]}`)
    .join('&')

/** The very characters of one member of an answer, since its signature is over those. */
export function rawOf(text: string, name: string): string {
  const key = `"${name}"`
  const from = text.indexOf('{', text.indexOf(key) + key.length)
  let depth = 0
  let inText = false
  for (let at = from; at < text.length; at++) {
    const sign = text[at]
    if (inText) {
      if (sign === '\\') at++
      else if (sign === '"') inText = false
    } else if (sign === '"') inText = true
    else if (sign === '{') depth++
    else if (sign === '}' && --depth === 0) return text.slice(from, at + 1)
  }
  throw new Error('支付宝’s answer is torn')
}
