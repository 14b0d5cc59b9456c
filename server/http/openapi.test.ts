import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../testing/engines.ts'
import { testVillage, type TestVillage } from '../testing/village.ts'
import { namedContracts } from './openapi.ts'

interface Operation {
  operationId?: string
  summary?: string
  security?: unknown[]
}
interface OpenApi {
  openapi: string
  paths: Record<string, Record<string, Operation>>
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

  it('lists every contract that is a route, under its own name', () => {
    const open = new Set(village.village.routes.map(({ method, url }) => `${method} ${url}`))
    const routed = namedContracts.filter(({ method, url }) => open.has(`${method} ${url}`))
    expect(routed.length).toBeGreaterThan(10)
    for (const { method, url, name, schema } of routed) {
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

  it('says where one must be signed in', () => {
    expect(described.paths['/api/me/addresses']?.get?.security).toEqual([{ session: [] }])
    expect(described.paths['/api/sign-in']?.post?.security).toBeUndefined()
  })
})
