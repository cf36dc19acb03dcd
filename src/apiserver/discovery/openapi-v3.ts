import type { Fields } from '#src/lib/schema/structural.ts'
import { metaTypes } from './meta-types.ts'
import { definitionName, kindSchema, listSchema, refTo } from './openapi-schema.ts'
import { MEDIA_TYPES, pathsOf, tagOf, type Operation } from './operations.ts'
import type { Served } from './served.ts'

/** The resources of one group and version as an OpenAPI v3 document. */
export const openApiV3 = (all: readonly Served[]): Fields => ({
  openapi: '3.0.0',
  info: { title: 'Kradle', version: 'v0.1.0' },
  paths: Object.fromEntries(
    all.flatMap(served =>
      pathsOf(served).map(({ path, parameters, operations }) => [
        path,
        {
          ...Object.fromEntries(operations.map(one => [one.method, operation(served, one)])),
          parameters: parameters.map(name => parameter(served, name)),
        },
      ]),
    ),
  ),
  components: { schemas: { ...Object.fromEntries(all.flatMap(schemas)), ...metaTypes.schemas } },
})

const schemas = (served: Served): readonly (readonly [string, Fields])[] => [
  [definitionName(served), kindSchema(served, 'v3')],
  ...(served.listKind === undefined
    ? []
    : ([
        [definitionName(served, served.listKind), listSchema(served, served.listKind, 'v3')],
      ] as const)),
]

function parameter({ kind: { kind } }: Served, name: string): Fields {
  if (name === 'name')
    return {
      name,
      in: 'path',
      description: `name of the ${kind}`,
      required: true,
      schema: { type: 'string', uniqueItems: true },
    }
  const { type, uniqueItems, ...rest } = metaTypes.parameters[name]!
  return { ...rest, schema: { type, uniqueItems } }
}

function operation(served: Served, one: Operation): Fields {
  const { group, version, kind } = served.kind
  return {
    tags: [tagOf(served)],
    description: one.description,
    operationId: one.id,
    ...(one.parameters.length > 0 && {
      parameters: one.parameters.map(name => parameter(served, name)),
    }),
    ...(one.body && {
      requestBody: {
        content: content(one.body.definition, one.consumes),
        ...(one.body.required && { required: true }),
      },
    }),
    responses: {
      ...Object.fromEntries(
        one.responses.map(([code, description, definition]) => [
          code,
          { description, content: content(definition, MEDIA_TYPES) },
        ]),
      ),
      401: { description: 'Unauthorized' },
    },
    'x-kubernetes-action': one.action,
    'x-kubernetes-group-version-kind': { group, version, kind },
  }
}

const content = (definition: string, types: readonly string[]): Fields =>
  Object.fromEntries(types.map(type => [type, { schema: refTo(definition, 'v3') }]))
