import { readdirSync } from 'node:fs'
import path from 'node:path'
import swagger from '@fastify/swagger'
import type { RouteOptions } from 'fastify'
import type { Contract } from '../../shared/contract.ts'
import { problems } from '../../shared/problems.ts'
import type { Http } from './http.ts'

/** A contract with the name it has in shared/contracts, which is also its operation id, and its domain. */
export interface NamedContract extends Contract {
  name: string
  domain: string
}

const isContract = (value: unknown): value is Contract =>
  typeof value === 'object' && value !== null && 'method' in value && 'url' in value && 'config' in value

const CONTRACTS = path.join(import.meta.dirname, '../../shared/contracts')

/** Every contract of the village, by what it is called in the code. */
export const namedContracts: NamedContract[] = await Promise.all(
  readdirSync(CONTRACTS).map(async (file) => {
    const held = (await import(path.join(CONTRACTS, file))) as Record<string, unknown>
    const domain = path.basename(file, '.ts')
    return Object.entries(held).flatMap(([name, value]) =>
      isContract(value) ? [{ ...value, name, domain }] : []
    )
  })
).then((domains) => domains.flat())

/** How every refusal is answered; the codes and their sentences are those of shared/problems.ts. */
const REFUSED = {
  description: 'Refused, in a sentence for people and a code for programs.',
  content: {
    'application/json': {
      schema: {
        type: 'object' as const,
        required: ['code', 'message'],
        properties: {
          code: { type: 'string' as const, enum: Object.keys(problems) },
          message: { type: 'string' as const },
          details: { type: 'object' as const }
        }
      }
    }
  }
}

const routeKey = (method: string, url: string) => `${method} ${url}`

/** Collects the contracts as they become routes and answers them at /api/openapi.json. */
export async function describeRoutes(http: Http) {
  const named = new Map(namedContracts.map((contract) => [routeKey(contract.method, contract.url), contract]))
  await http.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: '渔家直播',
        version: '1',
        description:
          'The livestream shop of a fishing-village women’s union. Times are milliseconds since 1970, money is fen.'
      },
      components: {
        responses: { Refused: REFUSED },
        securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'yujia.session_token' } }
      }
    },
    transformObject: (document) => {
      if (!('openapiObject' in document)) throw new Error('the API is described as OpenAPI 3')
      const { openapiObject } = document
      for (const path of Object.values(openapiObject.paths ?? {}))
        for (const operation of Object.values(path ?? {}))
          if (typeof operation === 'object' && 'responses' in operation)
            Object.assign(operation.responses!, { default: { $ref: '#/components/responses/Refused' } })
      return openapiObject
    },
    transform: ({ schema, url, route }) => {
      const method = String(route.method)
      const { name = wordsOf(method, url), domain = 'village' } = named.get(routeKey(method, url)) ?? {}
      const who = (route as RouteOptions).config?.who
      return {
        url,
        schema: {
          ...schema,
          hide: !schema?.summary || url.includes('*'), // pages and files are not the API
          operationId: name,
          tags: [domain],
          ...(who !== 'anyone' && { security: [{ session: [] }] })
        }
      }
    }
  })
  http.route({
    method: 'GET',
    url: '/api/openapi.json',
    config: { who: 'anyone' },
    handler: async () => http.swagger()
  })
}

/** A name for a route that stands outside shared/contracts: `getApiHealth`. */
const wordsOf = (method: string, url: string) =>
  method.toLowerCase() +
  url
    .split(/\W+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
