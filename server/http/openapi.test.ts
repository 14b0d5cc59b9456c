import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../testing/engines.ts'
import { testVillage, type TestVillage } from '../testing/village.ts'
import { namedContracts } from './openapi.ts'

interface Operation {
  operationId?: string
  summary?: string
  security?: unknown[]
  responses: Record<string, unknown>
}
interface OpenApi {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: {
    responses: {
      Refused: {
        content: Record<string, { schema: { required: string[]; properties: { code: { enum: string[] } } } }>
      }
    }
  }
}

describe('the description of the API', () => {
  let village: TestVillage
  let described: OpenApi
  let operations: Operation[]
  beforeAll(async () => {
    village = await testVillage({ engine: engines[0]! })
    const answer = await village.village.http.inject({ url: '/api/openapi.json' })
    described = answer.json()
    operations = Object.values(described.paths).flatMap((path) => Object.values(path))
  })
  afterAll(() => village.close())

  it('lists every contract under its own name: what is promised is also served', () => {
    expect(namedContracts.length).toBeGreaterThan(40)
    for (const { method, url, name, schema } of namedContracts) {
      const path = url.replace(/:(\w+)/g, '{$1}')
      const operation = described.paths[path]?.[method.toLowerCase()]
      expect(operation, `${method} ${url}`).toMatchObject({ operationId: name, summary: schema.summary })
    }
  })

  it('has a different name and a sentence for each', () => {
    const names = operations.map(({ operationId }) => operationId)
    expect(new Set(names).size).toBe(names.length)
    for (const { operationId, summary } of operations) expect(summary, operationId).toMatch(/\w/)
  })

  it('says what every refusal looks like', () => {
    for (const { operationId, responses } of operations)
      expect(responses.default, operationId).toEqual({ $ref: '#/components/responses/Refused' })
    const { Refused } = described.components.responses
    const [example] = Object.values(Refused.content)
    expect(example?.schema.required).toEqual(['code', 'message'])
    expect(example?.schema.properties.code.enum).toContain('coupon_gone')
  })

  it('says where one must be signed in', () => {
    expect(described.paths['/api/me/addresses']?.get?.security).toEqual([{ session: [] }])
    expect(described.paths['/api/sign-in']?.post?.security).toBeUndefined()
  })
})
