import { expect, it } from 'vitest'
import * as ws from 'ws'
import { PING, textFrame } from './frame.ts'

// Exported by ws, unknown to its types.
const { Receiver } = ws as unknown as {
  Receiver: new (options: { isServer: boolean }) => NodeJS.WritableStream & NodeJS.EventEmitter
}

/** What a browser would make of these bytes. */
function read(bytes: Buffer) {
  return new Promise<string>((resolve, reject) => {
    const receiver = new Receiver({ isServer: false })
    receiver.on('message', (data: Buffer) => resolve(data.toString()))
    receiver.on('ping', () => resolve('ping'))
    receiver.on('error', reject)
    receiver.write(bytes)
  })
}

it.each([0, 1, 125, 126, 127, 65_535, 65_536, 200_000])(
  'frames %d bytes as a browser reads them',
  async (size) => {
    const text = 'a'.repeat(size)
    expect(await read(textFrame(text))).toBe(text)
  }
)

it('counts bytes, not characters', async () => {
  expect(await read(textFrame('蛤蜊🦪'.repeat(30)))).toBe('蛤蜊🦪'.repeat(30))
})

it('pings', async () => {
  expect(await read(PING)).toBe('ping')
})
