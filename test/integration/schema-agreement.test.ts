import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { parse, parseAllDocuments } from 'yaml'
import type { Schema } from '#hack/gen/definitions.ts'
import { startControlPlane } from '#hack/local/control-plane.ts'
import { compile, type Evaluator } from '#src/lib/schema/evaluator.ts'
import type { Definition } from '#src/lib/schema/definition.ts'
import { dice } from '#test/support/fuzz/dice.ts'
import { difference } from '#test/support/schema/agreement.ts'
import { fastApi } from '#test/support/schema/api.ts'
import { loosened } from '#test/support/schema/loosened.ts'
import { mutated } from '#test/support/schema/mutations.ts'
import { until } from '#test/support/running.ts'

// The evaluator of src/lib/schema against kube-apiserver itself: the definitions of crds/ under another group, so that
// nothing of Kradle has a say, and for each kind its example, changed in every way that schemas trip over. Both are
// asked the same, as a create and as an update (dry run), and have to answer the same: accepted or refused, what is
// stored, the fields that are not known, and every cause with its words.
// SCHEMA_MUTATIONS=2000 asks that often per kind; SCHEMA_SEED repeats a run, SCHEMA_KIND=Issue,Review looks at these kinds.
const MUTATIONS = Number(process.env['SCHEMA_MUTATIONS'] ?? 150)
const SEED = Number(process.env['SCHEMA_SEED'] ?? 20261121)
const GROUP = 'check.example.com'
const STORED = 'stored'
const TRIED = 'tried'
const IN_FLIGHT = 8

type Json = Record<string, unknown>
type Crd = Definition & {
  metadata: { name: string; annotations?: Json }
  spec: Definition['spec'] & { names: { plural: string } }
}

const home = mkdtempSync(join(tmpdir(), 'kradle-test-'))
const controlPlane = await startControlPlane({ home, unsafeNoFsync: true })
const api = fastApi(controlPlane, IN_FLIGHT)
t.teardown(async () => {
  api.close()
  await controlPlane.stop()
  rmSync(home, { recursive: true, force: true })
})

const created = async (path: string, body: unknown): Promise<Json> => {
  const answer = await api.call('POST', path, body)
  if (answer.status !== 201) throw new Error(`${path}: ${JSON.stringify(answer.body)}`)
  return answer.body
}
for (const name of [STORED, TRIED])
  await created('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })

const read = (file: string): unknown => parse(readFileSync(file, 'utf8'))

const everything = read('test/support/schema/everything.yaml') as Crd

const crds = [
  // Reviews are stored by nobody, and the API server has no such custom resources.
  ...globSync('crds/!(reviews)/*.yaml')
    .toSorted()
    .map(file => read(file) as Crd)
    .map(crd => ({
      ...crd,
      // Those of activity as well: what they say has to be what the API server would make of it.
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${crd.spec.names.plural}.${GROUP}` },
      spec: { ...crd.spec, group: GROUP },
    })),
  everything,
]

const only = process.env['SCHEMA_KIND']?.split(',')
const asked = crds.filter(({ spec }) => !only || only.includes(spec.names.kind))

const examples = new Map(
  [
    ...globSync('docs/{examples,activity-examples}/*.yaml'),
    'test/support/schema/everything-example.yaml',
  ].map(file => {
    const example = parseAllDocuments(readFileSync(file, 'utf8')).at(-1)!.toJS() as Json
    return [example['kind'], example]
  }),
)

const urlOf = ({ spec }: Crd, namespace: string): string =>
  `/apis/${GROUP}/${spec.versions[0]!.name}/namespaces/${namespace}/${spec.names.plural}`

/** The example as it would be in this namespace, with what Kradle's policies would have filled in. */
function exampleOf(crd: Crd, namespace: string): Json | undefined {
  const example = examples.get(crd.spec.names.kind)
  if (!example) return undefined
  const { required = [] } = schemaOf(crd).properties!['spec']!
  const filled = {
    organizationRef: 'acme',
    namespace: 'kradle-org-acme',
    publishedBy: 'jane',
    requestedBy: 'jane',
    requester: 'jane',
    publishedAt: '2026-11-21T12:00:00Z',
  }
  return {
    ...example,
    apiVersion: `${GROUP}/${crd.spec.versions[0]!.name}`,
    metadata: { ...(example['metadata'] as Json), namespace },
    spec: {
      ...Object.fromEntries(Object.entries(filled).filter(([name]) => required.includes(name))),
      ...(example['spec'] as Json),
    },
  }
}

const schemaOf = (crd: Crd): Schema => crd.spec.versions[0]!.schema!.openAPIV3Schema as Schema

/** Runs the jobs, a few at a time. */
async function inParallel(jobs: Iterable<() => Promise<void>>): Promise<void> {
  const queue = jobs[Symbol.iterator]()
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); !next.done; next = queue.next()) await next.value()
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
}

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

async function served(crd: Crd): Promise<void> {
  await created(DEFINITIONS, crd)
  // Of so many at once the API server makes its documents anew again and again, which takes a busy machine a minute.
  const isServed = async () => (await api.call('GET', urlOf(crd, STORED))).status === 200
  await until(`${crd.metadata.name} is served`, isServed, 300)
}
await inParallel(asked.map(crd => () => served(crd)))

/** Asks both about one object; what they differ in goes to `differences`. */
async function ask(
  crd: Crd,
  object: Json,
  old: Json | undefined,
  differences: string[],
): Promise<void> {
  // What is sent may have lost its name, and its metadata altogether.
  const { name } = (old ?? object)['metadata'] as { name: string }
  const query = 'dryRun=All&fieldValidation=Warn'
  const answer = old
    ? await api.call('PUT', `${urlOf(crd, STORED)}/${name}?${query}`, object)
    : await api.call('POST', `${urlOf(crd, TRIED)}?${query}`, object)
  const differs = difference(evaluatorOf(crd).admit(object, old), answer)
  if (differs)
    differences.push(`${old ? 'update' : 'create'} ${JSON.stringify(object)}\n${differs}`)
}

const compiled = new Map<Crd, Evaluator>()
function evaluatorOf(crd: Crd): Evaluator {
  const evaluator = compiled.get(crd) ?? compile(crd)
  compiled.set(crd, evaluator)
  return evaluator
}

t.test(`evaluator and API server agree, seed ${SEED}`, async t => {
  let questions = 0
  let accepted = 0
  const start = performance.now()
  for (const [index, crd] of asked.entries()) {
    const { kind } = crd.spec.names
    const example = exampleOf(crd, STORED)
    if (!example) {
      t.comment(`${kind} has no example yet`)
      continue
    }
    const old = await created(urlOf(crd, STORED), example)
    const tried = exampleOf(crd, TRIED)!
    const schema = schemaOf(crd)
    const differences: string[] = []
    const random = dice(SEED + index)
    await ask(crd, tried, undefined, differences)
    await ask(crd, old, old, differences)
    await inParallel(
      (function* () {
        for (let i = 0; i < MUTATIONS; i += 1) {
          const isUpdate = random.chance(0.5)
          const object = mutated(isUpdate ? old : tried, schema, random)
          questions += 1
          if (evaluatorOf(crd).admit(object, isUpdate ? old : undefined).causes.length === 0)
            accepted += 1
          yield () => ask(crd, object, isUpdate ? old : undefined, differences)
        }
      })(),
    )
    t.strictSame(differences.slice(0, 10), [], kind)
  }
  const seconds = (performance.now() - start) / 1000
  t.comment(
    `${questions} questions, ${accepted} accepted, ${Math.round(questions / seconds)} a second`,
  )
})

t.test(`what was wrong before and did not change is let through, seed ${SEED}`, async t => {
  const loose = loosenedDefinition(everything)
  await served(loose)
  const strict = { ...loose, spec: { ...loose.spec, versions: everything.spec.versions } }
  const random = dice(SEED)
  const schema = schemaOf(strict)
  const stored: Json[] = []
  for (let i = 0; stored.length < 10; i += 1) {
    const object = mutated({ ...exampleOf(everything, STORED)!, kind: 'Loose' }, schema, random)
    object['metadata'] = { name: `every-${i}`, namespace: STORED }
    if (evaluatorOf(strict).admit(object).causes.length < 2) continue
    const answer = await api.call('POST', urlOf(loose, STORED), object)
    if (answer.status === 201) stored.push(answer.body)
  }
  const { body } = await api.call('GET', `${DEFINITIONS}/${loose.metadata.name}`)
  const { resourceVersion } = body['metadata'] as Json
  const update = { ...strict, metadata: { ...strict.metadata, resourceVersion } }
  const { status } = await api.call('PUT', `${DEFINITIONS}/${loose.metadata.name}`, update)
  t.equal(status, 200)
  await until('the schema is in force', async () => {
    const bad = { ...stored[0], metadata: { name: 'every', namespace: TRIED } }
    const answer = await api.call('POST', `${urlOf(strict, TRIED)}?dryRun=All`, bad)
    return answer.status === 422
  })
  const differences: string[] = []
  const jobs = stored.flatMap(old =>
    Array.from({ length: MUTATIONS / 10 }, () => mutated(old, schema, random)).map(
      object => () => ask(strict, object, old, differences),
    ),
  )
  await inParallel([...stored.map(old => () => ask(strict, old, old, differences)), ...jobs])
  t.strictSame(differences.slice(0, 10), [])
})

/** The definition of another kind, which takes whatever has the right types. */
function loosenedDefinition(crd: Crd): Crd {
  const { versions } = crd.spec
  const names = { kind: 'Loose', listKind: 'LooseList', plural: 'looses', singular: 'loose' }
  return {
    ...crd,
    metadata: { name: `looses.${GROUP}` },
    spec: {
      ...crd.spec,
      names,
      versions: versions.map(version => ({
        ...version,
        schema: { openAPIV3Schema: loosened(version.schema!.openAPIV3Schema as Json) },
      })),
    },
  }
}
