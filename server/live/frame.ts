const TEXT = 0x81
const EXTENDED_16 = 126
const EXTENDED_64 = 127

/**
 * One unmasked WebSocket text frame (RFC 6455 §5.2), header and payload in one buffer, so that the same bytes go
 * to every socket of a room. Sound beside `ws` only while permessage-deflate is off: then `ws` too writes whole
 * frames at once, and none of ours can land inside one of its.
 */
export function textFrame(text: string): Buffer {
  const bytes = Buffer.byteLength(text)
  const header = bytes < EXTENDED_16 ? 2 : bytes < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(header + bytes)
  frame[0] = TEXT
  if (header === 2) frame[1] = bytes
  else if (header === 4) {
    frame[1] = EXTENDED_16
    frame.writeUInt16BE(bytes, 2)
  } else {
    frame[1] = EXTENDED_64
    frame.writeBigUInt64BE(BigInt(bytes), 2)
  }
  frame.write(text, header)
  return frame
}

/** An empty ping. The browser answers it by itself. */
export const PING = Buffer.from([0x89, 0])
