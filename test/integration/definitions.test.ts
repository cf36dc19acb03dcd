import { readFileSync } from 'node:fs'
import t from 'tap'
import { readDefinitions, storedIn } from '#hack/gen/definitions.ts'
import { ConfigMap, Secret, ServiceAccount } from '#src/api/core/v1.ts'
import type { Kind } from '#src/api/kind.ts'
import { kinds } from '#src/api/kinds.ts'
import type { UnknownObject } from '#src/api/object.ts'
import { ClusterRole, Role, RoleBinding } from '#src/api/rbac/v1.ts'
import { manifestOf } from '#src/check/manifest.ts'
import { offline } from '#src/check/offline.ts'
import { schemasIn } from '#src/check/schemas.ts'
import { settle } from '#src/check/settle.ts'
import { apiPath } from '#src/lib/api-path.ts'
import { handwritten } from '#test/fixtures/refusals/index.ts'
import { casesOf, seenInExamples, type Case } from '#test/support/cases/cases.ts'
import { isExpected } from '#test/support/cases/expected.ts'
import { rulesOf, unmatched } from '#test/support/cases/rules.ts'
import { readExamples, type Manifest } from '#test/support/examples.ts'
import { persona, person, type Person } from '#test/support/people.ts'
import { createOrganization, running } from '#test/support/running.ts'
import * as webhooks from '#webhooks/index.ts'
import { registry as registryOf } from '#webhooks/registry.ts'

// For every kind a table, generated from its definition: what the API server takes, and what it refuses with which words.

const IN_FLIGHT = 12

const { client, controlPlane, kubectl } = await running(t)
await createOrganization(client, 'acme')
await createOrganization(client, 'globex')
const admin = await person(controlPlane)
t.teardown(() => admin.close())
/** Somebody else, whom the examples let decide. */
const decider = await person(controlPlane, 'jane@example.com')
t.teardown(() => decider.close())
await client.create(RoleBinding, persona(decider.name, 'kradle-admin', 'kradle-org-acme'))

const definitions = storedIn('etcd', readDefinitions())
const examples = readExamples()
const seen = seenInExamples(definitions, examples.of)
const tables = definitions.flatMap(definition => {
  const example = examples.of.get(definition.kind)
  if (!example) return []
  const table = casesOf(definition, example, handwritten[definition.kind] ?? {}, seen)
  return [{ definition, kind: kinds.find(({ kind }) => kind === definition.kind)!, ...table }]
})

t.test('every kind has an example', async t => {
  const without = definitions.filter(({ kind }) => !examples.of.has(kind)).map(({ kind }) => kind)
  t.strictSame(without, [])
})

t.test('every rule has a manifest that breaks it', async t => {
  for (const definition of definitions) {
    const { rules, refusals } = unmatched(definition, handwritten[definition.kind] ?? {})
    t.strictSame(rules, [], `${definition.kind}: each of its rules has a refusal`)
    t.strictSame(refusals, [], `${definition.kind}: each of its refusals has a rule`)
  }
  t.comment(`${definitions.flatMap(({ schema }) => rulesOf(schema)).length} rules`)
})

t.test('every constraint has a case', async t => {
  const all = tables.flatMap(({ kind, uncovered }) => uncovered.map(what => `${kind.kind} ${what}`))
  t.comment(`${all.length} constraints without a case`)
  t.strictSame(all, [])
})

t.test('the examples are taken as they are, again and in any order', async t => {
  const own = [...examples.of.values()].filter(({ kind }) => kindOf(kind)?.scope === 'org')
  const manifests = [...examples.needed, ...own.toReversed()]
    .map(object => JSON.stringify(object))
    .join('\n---\n')
  for (const time of ['first', 'second'])
    t.match(await kubectl(['apply', '-f', '-'], manifests), { code: 0, stderr: '' }, time)
})

/** What `kradle check` goes by: everything there is, as a dump of the cluster has it. */
const registry = registryOf(webhooks.rules, webhooks.mutations)
const means = { registry, schemas: schemasIn('crds'), user: { username: 'you' } }
const now = new Date()
const there: UnknownObject[] = []
t.test('everything there is can be read', async t => {
  for (const kind of [...kinds, Secret, ConfigMap, ServiceAccount, Role, ClusterRole])
    there.push(...((await client.list(kind)).items as UnknownObject[]))
  t.ok(there.length > definitions.length)
})
const compared = { accepted: 0, refused: 0 }

const began = performance.now()
const count = { accepted: 0, refused: 0 }
for (const { definition, kind, cases } of tables)
  t.test(`${definition.kind}: ${cases.length} cases`, async t => {
    const wrong: object[] = []
    await each(cases, async one => {
      const says = await answerTo(kind, one)
      count[one.expect === 'accepted' ? 'accepted' : 'refused']++
      if (!isExpected(says, one.expect))
        wrong.push({ case: one.name, expected: one.expect, says: says || 'accepted' })
      const check = await checked(kind, one)
      if (!check) return
      compared[check.result]++
      const differs = check.causes.some(
        ({ source, message }) => source === 'schema' && !says.includes(message),
      )
      if ((says === '') !== (check.result === 'accepted') || differs)
        wrong.push({ case: one.name, says: says || 'accepted', check })
    })
    t.strictSame(wrong, [])
  })

t.test('all of them', async t => {
  const { accepted, refused } = count
  const seconds = Math.round((performance.now() - began) / 1000)
  t.comment(
    `${accepted + refused} cases over ${tables.length} kinds: ${accepted} accepted, ${refused} refused; ${seconds} s`,
  )
  t.ok(accepted + refused > 0)
})

t.test('kradle check says the same', async t => {
  const { accepted, refused } = compared
  t.comment(
    `compared with kradle check: ${accepted + refused} manifests, ${accepted} accepted, ${refused} refused`,
  )
  t.ok(accepted + refused > 500 && accepted > 100, 'it was asked about enough of them')
})

function kindOf(name: string): Kind | undefined {
  return kinds.find(({ kind }) => kind === name)
}

/** What the API server says to it, '' where it would take it. */
async function answerTo(kind: Kind, { object, stored, subresource }: Case): Promise<string> {
  const { namespace, name } = object.metadata
  const query = '?dryRun=All&fieldValidation=Strict'
  if (stored && name !== examples.of.get(object.kind)!.metadata.name) await store(kind, stored)
  if (subresource) return patchStatus(admin, kind, object, query)
  if (!stored) {
    const says = await admin.send('POST', apiPath(kind, { namespace }) + query, object)
    // Whether the name is free is asked last, after all checks.
    return says.endsWith(`"${name}" already exists`) ? '' : says
  }
  for (;;) {
    const { metadata } = (await client.get(kind, name, namespace))!
    const path = apiPath(kind, { namespace, name })
    const says = await admin.send('PUT', path + query, { ...object, metadata })
    if (!says.includes('the object has been modified')) return says
  }
}

/** What `kradle check --with <everything there is>` says; undefined for what is no manifest of its own. */
async function checked(kind: Kind, { object, stored, subresource }: Case) {
  const { namespace, name } = object.metadata
  const isExample = name === examples.of.get(object.kind)!.metadata.name
  if (subresource || (stored && !isExample)) return undefined
  // A create of a name that is taken: what stands there is not in the way of it.
  const around = stored
    ? there
    : there.filter(
        other =>
          other.kind !== object.kind ||
          other.metadata.name !== name ||
          other.metadata.namespace !== namespace,
      )
  const read = manifestOf({ file: '-', line: 1, value: object }, registry, undefined)
  const verdict =
    read.verdict ?? (await settle(read.manifest, means, offline([read.object], around, now)))
  return { result: verdict.result as 'accepted' | 'refused', causes: verdict.causes }
}

/** Creates the first of them and makes the others of it. */
async function store(kind: Kind, states: readonly Manifest[]): Promise<void> {
  await client.create(kind, states[0]!)
  for (const [index, state] of states.entries()) {
    if (index === 0 && !state.status) continue
    const says = state.status
      ? await patchStatus(await writerOf(kind), kind, state)
      : await decider.send(
          'PATCH',
          apiPath(kind, state.metadata),
          { spec: state.spec },
          'application/merge-patch+json',
        )
    if (says) throw new Error(`storing ${kind.kind} ${state.metadata.name}: ${says}`)
  }
}

/** The account that writes the status of a kind (charts/kradle/admission/status-writers.yaml). */
async function writerOf({ plural }: Kind): Promise<Person> {
  const policy = readFileSync('charts/kradle/admission/status-writers.yaml', 'utf8')
  const [, name] = new RegExp(`'${plural}': '([-a-z]+)'`).exec(policy)!
  const writer = await person(controlPlane, `system:serviceaccount:kradle-system:${name}`)
  t.teardown(() => writer.close())
  return writer
}

const patchStatus = (as: Person, kind: Kind, { metadata, status }: Manifest, query = '') =>
  as.send(
    'PATCH',
    apiPath(kind, { ...metadata, subresource: 'status' }) + query,
    { status },
    'application/merge-patch+json',
  )

/** Calls for every item, several at a time. */
async function each<T>(items: readonly T[], call: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values()
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (const item of rest) await call(item)
    }),
  )
}
