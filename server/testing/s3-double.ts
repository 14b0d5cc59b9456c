import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A page of a listing; small, so that every suite meets more than one. S3's own is 1,000. */
const PAGE_KEYS = 40
const BULK_KEYS = 1_000
const BODY_BYTES = 32 * 1024 * 1024
/** How far S3 lets clocks differ. */
const SKEW_MS = 15 * 60_000

export interface S3Double {
  /** With the bucket, as `S3_ENDPOINT` wants it. */
  endpoint: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  /** What the bucket holds. */
  kept: Map<string, Kept>
  /** How many listings were asked for. */
  pages(): number
  close(): Promise<void>
}

interface Kept {
  body: Buffer
  type: string
  cacheControl: string
}

class Refused extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string) {
    super(code)
    this.status = status
    this.code = code
  }
}

/**
 * A small S3 on loopback, strict where a bucket is: it computes every signature itself (AWS Signature Version 4),
 * so that a wrong secret, a changed header or an old date is refused with 403.
 */
export async function s3Double(): Promise<S3Double> {
  const account = { region: 'village', accessKeyId: 'RED-ISLAND', secretAccessKey: 'tide and moon' }
  const bucket = 'films'
  const kept = new Map<string, Kept>()
  let pages = 0

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url!, 'http://bucket')
    const body = await bodyOf(request)
    checkSignature(request, url, body, account)
    const [, inBucket, ...rest] = url.pathname.split('/')
    if (inBucket !== bucket) throw new Refused(404, 'NoSuchBucket')
    const key = decodeURIComponent(rest.join('/'))
    const { method } = request
    if (method === 'GET' && !key) {
      pages++
      return sendXml(response, listing(kept, url.searchParams))
    }
    if (method === 'POST' && !key && url.searchParams.has('delete')) {
      checkSum(request, body)
      return sendXml(response, removed(kept, body.toString()))
    }
    if (!key) throw new Refused(400, 'InvalidRequest')
    if (method === 'PUT') {
      const { 'content-type': type = '', 'cache-control': cacheControl = '' } = request.headers
      kept.set(key, { body, type, cacheControl })
      return response.setHeader('etag', `"${md5(body)}"`).end()
    }
    if (method === 'DELETE') {
      kept.delete(key)
      return response.writeHead(204).end()
    }
    if (method !== 'GET' && method !== 'HEAD') throw new Refused(405, 'MethodNotAllowed')
    const found = kept.get(key)
    if (!found) throw new Refused(404, 'NoSuchKey')
    sendObject(request, response, found)
  }

  const server = http.createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      const { status, code } = error instanceof Refused ? error : new Refused(500, 'InternalError')
      response.writeHead(status, { 'content-type': 'application/xml' })
      response.end(
        request.method === 'HEAD' ? '' : `<Error><Code>${code}</Code><Message>${code}</Message></Error>`
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    ...account,
    endpoint: `http://127.0.0.1:${port}/${bucket}`,
    kept,
    pages: () => pages,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}

async function bodyOf(request: IncomingMessage) {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > BODY_BYTES) throw new Refused(400, 'EntityTooLarge')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex')
const md5 = (body: Buffer) => createHash('md5').update(body).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function checkSignature(
  request: IncomingMessage,
  url: URL,
  body: Buffer,
  { region, accessKeyId, secretAccessKey }: Pick<S3Double, 'region' | 'accessKeyId' | 'secretAccessKey'>
) {
  const claimed =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? ''
    )
  if (!claimed) throw new Refused(403, 'AccessDenied')
  const [, id, day, inRegion, names, signature] = claimed as unknown as string[]
  if (id !== accessKeyId) throw new Refused(403, 'InvalidAccessKeyId')
  if (inRegion !== region) throw new Refused(400, 'AuthorizationHeaderMalformed')

  const stamp = String(request.headers['x-amz-date'])
  const at = Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (!stamp.startsWith(day!) || !(Math.abs(Date.now() - at) < SKEW_MS)) {
    throw new Refused(403, 'RequestTimeTooSkewed')
  }
  const signed = names!.split(';')
  const must = Object.keys(request.headers).filter((name) => name === 'host' || name.startsWith('x-amz-'))
  if (must.some((name) => !signed.includes(name))) throw new Refused(403, 'AccessDenied')
  const payload = String(request.headers['x-amz-content-sha256'])
  if (payload !== 'UNSIGNED-PAYLOAD' && payload !== sha256(body)) {
    throw new Refused(400, 'XAmzContentSHA256Mismatch')
  }

  const query = [...url.searchParams]
    .map(([name, value]) => `${escape(name)}=${escape(value)}`)
    .toSorted()
    .join('&')
  const headers = signed.map((name) => `${name}:${String(request.headers[name] ?? '').trim()}\n`).join('')
  const canonical = [request.method, url.pathname, query, headers, names, payload].join('\n')
  const scope = `${day}/${region}/s3/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', stamp, scope, sha256(canonical)].join('\n')
  const signingKey = [day!, region, 's3', 'aws4_request'].reduce<string | Buffer>(
    hmac,
    `AWS4${secretAccessKey}`
  )
  const expected = hmac(signingKey, toSign)
  if (!timingSafeEqual(expected, Buffer.from(signature!, 'hex'))) {
    throw new Refused(403, 'SignatureDoesNotMatch')
  }
}

/** RFC 3986, which is stricter than `encodeURIComponent`. */
const escape = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

/** S3 takes a bulk delete only with a checksum of its list. */
function checkSum(request: IncomingMessage, body: Buffer) {
  const sum = request.headers['x-amz-checksum-sha256'] ?? request.headers['content-md5']
  const sums = ['sha256', 'md5'].map((kind) => createHash(kind).update(body).digest('base64'))
  if (!sums.includes(String(sum))) throw new Refused(400, 'InvalidDigest')
}

function listing(kept: Map<string, Kept>, query: URLSearchParams) {
  if (query.get('list-type') !== '2') throw new Refused(400, 'InvalidArgument')
  const limit = Math.min(Number(query.get('max-keys') ?? PAGE_KEYS), PAGE_KEYS)
  const after = Buffer.from(query.get('continuation-token') ?? '', 'base64').toString()
  const all = [...kept.keys()]
    .filter((key) => key.startsWith(query.get('prefix') ?? '') && key > after)
    .toSorted()
  const page = all.slice(0, limit)
  const more = all.length > page.length
  const contents = page.map((key) => {
    const { body } = kept.get(key)!
    return `<Contents><Key>${key}</Key><Size>${body.length}</Size><ETag>"${md5(body)}"</ETag></Contents>`
  })
  const next = more
    ? `<NextContinuationToken>${Buffer.from(page.at(-1)!).toString('base64')}</NextContinuationToken>`
    : ''
  return `<ListBucketResult><KeyCount>${page.length}</KeyCount><IsTruncated>${more}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`
}

function removed(kept: Map<string, Kept>, xml: string) {
  const keys = [...xml.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key!)
  if (keys.length > BULK_KEYS) throw new Refused(400, 'MalformedXML')
  for (const key of keys) kept.delete(key)
  // As S3 does, it calls a key deleted that was not there.
  return `<DeleteResult>${keys.map((key) => `<Deleted><Key>${key}</Key></Deleted>`).join('')}</DeleteResult>`
}

function sendXml(response: ServerResponse, xml: string) {
  response.setHeader('content-type', 'application/xml').end(`<?xml version="1.0" encoding="UTF-8"?>${xml}`)
}

function sendObject(request: IncomingMessage, response: ServerResponse, { body, type, cacheControl }: Kept) {
  const headers = { 'content-type': type, 'cache-control': cacheControl, etag: `"${md5(body)}"` }
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  let sent = body
  let status = 200
  const more: Record<string, string> = {}
  if (range) {
    const from = Number(range[1])
    const to = Math.min(range[2] ? Number(range[2]) : body.length - 1, body.length - 1)
    if (from >= body.length) throw new Refused(416, 'InvalidRange')
    sent = body.subarray(from, to + 1)
    status = 206
    more['content-range'] = `bytes ${from}-${to}/${body.length}`
  }
  response.writeHead(status, { ...headers, ...more, 'content-length': sent.length })
  response.end(request.method === 'HEAD' ? undefined : sent)
}
