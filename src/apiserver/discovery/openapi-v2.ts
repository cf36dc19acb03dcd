import type { Fields } from '#src/lib/schema/structural.ts'
import { metaTypes } from './meta-types.ts'
import { kindSchema, listSchema, definitionName, refTo } from './openapi-schema.ts'
import { MEDIA_TYPES, pathsOf, tagOf, type Operation } from './operations.ts'
import type { Served } from './served.ts'

/** Everything as one OpenAPI v2 document, which kube-apiserver merges with its own. */
export const openApiV2 = (all: readonly Served[]): Fields => ({
  swagger: '2.0',
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
  definitions: { ...Object.fromEntries(all.flatMap(definitions)), ...metaTypes.definitions },
  parameters: Object.fromEntries(
    Object.entries(metaTypes.parameters).filter(([name]) => isShared(name)),
  ),
})

const definitions = (served: Served): readonly (readonly [string, Fields])[] => [
  [definitionName(served), kindSchema(served, 'v2')],
  ...(served.listKind === undefined
    ? []
    : ([
        [definitionName(served, served.listKind), listSchema(served, served.listKind, 'v2')],
      ] as const)),
]

/** Old kubectls look for `dryRun` and `fieldValidation` where they apply. */
const isShared = (name: string): boolean => name.includes('-')

function parameter({ kind: { kind } }: Served, name: string): Fields {
  if (name === 'name')
    return {
      name,
      in: 'path',
      required: true,
      description: `name of the ${kind}`,
      type: 'string',
      uniqueItems: true,
    }
  return isShared(name) ? { $ref: `#/parameters/${name}` } : { ...metaTypes.parameters[name] }
}

function operation(served: Served, one: Operation): Fields {
  const { group, version, kind } = served.kind
  const body = one.body && bodyParameter(served, one.body)
  const parameters = [
    ...(body ? [body] : []),
    ...one.parameters.map(name => parameter(served, name)),
  ]
  return {
    description: one.description,
    consumes: one.consumes,
    produces: MEDIA_TYPES,
    schemes: ['https'],
    tags: [tagOf(served)],
    operationId: one.id,
    ...(parameters.length > 0 && { parameters }),
    responses: {
      ...Object.fromEntries(
        one.responses.map(([code, description, definition]) => [
          code,
          { description, schema: refTo(definition, 'v2') },
        ]),
      ),
      401: { description: 'Unauthorized' },
    },
    'x-kubernetes-action': one.action,
    'x-kubernetes-group-version-kind': { group, kind, version },
  }
}

function bodyParameter(
  served: Served,
  { definition, required }: NonNullable<Operation['body']>,
): Fields {
  if (definition !== definitionName(served))
    return { $ref: `#/parameters/${required ? 'body-78PwaGsr' : 'body-2Y1dVQaQ'}` }
  return { name: 'body', in: 'body', required, schema: refTo(definition, 'v2') }
}
