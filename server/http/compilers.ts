import validators from '@fastify/ajv-compiler'
import serializers from '@fastify/fast-json-stringify-compiler'
import type { FastifyRouteSchemaDef, FastifyValidationResult } from 'fastify/types/schema.js'

type Route = FastifyRouteSchemaDef<object>
type Write = (data: unknown) => string

const compileCheck = validators()({}, { customOptions: {} }) as unknown as (
  route: Route
) => FastifyValidationResult
const compileWrite = serializers()({}) as unknown as (route: Route) => Write
const checks = new WeakMap<object, FastifyValidationResult>()
const writes = new WeakMap<object, Write>()

/**
 * Fastify’s own compilers, asked when a route is first called, and once in a process: some hundreds of contracts take
 * half a second, and a server that comes back is waited for. A test compiles them all.
 */
export const compilersFactory = {
  buildValidator: () => checkOf,
  buildSerializer: () => writeOf
}

function checkOf(route: Route): FastifyValidationResult {
  const check: FastifyValidationResult = (data) => {
    const compiled = once(checks, route, compileCheck)
    const answer = compiled(data)
    check.errors = compiled.errors ?? null
    return answer
  }
  return check
}

function writeOf(route: Route): Write {
  return (data) => once(writes, route, compileWrite)(data)
}

function once<Compiled>(known: WeakMap<object, Compiled>, route: Route, compile: (route: Route) => Compiled) {
  let found = known.get(route.schema)
  if (!found) known.set(route.schema, (found = compile(route)))
  return found
}

/** What a route would do when it is first called. Throws for a schema that is none. */
export function checkNow(route: Omit<Route, 'schema'>, schema: Record<string, unknown>) {
  for (const part of ['body', 'params', 'querystring', 'headers'])
    if (schema[part]) once(checks, { ...route, schema: schema[part] }, compileCheck)
  for (const answer of Object.values((schema.response ?? {}) as Record<string, object>))
    once(writes, { ...route, schema: answer }, compileWrite)
}
