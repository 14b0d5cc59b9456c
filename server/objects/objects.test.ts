import fastify from 'fastify'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { guardTheEdge } from '../http/edge.ts'
import type { Http } from '../http/http.ts'
import { readSettings } from '../settings.ts'
import { s3Double, type S3Double } from '../testing/s3-double.ts'
import { diskObjects } from './disk.ts'
import type { ByteRange, Objects } from './objects.ts'
import { openObjects } from './open.ts'
import { objectRoutes } from './routes.ts'
import { s3Objects } from './s3.ts'
import { rangeOf } from './send.ts'

interface Form {
  name: string
  make(): Promise<{ objects: Objects; drop(): Promise<void> }>
}

const disk: Form = {
  name: 'on disk',
  async make() {
    const folder = mkdtempSync(path.join(inject('scratch'), 'objects-'))
    const objects = await diskObjects(folder, '/media')
    return { objects, drop: async () => rmSync(folder, { recursive: true, force: true }) }
  }
}

const double: Form = {
  name: 'in a bucket (double)',
  async make() {
    const bucket = await s3Double()
    return { objects: s3Objects({ ...bucket, base: '/media' }), drop: () => bucket.close() }
  }
}

const { TEST_S3_ENDPOINT, TEST_S3_REGION, TEST_S3_ACCESS_KEY_ID, TEST_S3_SECRET_ACCESS_KEY } = process.env
const real: Form[] = []
if (TEST_S3_ENDPOINT && TEST_S3_ACCESS_KEY_ID && TEST_S3_SECRET_ACCESS_KEY) {
  const options = {
    endpoint: TEST_S3_ENDPOINT,
    region: TEST_S3_REGION || 'auto',
    accessKeyId: TEST_S3_ACCESS_KEY_ID,
    secretAccessKey: TEST_S3_SECRET_ACCESS_KEY,
    base: '/media'
  }
  real.push({
    name: 'in a real bucket',
    make: async () => ({ objects: s3Objects(options), drop: async () => {} })
  })
} else {
  console.log('The objects suite meets a double of S3; TEST_S3_ENDPOINT, … show it a real bucket.')
}

describe.each([disk, double, ...real])('objects $name', ({ make }) => {
  let objects: Objects
  let drop: () => Promise<void>
  let folder: string
  beforeAll(async () => {
    ;({ objects, drop } = await make())
  })
  afterAll(async () => {
    await drop()
  })
  beforeEach(() => {
    folder = `test-${randomUUID()}`
    return () => objects.remove(folder)
  })

  async function bytes(key: string, range?: ByteRange) {
    const found = await objects.get(key, range)
    return found && { ...found, body: await buffer(found.body) }
  }
  const photo = Buffer.from(Array.from({ length: 1_000 }, (_, i) => i % 251))

  it('come back as they were kept', async () => {
    await objects.put(`${folder}/clams.jpg`, photo, 'image/jpeg')
    expect(await bytes(`${folder}/clams.jpg`)).toEqual({
      body: photo,
      size: 1_000,
      from: 0,
      to: 999,
      type: 'image/jpeg'
    })
  })

  it('may be large, and may be empty', async () => {
    const film = Buffer.alloc(9 * 1024 * 1024, '海')
    await objects.put(`${folder}/film.mp4`, film, 'video/mp4')
    expect((await bytes(`${folder}/film.mp4`))!.body.equals(film)).toBe(true)
    await objects.put(`${folder}/empty.vtt`, Buffer.alloc(0), 'text/vtt')
    expect(await bytes(`${folder}/empty.vtt`)).toMatchObject({ size: 0, body: Buffer.alloc(0) })
  })

  it('are given in part to who asks for a part', async () => {
    const key = `${folder}/clams.jpg`
    await objects.put(key, photo, 'image/jpeg')
    const middle = await bytes(key, { from: 10, to: 19 })
    expect(middle).toMatchObject({ body: photo.subarray(10, 20), size: 1_000, from: 10, to: 19 })
    const end = await bytes(key, { from: 990 })
    expect(end).toMatchObject({ body: photo.subarray(990), size: 1_000, from: 990, to: 999 })
    const beyondTheEnd = await bytes(key, { from: 995, to: 5_000 })
    expect(beyondTheEnd).toMatchObject({ body: photo.subarray(995), from: 995, to: 999 })
    const after = await bytes(key, { from: 1_000 })
    expect(after).toMatchObject({ body: Buffer.alloc(0), size: 1_000, from: 1_000 })
  })

  it('that are not there are not found', async () => {
    await objects.put(`${folder}/a/clams.jpg`, photo, 'image/jpeg')
    expect(await objects.get(`${folder}/oysters.jpg`)).toBeUndefined()
    expect(await objects.get(`${folder}/a`)).toBeUndefined()
    expect(await objects.get(`${folder}/a/clams.jpg/more`)).toBeUndefined()
    expect(await objects.list(`${folder}/b`)).toEqual([])
  })

  it('are listed sorted, folder by folder, however many they are', async () => {
    const keys = Array.from({ length: 95 }, (_, i) => `${folder}/film/seg-${i}.m4s`)
    await Promise.all(keys.map((key) => objects.put(key, Buffer.from(key), 'video/mp4')))
    await objects.put(`${folder}/film-2/seg-0.m4s`, photo, 'video/mp4')
    expect(await objects.list(`${folder}/film`)).toEqual(keys.toSorted())
    expect(await objects.list(folder)).toEqual([`${folder}/film-2/seg-0.m4s`, ...keys].toSorted())
  })

  it('are forgotten one by one or with their folder, and nothing beside it', async () => {
    const keys = ['film/a.m4s', 'film/deep/b.m4s', 'film-2/c.m4s', 'film.mp4'].map(
      (name) => `${folder}/${name}`
    )
    for (const key of keys) await objects.put(key, photo, 'video/mp4')
    await objects.remove(`${folder}/film`)
    expect(await objects.list(folder)).toEqual(keys.slice(2).toSorted())
    await objects.remove(`${folder}/film.mp4`)
    await objects.remove(`${folder}/never-there`)
    expect(await objects.list(folder)).toEqual([keys[2]])
  })

  it('are replaced whole', async () => {
    const key = `${folder}/replay.json`
    await objects.put(key, Buffer.from('{"long":"and longer"}'), 'application/json')
    await objects.put(key, Buffer.from('{}'), 'application/json')
    expect((await bytes(key))!.body.toString()).toBe('{}')
  })

  it('have keys that cannot climb out of their folder', async () => {
    for (const key of [
      '../secret',
      'a/../../secret',
      '/etc/passwd',
      'a//b',
      '.parts/x',
      'a/.hidden',
      'A.jpg',
      '海',
      '',
      'a\0',
      'a/',
      'x'.repeat(201)
    ]) {
      await expect(objects.put(key, photo, 'image/jpeg'), key).rejects.toThrow('bad object key')
      await expect(objects.get(key), key).rejects.toThrow('bad object key')
      await expect(objects.list(key), key).rejects.toThrow('bad object key')
      await expect(objects.remove(key), key).rejects.toThrow('bad object key')
      expect(() => objects.url(key), key).toThrow('bad object key')
    }
  })

  it('are called what their ending says', async () => {
    const wrong = objects.put(`${folder}/page.jpg`, Buffer.from('<script>'), 'text/html')
    await expect(wrong).rejects.toThrow('its ending says image/jpeg')
    expect(objects.url(`${folder}/a.jpg`)).toBe(`/media/${folder}/a.jpg`)
  })
})

describe('objects on disk', () => {
  it('leave nothing half written behind a crash', async () => {
    const root = mkdtempSync(path.join(inject('scratch'), 'objects-'))
    const objects = await diskObjects(root, '/media')
    await objects.put('a/b.jpg', Buffer.from('whole'), 'image/jpeg')
    writeFileSync(path.join(root, '.parts/half'), 'ha')
    await diskObjects(root, '/media')
    expect(readdirSync(path.join(root, '.parts'))).toEqual([])
    expect(readFileSync(path.join(root, 'a/b.jpg'), 'utf8')).toBe('whole')
    rmSync(root, { recursive: true })
  })

  it('keep one of two that are put at the same moment, whole', async () => {
    const root = mkdtempSync(path.join(inject('scratch'), 'objects-'))
    const objects = await diskObjects(root, '/media')
    const films = ['a', 'b'].map((letter) => Buffer.alloc(500_000, letter))
    await Promise.all(films.map((film) => objects.put('a/film.mp4', film, 'video/mp4')))
    const kept = await buffer((await objects.get('a/film.mp4'))!.body)
    expect(films.some((film) => film.equals(kept))).toBe(true)
    rmSync(root, { recursive: true })
  })
})

describe('objects in a bucket', () => {
  let bucket: S3Double
  beforeAll(async () => {
    bucket = await s3Double()
  })
  afterAll(() => bucket.close())
  const put = (objects: Objects) => objects.put('a/b.jpg', Buffer.from('x'), 'image/jpeg')

  it('are refused with a wrong secret, a wrong name and a wrong region', async () => {
    const base = '/media'
    await expect(put(s3Objects({ ...bucket, secretAccessKey: 'wrong', base }))).rejects.toThrow('403')
    await expect(put(s3Objects({ ...bucket, accessKeyId: 'STRANGER', base }))).rejects.toThrow('403')
    await expect(put(s3Objects({ ...bucket, region: 'elsewhere', base }))).rejects.toThrow('400')
    expect((await fetch(`${bucket.endpoint}/a/b.jpg`)).status).toBe(403)
    expect(bucket.kept.size).toBe(0)
  })

  it('carry what a CDN needs to keep them, and live at its address', async () => {
    const objects = await openObjects({ s3: bucket, mediaBase: 'https://cdn.example/', dataDir: '' })
    await put(objects)
    expect(bucket.kept.get('a/b.jpg')).toEqual({
      body: Buffer.from('x'),
      type: 'image/jpeg',
      cacheControl: 'public, max-age=31536000, immutable'
    })
    expect(objects.url('a/b.jpg')).toBe('https://cdn.example/a/b.jpg')
  })

  it('are listed and removed page by page', async () => {
    const objects = s3Objects({ ...bucket, base: '/media' })
    const before = bucket.pages()
    const keys = Array.from({ length: 100 }, (_, i) => `pages/p-${i}.jpg`)
    await Promise.all(keys.map((key) => objects.put(key, Buffer.from('x'), 'image/jpeg')))
    expect(await objects.list('pages')).toHaveLength(100)
    expect(bucket.pages() - before).toBe(3)
    await objects.remove('pages')
    expect([...bucket.kept.keys()].filter((key) => key.startsWith('pages'))).toEqual([])
  })
})

describe.each([disk, double])('the address of objects $name', ({ make }) => {
  let http: Http
  let objects: Objects
  let drop: () => Promise<void>
  const photo = Buffer.from('0123456789')
  beforeAll(async () => {
    ;({ objects, drop } = await make())
    http = fastify().withTypeProvider<TypeBoxTypeProvider>()
    const settings = readSettings({})
    await guardTheEdge(http, { settings, memberOf: async () => undefined, origins: () => false })
    objectRoutes(http, objects)
    await objects.put('photos/clams.jpg', photo, 'image/jpeg')
  })
  afterAll(async () => {
    await http.close()
    await drop()
  })
  const ask = (url: string, range?: string) => http.inject({ url, ...(range && { headers: { range } }) })

  it('shows a photo to anyone, to be kept for good and never to be run', async () => {
    const answer = await ask('/media/photos/clams.jpg')
    expect(answer.statusCode).toBe(200)
    expect(answer.rawPayload).toEqual(photo)
    expect(answer.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': '10',
      'accept-ranges': 'bytes',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'access-control-allow-origin': '*'
    })
  })

  it('gives a player the part it asks for', async () => {
    const part = await ask('/media/photos/clams.jpg', 'bytes=2-4')
    expect([part.statusCode, part.payload, part.headers['content-range']]).toEqual([
      206,
      '234',
      'bytes 2-4/10'
    ])
    const rest = await ask('/media/photos/clams.jpg', 'bytes=7-')
    expect([rest.statusCode, rest.payload, rest.headers['content-range']]).toEqual([
      206,
      '789',
      'bytes 7-9/10'
    ])
    const beyond = await ask('/media/photos/clams.jpg', 'bytes=10-')
    expect([beyond.statusCode, beyond.payload, beyond.headers['content-range']]).toEqual([
      416,
      '',
      'bytes */10'
    ])
    expect(beyond.headers['cache-control'] ?? '').not.toContain('immutable')
    for (const odd of ['bytes=-3', 'bytes=5-2', 'bytes=0-1,4-5', 'apples=1-2']) {
      expect([(await ask('/media/photos/clams.jpg', odd)).payload, odd]).toEqual(['0123456789', odd])
    }
  })

  it('tells a caller who only asks how large it is', async () => {
    const answer = await http.inject({ method: 'HEAD', url: '/media/photos/clams.jpg' })
    expect([answer.statusCode, answer.headers['content-length'], answer.payload]).toEqual([200, '10', ''])
  })

  it('finds nothing outside of what is kept', async () => {
    const nowhere = [
      '/media/photos/oysters.jpg',
      '/media/photos',
      '/media/',
      '/media/../village.db',
      '/media/%2e%2e/village.db',
      '/media/..%2fvillage.db',
      '/media/%2fetc%2fpasswd',
      '/media/.parts/x'
    ].map((url) => [404, url] as const)
    // The edge lets no zero character in.
    for (const [status, url] of [...nowhere, [400, '/media/photos/%00.jpg'] as const]) {
      const answer = await ask(url)
      expect([answer.statusCode, url]).toEqual([status, url])
      expect(answer.headers['cache-control'] ?? '').not.toContain('immutable')
    }
  })
})

describe('a private file', () => {
  it.each([disk, double])('$name has no public address', async ({ make }) => {
    const { objects, drop } = await make()
    const http: Http = fastify().withTypeProvider<TypeBoxTypeProvider>()
    const settings = readSettings({})
    await guardTheEdge(http, { settings, memberOf: async () => undefined, origins: () => false })
    objectRoutes(http, objects)
    await objects.put('private/0af1/paper.webp', Buffer.from('her paper'), 'image/webp')
    await objects.put('privately.webp', Buffer.from('a photo'), 'image/webp')
    const ask = async (url: string) => (await http.inject({ url })).statusCode
    const ways = [
      '/media/private/0af1/paper.webp',
      '/media/%70rivate/0af1/paper.webp',
      '/media/private%2f0af1%2fpaper.webp',
      '/media//private/0af1/paper.webp',
      '/media/./private/0af1/paper.webp',
      '/media/photos/../private/0af1/paper.webp',
      '/media/PRIVATE/0af1/paper.webp',
      '/media/private'
    ]
    for (const url of ways) expect([url, await ask(url)]).toEqual([url, 404])
    expect(await ask('/media/privately.webp')).toBe(200)
    await http.close()
    await drop()
  })
})

describe('a range', () => {
  it('has a beginning, and is one', () => {
    expect(rangeOf('bytes=0-0')).toEqual({ from: 0, to: 0 })
    expect(rangeOf('bytes=5-')).toEqual({ from: 5 })
    expect(
      [undefined, '', 'bytes=', 'bytes=-5', 'bytes=1-2,3-4', 'bytes=9999999999999999-'].map(rangeOf)
    ).toEqual(Array(6).fill(undefined))
  })
})
