import { globSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Reference, Scope } from '#src/api/kind.ts'
import { ACTIVITY_GROUP, GROUP } from '#src/api/names.ts'

/** The part of a structural schema that the generators look at. */
export interface Schema {
  type?: string
  description?: string
  properties?: Record<string, Schema>
  additionalProperties?: Schema | boolean
  items?: Schema
  required?: string[]
  enum?: unknown[]
  default?: unknown
  format?: string
  pattern?: string
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  minProperties?: number
  maxProperties?: number
  nullable?: boolean
  'x-kubernetes-preserve-unknown-fields'?: boolean
  'x-kubernetes-int-or-string'?: boolean
  'x-kubernetes-embedded-resource'?: boolean
  'x-kubernetes-list-type'?: string
  'x-kubernetes-list-map-keys'?: string[]
  'x-kubernetes-validations'?: { rule: string; message?: string; messageExpression?: string }[]
}

/** One definition of `crds/`, read. */
export interface Definition {
  readonly file: string
  readonly context: string
  /** Where its objects are kept: as custom resources, or by kradle-apiserver (R14); reviews are not kept at all. */
  readonly stored: 'etcd' | 'postgres' | 'nowhere'
  readonly scope: Scope
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly shortNames: readonly string[]
  readonly references: readonly Reference[]
  /** How long objects that are over are kept; undefined is for ever. */
  readonly retentionSeconds?: number
  readonly schema: Schema
}

/**
 * Reads every definition of what is kept, custom resources and activity, in the order of their files. Throws with the
 * file's name where one is not as it should be.
 */
export function readDefinitions(folder = 'crds'): readonly Definition[] {
  const all = globSync(`${folder}/**/*.yaml`)
    .filter(file => !file.startsWith(`${folder}/reviews/`))
    .toSorted()
    .map(readDefinition)
  const kinds = new Map(all.map(definition => [definition.kind, definition]))
  const shortened = new Map(all.flatMap(each => each.shortNames.map(name => [name, each] as const)))
  for (const definition of all) {
    for (const name of definition.shortNames)
      expect(definition.file, shortened.get(name) === definition, `no other has short name ${name}`)
    // References and rules go by the name of a kind alone.
    expect(definition.file, kinds.get(definition.kind) === definition, 'no other has its kind')
    checkReferences(definition, kinds)
  }
  return all
}

/** Reads the definitions of what is only ever asked. Throws as `readDefinitions` does. */
export const readReviews = (folder = 'crds'): readonly Definition[] =>
  globSync(`${folder}/reviews/*.yaml`).toSorted().map(readDefinition)

/** Those whose objects are kept in one place. */
export const storedIn = (
  place: Definition['stored'],
  definitions: readonly Definition[],
): readonly Definition[] => definitions.filter(({ stored }) => stored === place)

/** Every CEL rule of a schema with the path it stands at; '' is the object itself. */
export function validationsOf(
  schema: Schema,
  path = '',
): { path: string; rule: string; says: string }[] {
  return [
    ...(schema['x-kubernetes-validations'] ?? []).map(
      ({ rule, message = '', messageExpression = message }) => ({
        path,
        rule,
        says: messageExpression,
      }),
    ),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
      validationsOf(field, path ? `${path}.${name}` : name),
    ),
    ...(schema.items ? validationsOf(schema.items, `${path}[]`) : []),
  ]
}

/** The fields that every kind has in its status: those of `Status` in src/api/object.ts. */
const STATUS_FIELDS = ['phase', 'storage', 'observedGeneration', 'conditions']

/** The fields of a status that are this kind's own. */
export const extraStatusOf = (schema: Schema): Record<string, Schema> =>
  Object.fromEntries(
    Object.entries(schema.properties?.['status']?.properties ?? {}).filter(
      ([name]) => !STATUS_FIELDS.includes(name),
    ),
  )

const aggregated = {
  apiVersion: 'definitions.kradle.a5c.ai/v1alpha1',
  kind: 'AggregatedResourceDefinition',
  group: ACTIVITY_GROUP,
} as const

/** What a definition of each place is: kubectl would install one that is a CustomResourceDefinition. */
const forms = {
  etcd: {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    group: GROUP,
  },
  postgres: aggregated,
  nowhere: aggregated,
} as const

const RETENTION = 'kradle.a5c.ai/retention-seconds'

function readDefinition(file: string): Definition {
  const crd = parse(readFileSync(file, 'utf8'))
  const annotations = crd.metadata.annotations ?? {}
  const names = crd.spec.names
  const [version] = crd.spec.versions
  const context = annotations['kradle.a5c.ai/context']
  const scope = annotations['kradle.a5c.ai/scope']
  const stored = placeOf(file, names.plural)
  const { apiVersion, kind, group } = forms[stored]
  expect(
    file,
    stored !== 'etcd' || file.endsWith(`/${context}/${names.plural}.yaml`),
    `it belongs in crds/activity, crds/reviews or crds/${context}, in ${names.plural}.yaml`,
  )
  expect(
    file,
    crd.apiVersion === apiVersion && crd.kind === kind,
    `it is a ${kind} of ${apiVersion}`,
  )
  expect(file, crd.spec.group === group, `the group is ${group}`)
  const retention = annotations[RETENTION]
  expect(
    file,
    retention === undefined || (stored === 'postgres' && /^[1-9]\d*$/.test(retention)),
    `annotation ${RETENTION} is a number of seconds, of activity alone`,
  )
  expect(file, stored === 'etcd' || scope === 'org', 'activity belongs to an organisation')
  expect(
    file,
    scope === 'org' || scope === 'platform',
    'annotation kradle.a5c.ai/scope is org or platform',
  )
  expect(
    file,
    crd.metadata.name === `${names.plural}.${crd.spec.group}`,
    'metadata.name is <plural>.<group>',
  )
  // `kubectl get kradle` lists all that has the category: what nobody can list would make it fail.
  const categories = stored === 'nowhere' ? undefined : `kradle,${context}`
  expect(
    file,
    names.categories?.join() === categories,
    categories ? `categories are [kradle, ${context}]` : 'no categories',
  )
  expect(file, crd.spec.versions.length === 1, 'one version')
  if (stored === 'nowhere')
    expect(
      file,
      version.storage === false && !version.subresources,
      'a review is not stored, and has no subresources',
    )
  else expect(file, version.subresources?.status, 'the status subresource is there')
  return {
    file,
    context,
    stored,
    scope,
    group: crd.spec.group,
    version: version.name,
    kind: names.kind,
    plural: names.plural,
    shortNames: names.shortNames ?? [],
    references: parse(annotations['kradle.a5c.ai/references'] ?? '[]'),
    ...(retention !== undefined && { retentionSeconds: Number(retention) }),
    schema: version.schema.openAPIV3Schema,
  }
}

function placeOf(file: string, plural: string): Definition['stored'] {
  if (file.endsWith(`/activity/${plural}.yaml`)) return 'postgres'
  return file.endsWith(`/reviews/${plural}.yaml`) ? 'nowhere' : 'etcd'
}

/** A reference that names no field or no kind would never be checked, and nobody would notice. */
function checkReferences(
  { file, stored, references, schema }: Definition,
  kinds: ReadonlyMap<string, Definition>,
) {
  for (const { path, kind, onMissing } of references) {
    expect(file, kinds.has(kind), `reference ${path}: "${kind}" is a kind`)
    expect(
      file,
      stored === 'postgres' || kinds.get(kind)?.stored === 'etcd',
      `reference ${path}: configuration names no activity, of which there is too much to watch`,
    )
    expect(
      file,
      ['condition', 'deny'].includes(onMissing),
      `reference ${path}: onMissing is condition or deny`,
    )
    let at: Schema | undefined = schema
    for (const step of path.split('.')) {
      at = at?.properties?.[step.replace('[]', '')]
      if (step.endsWith('[]')) at = at?.items
    }
    expect(
      file,
      at?.type === 'string' || at?.type === 'object',
      `reference ${path} is a field of the schema`,
    )
  }
}

function expect(file: string, holds: unknown, what: string): void {
  if (!holds) throw new Error(`${file}: expected that ${what}`)
}
