/** How far back we follow what caused what. */
const CAUSES = 5

/**
 * What the log may say: enough to find a bug, nothing of who somebody is or what she wrote. Addresses lose what follows
 * the `?` (a phone, the first officer's link), failed queries lose their values.
 */
export const discreetly = {
  req: ({ method, url, ip }: { method: string; url: string; ip: string }) => ({
    method,
    url: pathOf(url),
    remoteAddress: ip
  }),
  err: (error: unknown) => ({ ...told(error, CAUSES) })
}

/** Whoever knows the address of a calendar may read it, so the log does not. */
const SECRET = /^(\/api\/calendar\/).+/

export const pathOf = (url: string) => url.split('?', 1)[0]!.replace(SECRET, '$1…')

interface Told {
  type: string
  message: string
  stack: string
  code?: string
  cause?: Told
}

function told(error: unknown, causes: number): Told {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error), stack: '' }
  const { name, message, stack = '', cause, code, query } = error as Error & { code?: string; query?: string }
  return {
    type: name,
    // drizzle writes every value that went into a query into its message, and so into its stack.
    message: query === undefined ? message : `failed query: ${query}`,
    stack: stack
      .split('\n')
      .filter((line) => /^ +at /.test(line))
      .join('\n'),
    ...(code !== undefined && { code }),
    ...(cause !== undefined && causes > 0 && { cause: told(cause, causes - 1) })
  }
}
