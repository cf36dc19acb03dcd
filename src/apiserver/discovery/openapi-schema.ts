import { isFields, type Fields } from '#src/lib/schema/structural.ts'
import type { OpenApiSchema } from '../resource.ts'
import { metaDescription, metaType } from './meta-types.ts'
import type { Served } from './served.ts'

/** The two versions of OpenAPI that clients ask for. */
export type OpenApiVersion = 'v2' | 'v3'

/** `ai.a5c.kradle.activity.v1alpha1.Kind`. */
export const definitionName = ({ kind: { group, version, kind } }: Served, name = kind): string =>
  `${group.split('.').toReversed().join('.')}.${version}.${name}`

/** A reference to a definition; with a description v3 wants it wrapped. */
export function refTo(name: string, openApi: OpenApiVersion, description?: string): Fields {
  if (openApi === 'v2')
    return { $ref: `#/definitions/${name}`, ...(description && { description }) }
  const ref = { $ref: `#/components/schemas/${name}` }
  return description ? { description, allOf: [ref] } : ref
}

/** The definition of a kind as kube-apiserver publishes it for a CustomResourceDefinition. */
export function kindSchema(served: Served, openApi: OpenApiVersion): Fields {
  const { schema } = served
  // kubectl would refuse every field that is not listed.
  if (openApi === 'v2' && schema['x-kubernetes-preserve-unknown-fields'])
    return { type: 'object', ...extensions(served, served.kind.kind) }
  const { properties, ...rest } = published(schema, openApi)
  return {
    ...rest,
    properties: { ...(properties as Fields), ...typeMeta(), metadata: objectMeta(openApi) },
    ...extensions(served, served.kind.kind),
  }
}

/** The definition of its list. */
export function listSchema(served: Served, listKind: string, openApi: OpenApiVersion): Fields {
  const { kind } = served
  return {
    description: `${listKind} is a list of ${kind.kind}`,
    type: 'object',
    required: ['items'],
    properties: {
      ...typeMeta(),
      items: {
        description: `List of ${kind.plural}. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md`,
        type: 'array',
        items: refTo(definitionName(served), openApi),
      },
      metadata: refTo(metaType('ListMeta'), openApi, metaDescription('metadata', 'Status')),
    },
    ...extensions(served, listKind),
  }
}

const typeMeta = (): Fields => ({
  apiVersion: { description: metaDescription('apiVersion', 'Status'), type: 'string' },
  kind: { description: metaDescription('kind', 'Status'), type: 'string' },
})

const METADATA =
  "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"

const objectMeta = (openApi: OpenApiVersion): Fields =>
  refTo(metaType('ObjectMeta'), openApi, METADATA)

const extensions = (
  { kind: { group, version }, selectableFields }: Served,
  kind: string,
): Fields => ({
  'x-kubernetes-group-version-kind': [{ group, kind, version }],
  ...(selectableFields.length > 0 && {
    'x-kubernetes-selectable-fields': selectableFields.map(path => ({ fieldPath: path.slice(1) })),
  }),
})

/** What means nothing where it is false, and is left out then. */
const SWITCHES = new Set([
  'nullable',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'uniqueItems',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-int-or-string',
  'x-kubernetes-embedded-resource',
])

function published(schema: OpenApiSchema, openApi: OpenApiVersion): Fields {
  const node = openApi === 'v2' ? forV2(schema) : forV3(schema)
  const result = Object.fromEntries(
    Object.entries(node)
      .filter(([keyword, value]) => !isEmpty(keyword, value))
      .map(([keyword, value]) => [keyword, inside(keyword, value, openApi)]),
  )
  return node['x-kubernetes-embedded-resource'] &&
    !(openApi === 'v2' && node['x-kubernetes-preserve-unknown-fields'])
    ? embedded(result, openApi)
    : result
}

const isEmpty = (keyword: string, value: unknown): boolean =>
  value === undefined ||
  (SWITCHES.has(keyword) && value === false) ||
  (keyword !== 'default' && keyword !== 'example' && (value === '' || emptyList(keyword, value)))

const emptyList = (keyword: string, value: unknown): boolean =>
  keyword !== 'enum' && Array.isArray(value) && value.length === 0

function inside(keyword: string, value: unknown, openApi: OpenApiVersion): unknown {
  if (keyword === 'properties')
    return Object.fromEntries(
      Object.entries(value as Record<string, OpenApiSchema>).map(([name, field]) => [
        name,
        published(field, openApi),
      ]),
    )
  const isSchema = keyword === 'items' || keyword === 'additionalProperties'
  return isSchema && isFields(value) ? published(value, openApi) : value
}

const forV3 = (schema: OpenApiSchema): Fields =>
  schema['x-kubernetes-int-or-string']
    ? { ...schema, anyOf: [{ type: 'integer' }, { type: 'string' }] }
    : { ...schema }

/** Version 2 has no null and no default, and kubectl takes fields that are listed for all there are. */
function forV2({ nullable, ...schema }: OpenApiSchema): Fields {
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true
  const { items, properties, type, additionalProperties: more, ...rest } = schema
  const bare = nullable === true || open
  const isList = type === 'array'
  const keepsType = !nullable && !(open && type === 'object') && !(isList && (bare || !items))
  const required = (schema['required'] ?? []) as readonly string[]
  return {
    ...rest,
    default: undefined,
    ...(keepsType && { type }),
    ...(!bare && { items, properties }),
    additionalProperties: more,
    required:
      typeof more === 'object' && more['nullable']
        ? []
        : required.filter(name => bare || !properties?.[name]?.['nullable']),
  }
}

/** A whole object of another kind, of which it is known what every object has. */
function embedded(schema: Fields, openApi: OpenApiVersion): Fields {
  const required = (schema['required'] ?? []) as readonly string[]
  const more = ['kind', 'apiVersion'].filter(name => !required.includes(name))
  return {
    ...schema,
    required: [...required, ...more],
    properties: {
      ...(schema['properties'] as Fields | undefined),
      apiVersion: { description: EMBEDDED_API_VERSION, type: 'string' },
      kind: { description: EMBEDDED_KIND, type: 'string' },
      metadata: objectMeta(openApi),
    },
  }
}

const EMBEDDED_API_VERSION =
  'apiVersion defines the versioned schema of this representation of an object. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources'
const EMBEDDED_KIND =
  'kind is a string value representing the type of this object. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds'
