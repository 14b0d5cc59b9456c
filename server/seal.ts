import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** AES-256-GCM: a key of 32 bytes, a nonce that is never used twice, a tag that tells of every change. */
const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** What the village’s secret is used for here. A changed label makes everything that was sealed unreadable. */
const LABELS = { seal: 'yujia seal 1', digest: 'yujia digest 1' }

export type Seal = ReturnType<typeof openSeal>

/**
 * What a copy of the database must not tell: ID numbers, and rows of a sheet that wait. Sealed text is different every
 * time; a digest is always the same, so that the same number is found again without opening any.
 */
export function openSeal(secret: string) {
  const keyFor = (label: string) => Buffer.from(hkdfSync('sha256', secret, '', label, KEY_BYTES))
  const sealKey = keyFor(LABELS.seal)
  const digestKey = keyFor(LABELS.digest)

  return {
    seal(text: string): string {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, sealKey, nonce)
      const hidden = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), hidden]).toString('base64url')
    },

    /** Throws where something was changed or another secret sealed it: a damaged store, nobody’s wrong input. */
    open(sealed: string): string {
      const bytes = Buffer.from(sealed, 'base64url')
      const nonce = bytes.subarray(0, NONCE_BYTES)
      const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)
      const hidden = bytes.subarray(NONCE_BYTES + TAG_BYTES)
      try {
        const decipher = createDecipheriv(CIPHER, sealKey, nonce, { authTagLength: TAG_BYTES })
        decipher.setAuthTag(tag)
        return Buffer.concat([decipher.update(hidden), decipher.final()]).toString('utf8')
      } catch (cause) {
        throw new Error('the seal is broken', { cause })
      }
    },

    digest: (text: string): string => createHmac('sha256', digestKey).update(text).digest('base64url')
  }
}
