/** Longer than a gateway’s own slowest answers, shorter than a buyer’s patience. */
const TIMEOUT_MS = 10_000
/** Far more than any gateway has to say of one payment. */
const ANSWER_BYTES = 256 * 1024
/** The list of a day comes in one file. */
const FILE_TIMEOUT_MS = 60_000
export const FILE_BYTES = 16 * 1024 * 1024
/** What such a file may become once it is unpacked. */
export const UNPACKED_BYTES = 64 * 1024 * 1024

export interface Answered {
  status: number
  headers: Headers
  body: Buffer
}

/** One question to a gateway, which never takes longer nor brings more than it may. */
export const ask = (url: string, init: RequestInit): Promise<Answered> =>
  answered(url, { ...init, redirect: 'error' }, TIMEOUT_MS, ANSWER_BYTES)

export const askForFile = (url: string, init: RequestInit = {}): Promise<Answered> =>
  answered(url, init, FILE_TIMEOUT_MS, FILE_BYTES)

async function answered(url: string, init: RequestInit, timeoutMs: number, limitBytes: number) {
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) })
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of answer.body ?? []) {
    bytes += part.length
    // Leaving the loop lets go of the connection.
    if (bytes > limitBytes) throw new Error('the gateway’s answer is too long')
    parts.push(part)
  }
  return { status: answer.status, headers: answer.headers, body: Buffer.concat(parts) }
}
