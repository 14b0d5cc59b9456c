import { describe, expect, it } from 'vitest'
import { ROLES } from '../../shared/contract.ts'
import { FILE_KINDS } from '../../shared/contracts/files.ts'
import { concerns, containerOf, mayKeep, sortOf, takes } from './file.ts'
import { withoutPlaces } from './places.ts'

const TEACHERS = ['trainer', 'officer']

describe('whom a file concerns', () => {
  const file = { ownerId: 'wang', forId: 'li' }
  /** Written a second time on purpose: the owner, the one it is for, and everybody else by her role. */
  const readers: Record<(typeof FILE_KINDS)[number], { forHer: boolean; roles: string[] }> = {
    lesson: { forHer: true, roles: [...ROLES] },
    material: { forHer: true, roles: [...ROLES] },
    document: { forHer: false, roles: ['officer'] },
    homework: { forHer: true, roles: TEACHERS },
    voice: { forHer: true, roles: TEACHERS },
    evidence: { forHer: true, roles: TEACHERS },
    sheet: { forHer: false, roles: TEACHERS },
    bad_goods: { forHer: true, roles: ['operator', 'officer'] },
    review: { forHer: false, roles: ['officer'] }
  }

  it.each(FILE_KINDS)('a %s is seen by whom it concerns and by nobody else', (kind) => {
    const buyer = ['buyer'] as const
    expect(concerns({ id: 'wang', roles: buyer }, { ...file, kind })).toBe(true)
    expect(concerns({ id: 'li', roles: buyer }, { ...file, kind })).toBe(readers[kind].forHer)
    const others = ROLES.filter((role) => concerns({ id: 'zhao', roles: ['buyer', role] }, { ...file, kind }))
    expect(others).toEqual(readers[kind].roles)
  })

  it('that is for nobody in particular is not for a member without a name', () => {
    const nobody = { kind: 'evidence' as const, ownerId: 'wang', forId: '' }
    expect(concerns({ id: 'li', roles: ['buyer'] }, nobody)).toBe(false)
  })

  it.each(FILE_KINDS)('a %s is brought by whom it may be', (kind) => {
    const everybody = ['document', 'homework', 'evidence', 'bad_goods', 'review'].includes(kind)
    const bringers = ROLES.filter((role) => mayKeep(kind, { roles: ['buyer', role] }))
    expect(bringers).toEqual(everybody ? [...ROLES] : TEACHERS)
  })
})

describe('what a file is', () => {
  const of = (text: string) => containerOf(Buffer.from(text, 'latin1'))

  it('is said by how it begins', () => {
    expect(
      [
        '\xff\xd8\xff\xe0',
        '\x89PNG\r\n\x1a\n',
        'GIF89a',
        'RIFF\0\0\0\0WEBPVP8 ',
        '\0\0\0\x18ftypheic',
        '\0\0\0\x18ftypavif'
      ].map(of)
    ).toEqual(Array(6).fill('picture'))
    expect(of('%PDF-1.7')).toBe('pdf')
    expect(
      ['isom', 'iso5', 'mp42', 'M4A ', 'M4V ', '3gp5'].map((brand) => of(`\0\0\0\x18ftyp${brand}`))
    ).toEqual(Array(6).fill('mp4'))
    expect(of('\0\0\0\x14ftypqt  ')).toBe('mov')
    expect(of('\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webmB\x87')).toBe('webm')
    expect(['ID3\x04', '\xff\xfb\x90', '\xff\xf3\x84'].map(of)).toEqual(Array(3).fill('mp3'))
    expect(of('OggS\0\x02')).toBe('ogg')
    expect(of('RIFF\0\0\0\0WAVEfmt ')).toBe('wav')
  })

  it('is nothing that we take when it begins otherwise', () => {
    const others = [
      '',
      '<svg xmlns="x"/>',
      '<!doctype html>',
      'MZ\x90',
      'PK\x03\x04',
      '\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska',
      'RIFF\0\0\0\0AVI ',
      '\xff\xf1\x50',
      ' %PDF-1.7',
      '#!/bin/sh'
    ]
    expect(others.map(of)).toEqual(others.map(() => undefined))
  })

  it('a container is a clip with a picture, a sound without one, and nothing when it is empty', () => {
    const film = { video: true, audio: true, durationMs: 1 }
    const voice = { video: false, audio: true, durationMs: 1 }
    expect([sortOf('mp4', film), sortOf('mp4', voice)]).toEqual([
      { sort: 'clip', ending: 'mp4' },
      { sort: 'sound', ending: 'm4a' }
    ])
    expect([sortOf('webm', film), sortOf('webm', voice)]).toEqual([
      { sort: 'clip', ending: 'webm' },
      { sort: 'sound', ending: 'weba' }
    ])
    expect(sortOf('mov', voice)).toBeUndefined()
    for (const container of ['mp4', 'mov', 'webm', 'mp3', 'ogg', 'wav'] as const) {
      expect(sortOf(container, { video: false, audio: false, durationMs: 1 })).toBeUndefined()
      expect(sortOf(container, { ...film, durationMs: 0 })).toBeUndefined()
      // A table of four thousand million frames is a lie, and no number that a table of ours could keep.
      expect(sortOf(container, { ...film, durationMs: 429_496_728_000 })).toBeUndefined()
      expect(sortOf(container, { ...film, durationMs: Infinity })).toBeUndefined()
      expect(sortOf(container)).toBeUndefined()
    }
  })

  it('a PDF is a material or a document, and a voice is nothing but sound', () => {
    expect(FILE_KINDS.filter((kind) => takes(kind, 'pdf'))).toEqual(['material', 'document'])
    expect((['picture', 'sound', 'clip', 'pdf'] as const).filter((sort) => takes('voice', sort))).toEqual([
      'sound'
    ])
  })
})

describe('the place where a clip was taken', () => {
  const box = (name: string, ...inside: Buffer[]) => {
    const body = Buffer.concat(inside)
    const head = Buffer.alloc(8)
    head.writeUInt32BE(8 + body.length)
    head.write(name, 4, 'latin1')
    return Buffer.concat([head, body])
  }
  const place = Buffer.from('+36.2180+120.2650/')

  it('is forgotten wherever phones write it, and nothing else moves', () => {
    const picture = box('mdat', Buffer.from('udta is only what a picture looks like'))
    const clip = (name: string, words: Buffer) =>
      Buffer.concat([
        box('ftyp', Buffer.from('isom')),
        box(
          'moov',
          box('mvhd', Buffer.from('head')),
          box('trak', box('tkhd'), box(name, words)),
          box(name, words)
        ),
        picture,
        box(name, words)
      ])
    for (const name of ['udta', 'meta', 'uuid']) {
      const cleaned = withoutPlaces(clip(name, place))
      expect(cleaned.includes(place)).toBe(false)
      expect(cleaned).toEqual(clip('free', Buffer.alloc(place.length)))
    }
  })

  it('is looked for in a large box and up to the end, and never beyond it', () => {
    const large = Buffer.concat([Buffer.alloc(16), place])
    large.writeUInt32BE(1)
    large.write('udta', 4, 'latin1')
    large.writeBigUInt64BE(BigInt(large.length), 8)
    expect(withoutPlaces(large).includes(place)).toBe(false)

    const toTheEnd = box('udta', place)
    toTheEnd.writeUInt32BE(0)
    expect(withoutPlaces(toTheEnd).includes(place)).toBe(false)

    const lies = [7, 0xffffffff].map((size) => {
      const lie = box('udta', place)
      lie.writeUInt32BE(size)
      return lie
    })
    for (const lie of [...lies, Buffer.from('short'), Buffer.alloc(0)]) {
      expect(withoutPlaces(Buffer.from(lie))).toEqual(lie)
    }
  })
})
