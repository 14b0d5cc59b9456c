import swagger from '@fastify/swagger'
import type { RouteOptions } from 'fastify'
import * as baskets from '../../shared/contracts/baskets.ts'
import * as cases from '../../shared/contracts/cases.ts'
import * as catalogue from '../../shared/contracts/catalogue.ts'
import * as classes from '../../shared/contracts/classes.ts'
import * as coupons from '../../shared/contracts/coupons.ts'
import * as debriefs from '../../shared/contracts/debriefs.ts'
import * as files from '../../shared/contracts/files.ts'
import * as ledger from '../../shared/contracts/ledger.ts'
import * as licences from '../../shared/contracts/licences.ts'
import * as live from '../../shared/contracts/live.ts'
import * as members from '../../shared/contracts/members.ts'
import * as notices from '../../shared/contracts/notices.ts'
import * as orders from '../../shared/contracts/orders.ts'
import * as outcomes from '../../shared/contracts/outcomes.ts'
import * as packing from '../../shared/contracts/packing.ts'
import * as payments from '../../shared/contracts/payments.ts'
import * as practice from '../../shared/contracts/practice.ts'
import * as reconcile from '../../shared/contracts/reconcile.ts'
import * as register from '../../shared/contracts/register.ts'
import * as school from '../../shared/contracts/school.ts'
import type { Contract } from '../../shared/contract.ts'
import { problems } from '../../shared/problems.ts'
import type { Http } from './http.ts'

const DOMAINS = {
  members,
  catalogue,
  live,
  coupons,
  baskets,
  orders,
  packing,
  payments,
  ledger,
  reconcile,
  school,
  classes,
  practice,
  licences,
  register,
  cases,
  outcomes,
  debriefs,
  files,
  notices
}

/** A contract with the name it has in shared/contracts, which is also its operation id, and its domain. */
export interface NamedContract extends Contract {
  name: string
  domain: string
}

const isContract = (value: unknown): value is Contract =>
  typeof value === 'object' && value !== null && 'method' in value && 'url' in value && 'config' in value

/** Every contract of the village, by what it is called in the code. */
export const namedContracts: NamedContract[] = Object.entries(DOMAINS).flatMap(([domain, file]) =>
  Object.entries(file).flatMap(([name, value]: [string, unknown]) =>
    isContract(value) ? [{ ...value, name, domain }] : []
  )
)

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
