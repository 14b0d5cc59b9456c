/** What a QR of the school says: an address, so that any phone's own camera opens the page, with the code in it. */
const PAGE = '/school/check-in'

export const addressOf = (code: string, origin: string) => `${origin}${PAGE}?code=${encodeURIComponent(code)}`

/** The code in what was scanned: from an address of ours, or the bare text. */
export function codeIn(scanned: string): string {
  const text = scanned.trim()
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return text
  return new URL(text).searchParams.get('code') ?? text
}
