import { keepFile, type FileKind, type FileRef } from '../../shared/contracts/files.ts'
import type { ProblemAnswer } from '../../shared/problems.ts'
import type { Village } from '../app.ts'
import type { SignedIn } from './village.ts'

/** Somebody brings a file, as her browser sends it. */
export async function bring(
  village: Village,
  who: Pick<SignedIn, 'cookie'>,
  kind: FileKind,
  bytes: Uint8Array,
  { forId, field = 'file', name = '文件.jpg' }: { forId?: string; field?: string; name?: string } = {}
) {
  const form = new FormData()
  form.append(field, new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'image/jpeg' }), name)
  const sent = new Response(form)
  const answer = await village.http.inject({
    method: keepFile.method,
    url: keepFile.url,
    query: { kind, ...(forId && { forId }) },
    headers: { cookie: who.cookie, 'content-type': sent.headers.get('content-type')! },
    payload: Buffer.from(await sent.arrayBuffer())
  })
  return { status: answer.statusCode, json: answer.json<{ file: FileRef } & ProblemAnswer>() }
}

/** The same where nobody doubts that it is kept. */
export async function brought(...args: Parameters<typeof bring>): Promise<FileRef> {
  const { status, json } = await bring(...args)
  if (status !== 200) throw new Error(`not kept: ${json.code}`)
  return json.file
}
