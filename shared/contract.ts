import type { Static, TSchema } from 'typebox'

export const ROLES = ['buyer', 'host', 'operator', 'trainer', 'officer'] as const
export type Role = (typeof ROLES)[number]

/** Who may call a route: anyone, anyone signed in, or members with one of these roles. */
export type Who = 'anyone' | 'member' | readonly Role[]

/**
 * A contract is a Fastify route without its handler: the server spreads it, the web calls it, OpenAPI prints it.
 * `response[200]` is the answer; a field that it does not promise never leaves the server.
 */
export interface Contract {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: string
  schema: {
    summary: string
    params?: TSchema
    querystring?: TSchema
    body?: TSchema
    response: { 200: TSchema }
  }
  config: { who: Who }
}

export const contract = <const C extends Contract>(contract: C) => contract

type Part<S> = S extends TSchema ? Static<S> : never

export type Answer<C extends Contract> = Part<C['schema']['response'][200]>
export type Params<C extends Contract> = Part<C['schema']['params']>
export type QueryOf<C extends Contract> = Part<C['schema']['querystring']>
export type Body<C extends Contract> = Part<C['schema']['body']>
