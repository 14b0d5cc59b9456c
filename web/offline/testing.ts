import type { Entry, Pocket } from './pocket.ts'

/** A pocket without a phone: forgets everything with the test. */
export function memoryPocket(): Pocket {
  const kept = new Map<string, Map<string, unknown>>()
  const drawer = (name: string) => kept.get(name) ?? kept.set(name, new Map()).get(name)!
  return {
    get: async <T>(name: string, key: string) => drawer(name).get(key) as T | undefined,
    all: async <T>(name: string) => [...drawer(name)] as Entry<T>[],
    async change(name, key, by) {
      const next = by(structuredClone(drawer(name).get(key)) as never)
      if (next === undefined) drawer(name).delete(key)
      else drawer(name).set(key, structuredClone(next))
    }
  }
}

/** The cache of a browser, as far as pieces need it. */
export function memoryCaches() {
  const kept = new Map<string, Response>()
  const address = (request: string) => new URL(request, 'https://shop.example').href
  return {
    kept,
    open: async () => ({
      match: async (request: string) => kept.get(address(request))?.clone(),
      put: async (request: string, response: Response) => void kept.set(address(request), response),
      delete: async (request: string) => kept.delete(address(request)),
      keys: async () => [...kept.keys()].map((url) => ({ url }))
    })
  }
}
