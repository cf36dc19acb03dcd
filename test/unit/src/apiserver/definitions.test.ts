import { readFileSync } from 'node:fs'
import t from 'tap'
import { parse, stringify } from 'yaml'
import type { Kind } from '#src/api/kind.ts'
import { readDefinitions, resourceFrom } from '#src/apiserver/definitions.ts'

const folder = 'test/fixtures/activity'
const source = readFileSync(`${folder}/plains.yaml`, 'utf8')

/** The definition of Plains with one field changed; undefined takes it away. */
function changed(path: string, value: unknown): string {
  const document = parse(source)
  const steps = path.split('/')
  const last = steps.pop()!
  const parent = steps.reduce((at, step) => at[step], document)
  if (value === undefined) delete parent[last]
  else parent[last] = value
  return stringify(document)
}

const VERSION = 'spec/versions/0'
const column = { name: 'Note', type: 'string', jsonPath: '.spec.note' }

t.test('reads a folder in the order of its files', async t => {
  const resources = readDefinitions(folder)
  t.strictSame(
    resources.map(({ kind }) => kind.plural),
    ['opens', 'plains', 'specimens'],
  )
  t.match(resources[2], {
    kind: {
      group: 'activity.kradle.a5c.ai',
      version: 'v1alpha1',
      kind: 'Specimen',
      namespaced: true,
      scope: 'org',
      references: [{ path: 'spec.repository', kind: 'Repository', onMissing: 'condition' }],
    },
    singular: 'specimen',
    listKind: 'SpecimenList',
    shortNames: ['spm', 'spms'],
    categories: ['kradle', 'activity'],
    selectableFields: ['.spec.repository', '.spec.number', '.spec.draft', '.status.phase'],
    retention: { seconds: 604_800 },
    schema: { type: 'object' },
  })
  t.equal(resources[2]?.columns[0]?.description, 'Where it is.')
  t.match(resources[0], { kind: { namespaced: false, scope: 'platform' }, retention: {} })
  const object = {
    apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
    kind: 'Plain',
    metadata: { name: 'a', namespace: 'b' },
    spec: { note: 5 },
  }
  t.equal(resources[1]?.evaluator.admit(object).causes.length, 1)
})

t.test('fills in what names leave out', async t => {
  const names = { kind: 'Plain', plural: 'plains' }
  t.match(resourceFrom(changed('spec/names', names), 'plains.yaml'), {
    singular: 'plain',
    listKind: 'PlainList',
    shortNames: [],
    categories: [],
  })
})

t.test('what is not stored is only ever asked', async t => {
  const document = parse(source)
  const [version] = document.spec.versions
  t.equal(resourceFrom(source, 'x').virtual, undefined)
  version.storage = false
  t.throws(() => resourceFrom(stringify(document), 'x'), {
    message: 'x: spec.versions[0].subresources: expected that it is not there for a review',
  })
  delete version.subresources
  t.equal(resourceFrom(stringify(document), 'x').virtual, true)
  t.ok(readDefinitions('crds/reviews').every(({ virtual }) => virtual))
  t.notOk(readDefinitions('crds/activity').some(({ virtual }) => virtual))
})

t.test('takes the Kind that is known', async t => {
  const known: Kind = {
    group: 'activity.kradle.a5c.ai',
    version: 'v1alpha1',
    kind: 'Plain',
    plural: 'plains',
    namespaced: true,
  }
  const others = [
    { ...known, group: 'other' },
    { ...known, kind: 'Other' },
  ]
  t.equal(resourceFrom(source, 'plains.yaml', [...others, known]).kind, known)
  t.throws(
    () => resourceFrom(source, 'plains.yaml', [{ ...known, version: 'v1' }]),
    /^plains.yaml: spec: expected that it has the version of the generated Kind/,
  )
})

t.test('refuses two definitions of one kind', async t => {
  const dir = t.testdir({ 'a.yaml': source, 'b.yaml': source })
  t.throws(() => readDefinitions(dir), /b\.yaml: spec\.names: Plain is defined in .*a\.yaml too/)
})

t.test('says file and field of what is wrong', async t => {
  const annotations = { 'kradle.a5c.ai/context': 'activity', 'kradle.a5c.ai/scope': 'org' }
  const annotated = (name: string, value: unknown) =>
    changed('metadata/annotations', { ...annotations, [`kradle.a5c.ai/${name}`]: value })
  const columns = (more: object) =>
    changed(`${VERSION}/additionalPrinterColumns`, [{ ...column, ...more }])
  const selecting = (...paths: unknown[]) =>
    changed(
      `${VERSION}/selectableFields`,
      paths.map(jsonPath => ({ jsonPath })),
    )
  const cases: Readonly<Record<string, string>> = {
    'a: [': 'plains.yaml: Flow sequence',
    '- a': 'plains.yaml: expected that it is an object',
    [changed('apiVersion', 'v1')]:
      'apiVersion: expected that it is definitions.kradle.a5c.ai/v1alpha1',
    [changed('kind', 'Thing')]: 'kind: expected that it is AggregatedResourceDefinition',
    [changed('metadata', undefined)]: 'metadata: expected that it is an object',
    [changed('metadata/name', 'x')]:
      'metadata.name: expected that it is plains.activity.kradle.a5c.ai',
    [changed('metadata/annotations', undefined)]: 'metadata.annotations.kradle.a5c.ai/scope: ',
    [annotated('scope', 'world')]: 'scope: expected that it is one of org, platform',
    [annotated('context', '')]: 'kradle.a5c.ai/context: expected that it is a text',
    [annotated('references', 5)]: 'references: expected that it is a text',
    [annotated('references', '[')]: 'references: Flow sequence',
    [annotated('references', '{}')]: 'references: expected that it is a list of objects',
    [annotated('references', '[{kind: A}]')]: 'references[0].path: expected that it is a text',
    [annotated('references', '[{path: a, kind: A, onMissing: x}]')]:
      'references[0].onMissing: expected that it is one of condition, deny',
    [annotated('retention-seconds', 60)]:
      'retention-seconds: expected that it is a text of a whole',
    [annotated('retention-seconds', '-1')]:
      'retention-seconds: expected that it is a text of a whole',
    [changed('spec/group', undefined)]: 'spec.group: expected that it is a text',
    [changed('spec/scope', 'World')]: 'spec.scope: expected that it is one of Cluster, Namespaced',
    [changed('spec/names', [])]: 'spec.names: expected that it is an object',
    [changed('spec/names/shortNames', 'p')]:
      'spec.names.shortNames: expected that it is a list of texts',
    [changed('spec/names/categories', [1])]:
      'spec.names.categories: expected that it is a list of texts',
    [changed('spec/versions', undefined)]: 'spec.versions: expected that it holds one version',
    [changed('spec/versions', [{}, {}])]: 'spec.versions: expected that it holds one version',
    [changed(`${VERSION}/served`, false)]:
      'spec.versions[0]: expected that it is served, and stored or not',
    [changed(`${VERSION}/storage`, undefined)]:
      'spec.versions[0]: expected that it is served, and stored or not',
    [changed(`${VERSION}/subresources`, undefined)]:
      'subresources: expected that it holds status alone',
    [changed(`${VERSION}/subresources`, { status: {}, scale: {} })]:
      'subresources: expected that it holds status alone',
    [changed(`${VERSION}/schema`, {})]:
      'spec.versions[0].schema.openAPIV3Schema: expected that it is an object',
    [changed(`${VERSION}/schema/openAPIV3Schema`, { type: 'object', colour: 'red' })]:
      'spec.versions[0].schema: the schema cannot be evaluated',
    [changed(`${VERSION}/additionalPrinterColumns`, {})]:
      'Columns: expected that it is a list of objects',
    [columns({ name: '' })]: 'additionalPrinterColumns[0].name: expected that it is a text',
    [columns({ type: 'colour' })]: 'Columns[0].type: expected that it is one of boolean, date,',
    [columns({ format: 'red' })]: 'Columns[0].format: expected that it is one of byte,',
    [columns({ jsonPath: 'spec' })]: 'Columns[0].jsonPath: expected that it begins with "."',
    [columns({ jsonPath: '..a' })]: 'Columns[0].jsonPath: JSONPath "..a": ".." is not taken',
    [selecting(5)]: 'selectableFields[0].jsonPath: expected that it is a text',
    [selecting('spec.note')]: 'selectableFields[0].jsonPath: expected that it leads to',
    [selecting('.spec')]: 'selectableFields[0].jsonPath: expected that it leads to',
    [selecting('.spec.other')]: 'selectableFields[0].jsonPath: expected that it leads to',
    [selecting('.metadata.name')]: 'selectableFields[0].jsonPath: expected that it leads to',
    [selecting('.spec.note', '.spec.note')]:
      'selectableFields: expected that it names no field twice',
  }
  for (const [text, want] of Object.entries(cases))
    t.throws(() => resourceFrom(text, 'plains.yaml'), { message: want }, want)
  t.match(resourceFrom(columns({ format: 'date' }), 'x').columns, [{ format: 'date' }])
})

t.test('takes no more fields to select by than a CustomResourceDefinition', async t => {
  const names = Array.from({ length: 9 }, (_, index) => `f${index}`)
  const document = parse(source)
  document.spec.versions[0].selectableFields = names.map(name => ({ jsonPath: `.spec.${name}` }))
  document.spec.versions[0].schema.openAPIV3Schema.properties.spec.properties = Object.fromEntries(
    names.map(name => [name, { type: 'string' }]),
  )
  t.throws(() => resourceFrom(stringify(document), 'x'), /selectableFields: .* at most 8 fields/)
})
