const LETTERS = 24

/** A word that nobody else has: ids of messages, keys of orders. Works without HTTPS too, unlike `randomUUID`. */
export const newToken = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(LETTERS)), (byte) => (byte % 36).toString(36)).join('')
