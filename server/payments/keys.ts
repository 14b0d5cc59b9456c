import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'

/**
 * A key as people have it: a PEM file (its line breaks may be written `\n`), or only the base64 that 支付宝’s own tool
 * shows. Undefined: it is none, or not RSA.
 */
export const privateKeyOf = (text: string): KeyObject | undefined =>
  rsa(
    isPem(text)
      ? [() => createPrivateKey(pem(text))]
      : (['pkcs8', 'pkcs1'] as const).map(
          (type) => () => createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type })
        )
  )

/** The same for a public key; the certificate that it stands in will do. */
export const publicKeyOf = (text: string): KeyObject | undefined =>
  rsa(
    isPem(text)
      ? [() => createPublicKey(pem(text))]
      : [() => createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })]
  )

const isPem = (text: string) => text.includes('-----BEGIN')
const pem = (text: string) => text.replaceAll('\\n', '\n')

function rsa(ways: readonly (() => KeyObject)[]): KeyObject | undefined {
  for (const way of ways) {
    try {
      const key = way()
      if (key.asymmetricKeyType === 'rsa') return key
    } catch {
      // Not in this shape; what it was stays out of every log.
    }
  }
  return undefined
}
