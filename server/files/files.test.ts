import { existsSync, readdirSync } from 'node:fs'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { eq } from 'drizzle-orm'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  CLIP_BYTES,
  FILE_KINDS,
  getFile,
  PDF_BYTES,
  PICTURE_BYTES,
  SOUND_BYTES,
  type FileKind
} from '../../shared/contracts/files.ts'
import { bring, brought } from '../testing/bring.ts'
import { clip, sound } from '../testing/clips.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { BYTES_A_DAY, FILES_A_DAY, UPLOADS_EACH } from './files.ts'

const red = (width = 90, height = 60) => sharp({ create: { width, height, channels: 3, background: '#c33' } })
const photo = await red().jpeg().toBuffer()
const pdf = Buffer.from('%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF')
const film = await clip(3)
const voice = await sound(2)
const wav = await sound(1, 'wav')

/** Something that a kind takes. */
const good: Record<FileKind, Buffer> = {
  lesson: photo,
  material: photo,
  document: photo,
  homework: film,
  voice,
  evidence: photo,
  sheet: photo,
  bad_goods: photo,
  review: photo
}

describe.each(engines)('files on $name', (engine) => {
  const clock = settableClock()
  let here: TestVillage
  let people: Record<'buyer' | 'host' | 'operator' | 'trainer' | 'officer', SignedIn>
  let wang: SignedIn
  let li: SignedIn
  /** A trainer and an officer who bring things; those in `people` only look. */
  let teacher: SignedIn

  beforeAll(async () => {
    here = await testVillage({ engine, clock })
    people = {
      buyer: await here.signIn('买家'),
      host: await here.signIn('主播', 'host'),
      operator: await here.signIn('场控', 'operator'),
      trainer: await here.signIn('讲师', 'trainer'),
      officer: await here.signIn('干部', 'officer')
    }
    wang = await here.signIn('王姐')
    li = await here.signIn('李姐')
    teacher = await here.signIn('周老师', 'trainer')
  })
  afterAll(() => here.close())

  const see = (who: Pick<SignedIn, 'call'>, fileId: string, range?: string) =>
    who.call(getFile, { params: { fileId }, headers: range ? { range } : {} })
  const bytesOf = async (who: SignedIn, fileId: string, headers: Record<string, string> = {}) =>
    here.village.http.inject({ url: `/api/files/${fileId}`, headers: { cookie: who.cookie, ...headers } })
  const rowOf = async (fileId: string) => {
    const { files } = here.village.store.schema
    return (await here.village.store.read.select().from(files).where(eq(files.id, fileId)))[0]!
  }

  const everybody = { buyer: 200, host: 200, operator: 200, trainer: 200, officer: 200 }
  const teachers = { buyer: 403, host: 403, operator: 403, trainer: 200, officer: 200 }
  const who: Record<
    FileKind,
    { bring: Record<string, number>; see: Record<string, number>; forHer: number }
  > = {
    lesson: { bring: teachers, see: everybody, forHer: 200 },
    material: { bring: teachers, see: everybody, forHer: 200 },
    document: { bring: everybody, see: { ...teachers, trainer: 403 }, forHer: 403 },
    homework: { bring: everybody, see: teachers, forHer: 200 },
    voice: { bring: teachers, see: teachers, forHer: 200 },
    evidence: { bring: everybody, see: teachers, forHer: 200 },
    sheet: { bring: teachers, see: teachers, forHer: 403 },
    bad_goods: { bring: everybody, see: { ...teachers, operator: 200, trainer: 403 }, forHer: 200 },
    review: { bring: everybody, see: { ...teachers, trainer: 403 }, forHer: 403 }
  }

  const outcome = (status: number, code: string) => [status, status === 200 ? undefined : code]

  it.each(FILE_KINDS)('a %s is brought and seen by whom it concerns, and by nobody else', async (kind) => {
    const forId = li.me.id
    for (const [role, caller] of Object.entries(people)) {
      const { status, json } = await bring(here.village, caller, kind, good[kind], { forId })
      expect([role, status, json.code]).toEqual([role, ...outcome(who[kind].bring[role]!, 'role_missing')])
    }
    const owner = who[kind].bring.buyer === 200 ? wang : teacher
    const { id } = await brought(here.village, owner, kind, good[kind], { forId })
    for (const [role, caller] of Object.entries(people)) {
      const { status, json } = await see(caller, id)
      expect([role, status, json?.code]).toEqual([role, ...outcome(who[kind].see[role]!, 'not_yours')])
    }
    expect((await see(owner, id)).status).toBe(200)
    expect((await see(li, id)).status).toBe(who[kind].forHer)
    expect((await see(here.guest, id)).json.code).toBe('sign_in_first')
  })

  it('a picture loses where it was taken, stands upright, and is WebP whatever it was called', async () => {
    const fromPhone = await red(3000, 2000)
      .withExif({ IFD0: { Make: 'Phone' }, IFD3: { GPSLatitude: '36/1 13/1 0/1', GPSLatitudeRef: 'N' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    const file = await brought(here.village, wang, 'document', fromPhone, { name: '../../证.exe' })
    expect(file).toMatchObject({ kind: 'document', type: 'image/webp', seconds: 0 })
    const { rawPayload, headers } = await bytesOf(wang, file.id)
    expect(rawPayload.byteLength).toBe(file.bytes)
    expect(headers['content-disposition']).toBe(`inline; filename="${file.id}.webp"`)
    const kept = await sharp(rawPayload).metadata()
    expect(kept).toMatchObject({ format: 'webp', width: 1333, height: 2000 })
    expect([kept.exif, kept.xmp, kept.iptc, kept.orientation]).toEqual(Array(4).fill(undefined))
  })

  it('a clip loses where it was taken, and says how long it is', async () => {
    const place = Buffer.from('+36.2180+120.2650/')
    const box = Buffer.alloc(8)
    box.writeUInt32BE(8 + place.length)
    box.write('udta', 4)
    const file = await brought(here.village, wang, 'homework', Buffer.concat([film, box, place]))
    expect(file).toMatchObject({ type: 'video/mp4', seconds: 3 })
    const { rawPayload } = await bytesOf(wang, file.id)
    expect(rawPayload.includes(place)).toBe(false)
    expect(rawPayload.subarray(0, film.length)).toEqual(film)
  })

  it.each([
    ['mp4', 'video/mp4'],
    ['mp4 in pieces', 'video/mp4'],
    ['mov', 'video/quicktime'],
    ['webm', 'video/webm'],
    ['webm in pieces', 'video/webm']
  ] as const)('a clip as %s is %s', async (as, type) => {
    const file = await brought(here.village, wang, 'homework', await clip(4, as))
    expect(file).toMatchObject({ type, seconds: 4 })
    expect((await bytesOf(wang, file.id)).headers['content-type']).toBe(type)
  })

  it.each([
    ['m4a', 'audio/mp4'],
    ['weba', 'audio/webm'],
    ['ogg', 'audio/ogg'],
    ['wav', 'audio/wav'],
    ['mp3', 'audio/mpeg']
  ] as const)('a voice as %s is %s', async (as, type) => {
    const forId = wang.me.id
    const file = await brought(here.village, teacher, 'voice', await sound(3, as), { forId })
    expect(file).toMatchObject({ type, seconds: 3 })
    expect((await bytesOf(wang, file.id)).headers['content-type']).toBe(type)
  })

  it('a PDF is handed to the phone’s reader, not shown on our address', async () => {
    const file = await brought(here.village, wang, 'document', pdf)
    const { headers, rawPayload } = await bytesOf(wang, file.id)
    expect(rawPayload).toEqual(pdf)
    expect(headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="${file.id}.pdf"`
    })
  })

  it('what is sent is kept by her phone, papers by none, and is never run', async () => {
    const { id } = await brought(here.village, wang, 'evidence', photo)
    expect((await bytesOf(wang, id)).headers).toMatchObject({
      'cache-control': 'private, max-age=31536000, immutable',
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'accept-ranges': 'bytes'
    })
    for (const [who, kind] of [
      [wang, 'document'],
      [teacher, 'sheet']
    ] as const) {
      const papers = await brought(here.village, who, kind, photo)
      expect((await bytesOf(who, papers.id)).headers['cache-control']).toBe('private, no-store')
    }
    const refused = await bytesOf(li, id)
    expect(refused.headers['cache-control'] ?? '').not.toContain('max-age')
  })

  it('a player gets the part it asks for, and only whoever may have the whole', async () => {
    const { id } = await brought(here.village, wang, 'homework', film)
    const part = await bytesOf(wang, id, { range: 'bytes=4-7' })
    expect([part.statusCode, part.payload, part.headers['content-range']]).toEqual([
      206,
      'ftyp',
      `bytes 4-7/${film.length}`
    ])
    const beyond = await bytesOf(wang, id, { range: `bytes=${film.length}-` })
    expect([beyond.statusCode, beyond.headers['content-range']]).toEqual([416, `bytes */${film.length}`])
    expect((await bytesOf(li, id, { range: 'bytes=4-7' })).statusCode).toBe(403)
  })

  it('a private file has no public address, even for whoever knows where it lies', async () => {
    const { id } = await brought(here.village, wang, 'document', photo)
    const { key } = await rowOf(id)
    expect(key).toMatch(/^private\/[0-9a-f]{32}\.webp$/)
    expect((await here.village.http.inject({ url: `/media/${key}` })).statusCode).toBe(404)
    const { text } = await see(wang, id)
    expect(text).not.toContain(key)
  })

  it('an unknown file is not there, and neither is one whose bytes are gone', async () => {
    expect((await see(wang, 'nobody')).json.code).toBe('no_such_file')
    const { id } = await brought(here.village, wang, 'document', photo)
    await here.village.objects.remove((await rowOf(id)).key)
    expect((await see(wang, id)).json.code).toBe('no_such_file')
  })

  it('a voice is for somebody, and whoever a file is for is somebody', async () => {
    const nobody = await bring(here.village, teacher, 'voice', voice)
    expect([nobody.status, nobody.json.code]).toEqual([400, 'bad_input'])
    const stranger = await bring(here.village, teacher, 'voice', voice, { forId: 'nobody' })
    expect(stranger.json.code).toBe('no_such_member')
  })

  it('hands its owner’s files to the rest of the school, and no others', async () => {
    const { files, store } = { ...here.village.school, store: here.village.store }
    const mine = await brought(here.village, wang, 'evidence', photo)
    const hers = await brought(here.village, li, 'evidence', photo)
    const both = await files.ofKind(store.read, [hers.id, mine.id], 'evidence')
    expect(both.map(({ id, ownerId }) => [id, ownerId])).toEqual([
      [hers.id, li.me.id],
      [mine.id, wang.me.id]
    ])
    expect(await files.ownedBy(store.read, [mine.id], wang.me.id, 'evidence')).toMatchObject([mine])
    expect(await files.ownedBy(store.read, [], wang.me.id, 'evidence')).toEqual([])
    const wrong = [
      () => files.ownedBy(store.read, [mine.id, hers.id], wang.me.id, 'evidence'),
      () => files.ownedBy(store.read, [mine.id], wang.me.id, 'document'),
      () => files.ofKind(store.read, [mine.id], 'lesson'),
      () => files.ofKind(store.read, ['nobody'], 'evidence')
    ]
    for (const asked of wrong) await expect(asked()).rejects.toMatchObject({ code: 'no_such_file' })
  })

  it('a member brings only so many files and so many bytes a day, and tomorrow again', async () => {
    const busy = await here.signIn('忙姐')
    const { store } = here.village
    const rows = (bytes: number, many: number) =>
      Array.from({ length: many }, (_, i) => ({
        id: `${bytes}-${i}`,
        kind: 'evidence' as const,
        ownerId: busy.me.id,
        forId: '',
        type: 'image/webp',
        bytes,
        durationMs: 0,
        key: `private/${i}.webp`,
        createdAt: clock.now()
      }))
    await store.tx(async (tx) => {
      await tx.insert(store.schema.files).values(rows(1, FILES_A_DAY - 1))
    })
    const kept = () => bring(here.village, busy, 'evidence', photo)
    expect((await kept()).status).toBe(200)
    expect((await kept()).json.code).toBe('files_full')
    expect((await bring(here.village, wang, 'evidence', photo)).status).toBe(200)
    clock.pass(24 * 3_600_000)
    const before = await here.village.objects.list('private')
    await store.tx(async (tx) => {
      await tx.insert(store.schema.files).values(rows(BYTES_A_DAY - 10, 1))
    })
    expect((await kept()).json.code).toBe('files_full')
    expect(await here.village.objects.list('private')).toEqual(before)
    clock.pass(24 * 3_600_000)
    expect((await kept()).status).toBe(200)
  })
})

describe('a file that is not taken', () => {
  let here: TestVillage
  let wang: SignedIn
  let teacher: SignedIn
  beforeAll(async () => {
    here = await testVillage({ engine: engines[0]! })
    wang = await here.signIn('王姐')
    teacher = await here.signIn('周老师', 'trainer')
  })
  afterAll(() => here.close())

  const uploads = () => {
    const folder = path.join(here.village.settings.dataDir, 'uploads')
    return existsSync(folder) ? readdirSync(folder) : []
  }
  /** Nothing of it stays: no row, no object, no half of an upload. */
  async function leavesNothing(work: () => Promise<void>) {
    const { files } = here.village.store.schema
    const all = async () => [
      (await here.village.store.read.select().from(files)).length,
      await here.village.objects.list('private'),
      uploads()
    ]
    const before = await all()
    await work()
    expect(await all()).toEqual(before)
    expect(uploads()).toEqual([])
  }

  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>')
  it.each([
    ['a text', 'document', Buffer.from('我的健康证'), 'file_unknown'],
    ['nothing', 'document', Buffer.alloc(0), 'file_unknown'],
    ['a drawing that is a program', 'lesson', svg, 'file_unknown'],
    ['a page', 'material', Buffer.from('<!doctype html><script>1</script>'), 'file_unknown'],
    [
      'a program behind the first bytes of a photo',
      'lesson',
      Buffer.from(`GIF89a${svg.toString()}`),
      'not_a_picture'
    ],
    ['half a photo', 'document', photo.subarray(0, 200), 'not_a_picture'],
    ['a clip without anything in it', 'homework', Buffer.from('\0\0\0\x18ftypisom'), 'file_unknown'],
    [
      'a clip that is noise',
      'homework',
      Buffer.concat([film.subarray(0, 40), Buffer.alloc(9e4, 7)]),
      'file_unknown'
    ],
    [
      'a song that is noise',
      'lesson',
      Buffer.concat([Buffer.from('OggS'), Buffer.alloc(9e4, 7)]),
      'file_unknown'
    ],
    ['a voice as homework', 'homework', voice, 'file_unknown'],
    ['a photo as homework', 'homework', photo, 'file_unknown'],
    ['a clip as a document', 'document', film, 'file_unknown'],
    ['a PDF as a lesson', 'lesson', pdf, 'file_unknown'],
    ['a PDF as a sheet', 'sheet', pdf, 'file_unknown']
  ] as const)('%s is refused for what it is, and leaves nothing behind', async (_what, kind, bytes, code) => {
    await leavesNothing(async () => {
      const { status, json } = await bring(here.village, teacher, kind, bytes)
      expect([status, json.code]).toEqual([400, code])
    })
  })

  it('a clip whose tables lie about its length is refused, not kept with a number that no table holds', async () => {
    const lie = Buffer.from(film)
    const sizes = lie.indexOf('stsz')
    lie.writeUInt32BE(40, sizes + 8)
    lie.writeUInt32BE(0xfffffff0, sizes + 12)
    lie.writeUInt32BE(0xfffffff0, lie.indexOf('stts') + 12)
    await leavesNothing(async () => {
      expect((await bring(here.village, wang, 'homework', lie)).json.code).toBe('file_unknown')
    })
  })

  /** The same file with so much air behind it that it has this size. */
  const grown = (bytes: Buffer, size: number) => Buffer.concat([bytes, Buffer.alloc(size - bytes.length)])
  it.each([
    ['a photo', 'document', photo, PICTURE_BYTES],
    ['a photo among lessons, where clips may be larger', 'lesson', photo, PICTURE_BYTES],
    ['a PDF', 'document', pdf, PDF_BYTES],
    ['a voice', 'voice', wav, SOUND_BYTES],
    ['a sound among lessons', 'lesson', wav, SOUND_BYTES],
    ['a clip', 'homework', film, CLIP_BYTES],
    ['a clip among lessons', 'lesson', film, CLIP_BYTES]
  ] as const)('%s may be as large as it may, and not a byte larger', async (_what, kind, bytes, most) => {
    const forId = wang.me.id
    await leavesNothing(async () => {
      const { status, json } = await bring(here.village, teacher, kind, grown(bytes, most + 1), { forId })
      expect([status, json.code]).toEqual([413, 'too_big'])
    })
    const { status, json } = await bring(here.village, teacher, kind, grown(bytes, most), { forId })
    expect([status, json.code]).toEqual([200, undefined])
  })

  it('a member who lets uploads trickle in keeps out nobody but herself', async () => {
    const { files } = here.village.school
    const goOn = Promise.withResolvers<void>()
    async function* trickle() {
      yield photo.subarray(0, 10)
      await goOn.promise
      yield photo.subarray(10)
    }
    const slow = Array.from({ length: UPLOADS_EACH }, () =>
      files.keep(wang.me, { kind: 'document', upload: trickle() })
    )
    await expect.poll(uploads).toHaveLength(UPLOADS_EACH)
    const { status, json } = await bring(here.village, wang, 'document', photo)
    expect([status, json.code]).toEqual([429, 'too_fast'])
    expect((await bring(here.village, teacher, 'document', photo)).status).toBe(200)
    goOn.resolve()
    expect(await Promise.all(slow)).toHaveLength(UPLOADS_EACH)
    expect((await bring(here.village, wang, 'document', photo)).status).toBe(200)
  })

  it('something that is no upload, or an upload of something else, is refused', async () => {
    const plain = await here.village.http.inject({
      method: 'POST',
      url: '/api/files?kind=document',
      headers: { cookie: wang.cookie },
      payload: { file: 'no' }
    })
    expect(plain.json()).toMatchObject({ code: 'file_unknown' })
    const other = await bring(here.village, wang, 'document', photo, { field: 'photo' })
    expect(other.json.code).toBe('file_unknown')
  })

  it('a phone that goes away in the middle leaves nothing, and the next one is served', async () => {
    await here.village.http.listen({ port: 0, host: '127.0.0.1' })
    const { port } = here.village.http.server.address() as AddressInfo
    await leavesNothing(async () => {
      const socket = connect(port, '127.0.0.1')
      await once(socket, 'connect')
      const head = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n'
      socket.write(
        `POST /api/files?kind=homework HTTP/1.1\r\nhost: x\r\ncookie: ${wang.cookie}\r\n` +
          `content-type: multipart/form-data; boundary=x\r\ncontent-length: 30000000\r\n\r\n${head}`
      )
      socket.write(Buffer.alloc(200_000))
      await expect.poll(uploads).toHaveLength(1)
      socket.destroy()
      await expect.poll(uploads).toEqual([])
    })
    expect((await bring(here.village, wang, 'document', photo)).status).toBe(200)
  })
})
