import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import fastify from 'fastify'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RoomView } from '../../shared/contracts/live.ts'
import { Problem } from '../../shared/problems.ts'
import { guardTheEdge } from '../http/edge.ts'
import type { Http } from '../http/http.ts'
import { readSettings } from '../settings.ts'
import { FACED, PLAIN } from './addresses.ts'
import { escape, page, quiet } from './page.ts'
import { openPages, type Sources } from './pages.ts'
import { pageRoutes } from './routes.ts'
import { best, builtWeb } from './web.ts'

const NASTY = `蛤蜊</title><script>alert(1)</script>" onload='x' $& \u2028`

const room = (title: string): RoomView => ({
  version: 7,
  now: 0,
  show: {
    id: 'show-1',
    title,
    cover: '/media/cover.webp',
    state: 'live',
    startsAt: 0,
    openedAt: 0,
    host: { id: 'h', name: '兰姐', shopId: 's', shopName: '兰姐蛤蜊铺', village: '红岛', portrait: '' },
    playlist: '',
    viewers: 3,
    demo: true,
    kind: 'public' as const,
    paused: false,
    saleStopped: ''
  },
  shelf: [],
  pinnedProductId: '',
  flash: [],
  coupons: [],
  chat: [{ id: 'm', name: '阿珍', role: 'buyer', text: '</script><img src=x>', at: 0 }],
  hearts: 0
})

describe('the pages of the village', () => {
  const dist = mkdtempSync(path.join(tmpdir(), 'pages-'))
  const script = `console.log("${'潮'.repeat(2000)}")`
  let http: Http
  let asked = 0
  let now = 0

  beforeAll(async () => {
    mkdirSync(path.join(dist, 'assets'))
    writeFileSync(path.join(dist, 'assets/main-abc123.js'), script)
    writeFileSync(path.join(dist, 'icon.svg'), '<svg/>')
    writeFileSync(path.join(path.dirname(dist), 'secret.txt'), 'secret')
    writeFileSync(
      path.join(dist, 'index.html'),
      '<!doctype html><head><!--page--><title>x</title><!--/page--></head><body><div id="app"></div></body>'
    )
    http = fastify().withTypeProvider<TypeBoxTypeProvider>() as unknown as Http
    await guardTheEdge(http, {
      memberOf: async () => undefined,
      origins: () => true,
      settings: readSettings({ PUBLIC_URL: 'https://shop.example' })
    })
    const unknown = async (): Promise<never> => {
      throw new Problem('no_such_product')
    }
    const sources: Sources = {
      storefront: async () => ({ value: { live: [], coming: [] }, json: '{"live":[]}' }),
      async room(id) {
        asked++
        if (id !== 'show-1') throw new Problem('no_such_show')
        const value = room(NASTY)
        return { value, json: JSON.stringify(value) }
      },
      product: unknown,
      shop: unknown
    }
    const pages = openPages({
      web: builtWeb(dist),
      sources,
      base: 'https://shop.example',
      clock: { now: () => now }
    })
    pageRoutes(http, pages)
  })
  afterAll(async () => {
    await http.close()
    rmSync(dist, { recursive: true })
  })

  it('answers exactly the addresses that the web app knows', () => {
    const router = readFileSync(path.join(import.meta.dirname, '../../web/router.ts'), 'utf8')
    const known = [...router.matchAll(/^ {2}'([^']+)':/gm)].map((match) => match[1]!)
    expect(known.filter((address) => address !== '*').toSorted()).toEqual([...FACED, ...PLAIN].toSorted())
  })

  it('carries the show’s title, cover and first data in the room’s HTML', async () => {
    const { payload, statusCode } = await http.inject({ url: '/show/show-1' })
    expect(statusCode).toBe(200)
    expect(payload).toContain('<meta property="og:image" content="https://shop.example/media/cover.webp" />')
    expect(payload).toContain('<link rel="canonical" href="https://shop.example/show/show-1" />')
    const data = /<script type="application\/json" id="first" data-kind="room">([^<]*)<\/script>/.exec(
      payload
    )
    expect(JSON.parse(data![1]!)).toEqual(room(NASTY))
  })

  it('lets nobody’s title or chat line become part of the page', async () => {
    const { payload } = await http.inject({ url: '/show/show-1' })
    expect(payload).not.toContain('<script>alert')
    expect(payload).not.toContain('<img')
    expect(payload).not.toContain('\u2028')
    expect(payload.match(/<\/script>/g)).toHaveLength(1)
    expect(payload).not.toMatch(/<meta[^>]*onload='x/)
  })

  it('shows a friendly page with 404 for a show that nobody has, and JSON to a program', async () => {
    const lost = await http.inject({ url: '/show/nothing', headers: { accept: 'text/html' } })
    expect(lost.statusCode).toBe(404)
    expect(lost.headers['content-type']).toContain('text/html')
    const person = await http.inject({ url: '/no/where', headers: { accept: 'text/html,*/*' } })
    expect(person.statusCode).toBe(404)
    expect(person.payload).toContain('<div id="app">')
    const program = await http.inject({ url: '/api/no/where', headers: { accept: 'text/html' } })
    expect(program.json()).toMatchObject({ code: 'no_such_route' })
    const write = await http.inject({ method: 'POST', url: '/no/where', headers: { accept: 'text/html' } })
    expect(write.json()).toMatchObject({ code: 'no_such_route' })
  })

  it('sends files once and for ever, in the smallest form that the browser takes', async () => {
    const url = '/assets/main-abc123.js'
    const brotli = await http.inject({ url, headers: { 'accept-encoding': 'gzip, deflate, br' } })
    expect(brotli.headers).toMatchObject({
      'content-encoding': 'br',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding'
    })
    expect(brotliDecompressSync(brotli.rawPayload).toString()).toBe(script)
    const gzip = await http.inject({ url, headers: { 'accept-encoding': 'gzip, br;q=0' } })
    expect(gunzipSync(gzip.rawPayload).toString()).toBe(script)
    const plain = await http.inject({ url })
    expect(plain.payload).toBe(script)
    expect(plain.headers['content-encoding']).toBeUndefined()
    expect(new Set([brotli, gzip, plain].map((answer) => answer.headers.etag)).size).toBe(3)
  })

  it('says 304 to whoever has it already, and answers HEAD without a body', async () => {
    for (const url of ['/icon.svg', '/', '/studio']) {
      const first = await http.inject({ url })
      const again = await http.inject({
        url,
        headers: { 'if-none-match': `W/${first.headers.etag as string}` }
      })
      expect(again.statusCode, url).toBe(304)
      expect(again.payload).toBe('')
      const head = await http.inject({ method: 'HEAD', url })
      expect(head.statusCode).toBe(200)
      expect(head.payload).toBe('')
    }
  })

  it('asks its sources once a second, however many people come', async () => {
    now += 10_000
    asked = 0
    await Promise.all(Array.from({ length: 50 }, () => http.inject({ url: '/show/show-1' })))
    expect(asked).toBe(1)
    now += 1_000
    await http.inject({ url: '/show/show-1' })
    expect(asked).toBe(2)
  })

  it('gives nothing away that is not the web app’s', async () => {
    for (const url of ['/../secret.txt', '/..%2fsecret.txt', '/assets/../../secret.txt', '/index.html']) {
      const answer = await http.inject({ url })
      expect(answer.payload).not.toBe('secret')
      expect(answer.statusCode).toBe(404)
    }
  })

  it('takes the smallest encoding that is not refused', () => {
    expect(best('')).toBe('identity')
    expect(best('gzip;q=0, identity')).toBe('identity')
    expect(best('GZIP')).toBe('gzip')
  })

  it('escapes whatever could leave an attribute, an element or a script', () => {
    expect(escape(`<a b="c" d='e'>&`)).toBe('&#60;a b=&#34;c&#34; d=&#39;e&#39;&#62;&#38;')
    expect(JSON.parse(quiet(JSON.stringify(NASTY)))).toBe(NASTY)
    const face = { title: '$1$&', about: '', image: '', kind: 'website' } as const
    expect(page('<!--page--><!--/page-->', { face, address: '/', base: '' })).toContain(
      '<title>$1$&#38;</title>'
    )
  })
})
