import { globSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Kind, Reference } from '#src/api/kind.ts'
import { compile } from '#src/lib/schema/evaluator.ts'
import type { Definition } from '#src/lib/schema/definition.ts'
import { isFields, type Fields } from '#src/lib/schema/structural.ts'
import { jsonPath } from './encode/jsonpath.ts'
import type { Column, OpenApiSchema, Resource, Retention } from './resource.ts'

const API_VERSION = 'definitions.kradle.a5c.ai/v1alpha1'
const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string']
const COLUMN_FORMATS = [
  'byte',
  'date',
  'date-time',
  'double',
  'float',
  'int32',
  'int64',
  'password',
]
const SELECTABLE_TYPES = ['boolean', 'integer', 'string']
/** As many as a CustomResourceDefinition may have. */
const MAX_SELECTABLE_FIELDS = 8

/**
 * Reads the definitions of a folder and those in it, in the order of their files. A Kind of `known` is taken for the one
 * of the same group and kind, so that rules that compare Kinds find theirs. Throws with file and field where a definition
 * is not as it should be.
 */
export function readDefinitions(folder: string, known: readonly Kind[] = []): readonly Resource[] {
  const resources = globSync(`${folder}/**/*.yaml`)
    .toSorted()
    .map(file => ({ file, resource: resourceFrom(readFileSync(file, 'utf8'), file, known) }))
  const taken = new Map<string, string>()
  for (const { file, resource } of resources)
    for (const name of [resource.kind.kind, resource.kind.plural]) {
      const other = taken.get(name)
      if (other) throw new Error(`${file}: spec.names: ${name} is defined in ${other} too`)
      taken.set(name, file)
    }
  return resources.map(({ resource }) => resource)
}

/** One definition; `file` is for errors alone. */
export function resourceFrom(text: string, file: string, known: readonly Kind[] = []): Resource {
  const read = readerOf(file)
  const document = read.parsed(text, '')
  read.expect(document['apiVersion'] === API_VERSION, 'apiVersion', `is ${API_VERSION}`)
  const what = 'AggregatedResourceDefinition'
  read.expect(document['kind'] === what, 'kind', `is ${what}`)
  const metadata = read.fields(document, 'metadata')
  const spec = read.fields(document, 'spec')
  const names = read.fields(spec, 'names', 'spec.')
  const kind = kindFrom(read, metadata, spec, names, known)
  const version = onlyVersion(read, spec)
  const schema = read.fields(
    read.fields(version, 'schema', 'spec.versions[0].'),
    'openAPIV3Schema',
    'spec.versions[0].schema.',
  ) as OpenApiSchema
  return {
    kind,
    singular: read.text(names, 'singular', 'spec.names.', kind.kind.toLowerCase()),
    listKind: read.text(names, 'listKind', 'spec.names.', `${kind.kind}List`),
    shortNames: read.texts(names, 'shortNames', 'spec.names.'),
    categories: read.texts(names, 'categories', 'spec.names.'),
    columns: columnsFrom(read, version),
    selectableFields: selectableFieldsFrom(read, version, schema),
    schema,
    evaluator: read.attempt('spec.versions[0].schema', () =>
      compile(document as unknown as Definition),
    ),
    retention: retentionFrom(read, annotationsOf(metadata)),
    ...(version['storage'] === false && { virtual: true }),
  }
}

const annotationsOf = ({ annotations }: Fields): Fields =>
  isFields(annotations) ? annotations : {}

function kindFrom(
  read: Reader,
  metadata: Fields,
  spec: Fields,
  names: Fields,
  known: readonly Kind[],
): Kind {
  const annotations = annotationsOf(metadata)
  const group = read.text(spec, 'group', 'spec.')
  const kind = read.text(names, 'kind', 'spec.names.')
  const plural = read.text(names, 'plural', 'spec.names.')
  const name = `${plural}.${group}`
  read.expect(metadata['name'] === name, 'metadata.name', `is ${name}`)
  read.oneOf(spec['scope'], ['Cluster', 'Namespaced'], 'spec.scope')
  const scope = read.oneOf(annotations['kradle.a5c.ai/scope'], ['org', 'platform'], SCOPE)
  const made: Kind = {
    group,
    version: read.text(onlyVersion(read, spec), 'name', 'spec.versions[0].'),
    kind,
    plural,
    namespaced: spec['scope'] === 'Namespaced',
    scope: scope as 'org' | 'platform',
    references: referencesFrom(read, annotations),
  }
  read.text(annotations, 'kradle.a5c.ai/context', 'metadata.annotations.')
  const same = known.find(one => one.group === group && one.kind === kind)
  if (!same) return made
  for (const field of ['version', 'plural', 'namespaced'] as const)
    read.expect(same[field] === made[field], 'spec', `has the ${field} of the generated Kind`)
  return same
}

const SCOPE = 'metadata.annotations.kradle.a5c.ai/scope'

function onlyVersion(read: Reader, { versions }: Fields): Fields {
  const [version, ...more] = Array.isArray(versions) ? (versions as unknown[]) : []
  read.expect(isFields(version) && more.length === 0, 'spec.versions', 'holds one version')
  const { served, storage, subresources } = version as Fields
  const isServed = served === true && typeof storage === 'boolean'
  read.expect(isServed, 'spec.versions[0]', 'is served, and stored or not')
  const path = 'spec.versions[0].subresources'
  if (storage === false) read.expect(subresources === undefined, path, 'is not there for a review')
  else {
    const status = isFields(subresources) && Object.keys(subresources).join() === 'status'
    read.expect(status, path, 'holds status alone')
  }
  return version as Fields
}

function columnsFrom(read: Reader, version: Fields): readonly Column[] {
  const path = 'spec.versions[0].additionalPrinterColumns'
  return read.list(version['additionalPrinterColumns'], path).map((column, index) => {
    const at = `${path}[${index}].`
    read.text(column, 'name', at)
    read.oneOf(column['type'], COLUMN_TYPES, `${at}type`)
    if (column['format'] !== undefined) read.oneOf(column['format'], COLUMN_FORMATS, `${at}format`)
    const source = read.text(column, 'jsonPath', at)
    read.expect(source.startsWith('.'), `${at}jsonPath`, 'begins with "."')
    read.attempt(`${at}jsonPath`, () => jsonPath(source))
    return column as unknown as Column
  })
}

function selectableFieldsFrom(
  read: Reader,
  version: Fields,
  schema: OpenApiSchema,
): readonly string[] {
  const path = 'spec.versions[0].selectableFields'
  const paths = read.list(version['selectableFields'], path).map((field, index) => {
    const source = read.text(field, 'jsonPath', `${path}[${index}].`)
    const names = source.split('.').slice(1)
    const found = names.reduce<OpenApiSchema | undefined>(
      (at, name) => at?.properties?.[name],
      schema,
    )
    read.expect(
      source.startsWith('.') &&
        names[0] !== 'metadata' &&
        SELECTABLE_TYPES.includes(found?.type ?? ''),
      `${path}[${index}].jsonPath`,
      'leads to a string, a boolean or an integer outside metadata',
    )
    return source
  })
  read.expect(new Set(paths).size === paths.length, path, 'names no field twice')
  const most = MAX_SELECTABLE_FIELDS
  read.expect(paths.length <= most, path, `holds at most ${most} fields`)
  return paths
}

function referencesFrom(read: Reader, annotations: Fields): readonly Reference[] {
  const path = 'metadata.annotations.kradle.a5c.ai/references'
  if (annotations['kradle.a5c.ai/references'] === undefined) return []
  const written = read.text(annotations, 'kradle.a5c.ai/references', 'metadata.annotations.')
  const list: unknown = read.attempt(path, () => parse(written) as unknown)
  return read.list(list, path).map((reference, index) => {
    read.text(reference, 'path', `${path}[${index}].`)
    read.text(reference, 'kind', `${path}[${index}].`)
    read.oneOf(reference['onMissing'], ['condition', 'deny'], `${path}[${index}].onMissing`)
    return reference as unknown as Reference
  })
}

function retentionFrom(read: Reader, annotations: Fields): Retention {
  const written = annotations['kradle.a5c.ai/retention-seconds']
  if (written === undefined) return {}
  const path = 'metadata.annotations.kradle.a5c.ai/retention-seconds'
  const isWhole = typeof written === 'string' && /^[1-9]\d{0,9}$/.test(written)
  read.expect(isWhole, path, 'is a text of a whole number of seconds above zero')
  return { seconds: Number(written) }
}

type Reader = ReturnType<typeof readerOf>

/** Takes documents apart; what is not as expected is said with file and field. */
function readerOf(file: string) {
  const at = (path: string): string => (path ? `${file}: ${path}` : file)
  const expect = (holds: boolean, path: string, what: string): void => {
    if (!holds) throw new Error(`${at(path)}: expected that it ${what}`)
  }
  const oneOf = (value: unknown, values: readonly string[], path: string): string => {
    expect(values.includes(value as string), path, `is one of ${values.join(', ')}`)
    return value as string
  }
  const attempt = <T>(path: string, act: () => T): T => {
    try {
      return act()
    } catch (error) {
      throw new Error(`${at(path)}: ${(error as Error).message}`, { cause: error })
    }
  }
  const fields = (parent: Fields, name: string, path = ''): Fields => {
    expect(isFields(parent[name]), path + name, 'is an object')
    return parent[name] as Fields
  }
  const list = (value: unknown, path: string): readonly Fields[] => {
    if (value === undefined) return []
    expect(Array.isArray(value) && value.every(isFields), path, 'is a list of objects')
    return value as Fields[]
  }
  const text = (parent: Fields, name: string, path: string, otherwise?: string): string => {
    const value = parent[name] ?? otherwise
    expect(typeof value === 'string' && value !== '', path + name, 'is a text')
    return value as string
  }
  const texts = (parent: Fields, name: string, path: string): readonly string[] => {
    const value = parent[name] ?? []
    const right = Array.isArray(value) && value.every(one => typeof one === 'string')
    expect(right, path + name, 'is a list of texts')
    return value as string[]
  }
  const parsed = (source: string, path: string): Fields => {
    const document: unknown = attempt(path, () => parse(source) as unknown)
    expect(isFields(document), path, 'is an object')
    return document as Fields
  }
  return { expect, oneOf, attempt, fields, list, text, texts, parsed }
}
