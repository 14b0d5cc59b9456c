import type { Answer, Body, Contract, Params, QueryOf } from '../shared/contract.ts'
import { refusalOf } from '../shared/refusal.ts'
import { hearServerTime } from './clock.svelte.ts'

const TIMEOUT_MS = 15_000

type Input<C extends Contract> = ([Params<C>] extends [never] ? object : { params: Params<C> }) &
  ([Body<C>] extends [never] ? object : { body: Body<C> }) &
  ([QueryOf<C>] extends [never] ? object : { query?: QueryOf<C> })

interface Loose {
  params?: Record<string, string>
  query?: Record<string, string | number | undefined>
  body?: unknown
}

/** The network failed or the server did not answer: nothing is known about what happened there. */
export class Unreachable extends Error {}

/** Calls a contract of the server. Throws a Refusal with the server's code and words, or Unreachable. */
export async function call<const C extends Contract>(
  contract: C,
  ...[input, signal]: object extends Input<C>
    ? [input?: Input<C>, signal?: AbortSignal]
    : [input: Input<C>, signal?: AbortSignal]
): Promise<Answer<C>> {
  const { params = {}, query = {}, body } = (input ?? {}) as Loose
  const path = contract.url.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const asked = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)]]
  )
  const search = asked.length ? `?${new URLSearchParams(asked)}` : ''
  const form = body instanceof FormData
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  let response: Response
  try {
    response = await fetch(path + search, {
      method: contract.method,
      headers: body !== undefined && !form ? { 'content-type': 'application/json' } : {},
      body: body === undefined ? null : form ? body : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new Unreachable(String(error))
  }
  hearServerTime(response.headers.get('date'))
  const answer: unknown = await response.json().catch(() => undefined)
  if (response.ok) return answer as Answer<C>
  throw refusalOf(answer, response.status) ?? new Unreachable(String(response.status))
}
