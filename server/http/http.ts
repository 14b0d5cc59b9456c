import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Who } from '../../shared/contract.ts'
import type { Member } from '../members/member.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    who?: Who
    /**
     * The answer lies ready, head and all: it costs no more than saying “too fast”, so it is not counted, and its
     * maker puts the edge’s headers in.
     */
    ready?: boolean
  }
  interface FastifyInstance {
    /** What the edge says with every answer that is data. */
    safeHeaders: Record<string, string>
  }
  interface FastifyRequest {
    /** The member the session belongs to; undefined for a guest. */
    member: Member | undefined
    /** The same, where the route lets nobody else in. */
    me: Member
  }
}

/** Fastify with our contracts' types: what `routes.ts` of a domain is given. */
export type Http = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** One route as the role × route test sees it. */
export interface NamedRoute {
  method: string
  url: string
  who: Who
}
