import type { Definition, Schema } from '#hack/gen/definitions.ts'
import { LABEL_ORG } from '#src/api/names.ts'
import type { Manifest } from '#test/support/examples.ts'
import { changed, get, put, type Change } from './change.ts'
import { fieldsOf, said, type Field } from './fields.ts'
import type { Handwritten, Refusal } from './handwritten.ts'
import { reached } from './reached.ts'
import { seenIn, type Seen } from './samples.ts'
import { emptiesOf, violationsOf } from './violations.ts'

/** A manifest, and what the API server has to say to it. */
export interface Case {
  readonly name: string
  /** What is sent. */
  readonly object: Manifest
  /** Where it is an update: what is stored before, one after the other; the example, or something of another name. */
  readonly stored?: readonly Manifest[]
  /** Which part is written; the object itself unless told otherwise. */
  readonly subresource?: 'status'
  /** 'accepted', or the field that is named and what is said to it; a RegExp says both. */
  readonly expect: 'accepted' | { readonly path: string; readonly says: string } | RegExp
}

/** All cases of a kind, and the constraints that no case was found for, as `<path> <what>`. */
export interface Cases {
  readonly cases: readonly Case[]
  readonly uncovered: readonly string[]
}

/**
 * The table of a kind, from its definition, its example and what people know about its rules.
 * Pure: the same input gives the same table. `seen` has texts that are known to match patterns.
 */
export function casesOf(
  definition: Definition,
  example: Manifest,
  { refused = [], taken = [], empty = {}, along = {}, uncovered = {} }: Handwritten,
  seen: Seen,
): Cases {
  const { schema } = definition
  const complete = completed(definition, example)
  const cases: Case[] = [
    { name: 'the example', object: example, expect: 'accepted' },
    ...taken.map(change => taking(complete, change)),
    ...refused.map((refusal, index) => refusing(complete, refusal, index)),
    ...(definition.scope === 'org' ? [moving(complete)] : []),
  ]
  const missing: string[] = []
  for (const field of fieldsOf(contentOf(schema), complete)) {
    const place = said(field.at)
    const base = reached(schema, changed(complete, alongside(along, field.path)), field.at, seen)
    const valid = get(base, field.at)
    const inStatus = field.at[0] === 'status'
    const add = (what: string, value: unknown, expect: Case['expect']) =>
      cases.push({
        name: `${place} ${what}`,
        object: put(base, field.at, value) as Manifest,
        expect,
        ...(inStatus && { subresource: 'status' }),
      })
    if (base === undefined) {
      if (!uncovered[field.path]) missing.push(field.path)
      continue
    }
    if (field.required) requiredCases(definition, field, add)
    for (const { what, value, says, at = [] } of violationsOf(field.schema, valid, seen))
      if (value !== undefined) add(what, value, { path: said([...field.at, ...at]), says })
      else if (!uncovered[`${field.path} ${what}`]) missing.push(`${field.path} ${what}`)
    // Nobody but a controller has a status accepted.
    if (inStatus) continue
    for (const value of emptiesOf(field.schema))
      add(`is ${JSON.stringify(value)}`, value, empty[field.path] ?? 'accepted')
  }
  return { cases, uncovered: missing }
}

/** Present and not null; what has a default, or what the namespace says already, is filled in. */
function requiredCases(
  { scope, schema }: Definition,
  { path, at, schema: own }: Field,
  add: (what: string, value: unknown, expect: Case['expect']) => void,
): void {
  const says = 'Required value'
  if (own.default !== undefined || (scope === 'org' && path === 'spec.organizationRef'))
    return add('left out', undefined, 'accepted')
  if (scope === 'org' && path === 'spec') {
    const spec = schema.properties?.['spec']
    const next = spec?.required?.find(
      name => name !== 'organizationRef' && spec.properties?.[name]?.default === undefined,
    )
    if (next !== undefined) add('left out', undefined, { path: `spec.${next}`, says })
    return
  }
  add('left out', undefined, { path: said(at), says })
  add('null', null, { path: said(at), says: '' })
}

/** The parts of a manifest that are the kind's own. */
function contentOf(schema: Schema): Schema {
  const { spec, status } = schema.properties ?? {}
  return { ...schema, properties: { ...(spec && { spec }), ...(status && { status }) } }
}

/** With what the namespace says already, so that nothing has to be filled in. */
const completed = ({ scope }: Definition, example: Manifest): Manifest =>
  scope === 'platform'
    ? example
    : {
        ...example,
        metadata: {
          ...example.metadata,
          labels: { [LABEL_ORG]: 'acme', ...example.metadata.labels },
        },
        spec: { organizationRef: 'acme', ...example.spec },
      }

const alongside = (along: Readonly<Record<string, Change>>, path: string): Change =>
  Object.entries(along)
    .filter(
      ([prefix]) =>
        path === prefix || (/^[.[{]/.test(path.slice(prefix.length)) && path.startsWith(prefix)),
    )
    .reduce((all, [, change]) => ({ ...all, ...change }), {})

const changeName = (change: Change): string =>
  Object.entries(change)
    .map(([path, value]) => `${path} ${value === undefined ? 'left out' : JSON.stringify(value)}`)
    .join(', ')

const taking = (example: Manifest, change: Change): Case => ({
  name: changeName(change),
  object: changed(example, change),
  expect: 'accepted',
})

function refusing(example: Manifest, { change, from, says }: Refusal, index: number): Case {
  const subresource = Object.keys(change).every(path => path.startsWith('status'))
    ? { subresource: 'status' as const }
    : {}
  const changes = from === undefined ? [] : [from].flat()
  const names = changes.flatMap(before => changeName(before) || [])
  const name = [changeName(change), ...names.map(before => `after ${before}`)].join(', ')
  if (changes.length === 0)
    return { name, object: changed(example, change), expect: says, ...subresource }
  const stored: Manifest[] = []
  // Only the example itself is stored already.
  let last =
    names.length === 0
      ? example
      : (put(example, ['metadata', 'name'], `${example.metadata.name}-${index}`) as Manifest)
  for (const before of changes) stored.push((last = changed(last, before)))
  return { name, object: changed(last, change), stored, expect: says, ...subresource }
}

/** Whatever it is, it stays with its organisation. */
const moving = (example: Manifest): Case => ({
  name: 'moved to another organisation',
  object: put(example, ['spec', 'organizationRef'], 'globex') as Manifest,
  stored: [example],
  expect: /spec\.organizationRef: .*cannot move from organisation "acme" to "globex" \(R39\)/,
})

/** Texts of all examples by the pattern that they match. */
export function seenInExamples(
  definitions: readonly Definition[],
  examples: ReadonlyMap<string, Manifest>,
): Seen {
  const seen = new Map<string, string[]>()
  for (const { kind, schema } of definitions) seenIn(schema, examples.get(kind), seen)
  return seen
}
