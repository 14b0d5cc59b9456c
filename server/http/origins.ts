/**
 * Whose pages may change something here: those of PUBLIC_URL, and those that came from the very host that the
 * request goes to (a phone that opened the shop by its address in the village's own network).
 */
export function ownOrigins(publicUrl: string) {
  const own = new URL(publicUrl).origin
  return (origin: string, host: string) =>
    origin === own || (URL.canParse(origin) && host !== '' && new URL(origin).host === host)
}
