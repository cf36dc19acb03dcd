import t from 'tap'
import { readDefinitions, storedIn } from '#hack/gen/definitions.ts'
import type { Kind, Reference } from '#src/api/kind.ts'
import { kinds } from '#src/api/kinds.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { apiPath } from '#src/lib/api-path.ts'
import { seenInExamples } from '#test/support/cases/cases.ts'
import { changed, put, type Change } from '#test/support/cases/change.ts'
import { fieldsOf, said, type Field } from '#test/support/cases/fields.ts'
import { reached } from '#test/support/cases/reached.ts'
import { readExamples, type Manifest } from '#test/support/examples.ts'
import { person } from '#test/support/people.ts'
import { allProcesses, createOrganization, running, until } from '#test/support/running.ts'

// For every field that names an object, enumerated from the definitions: a name of another organisation gets the very
// answer that a name of nothing gets, so that nobody learns what others have.

const { client, controlPlane, kubectl } = await running(t, { processes: allProcesses })
const acme = 'kradle-org-acme'
const globex = 'kradle-org-globex'
for (const slug of ['acme', 'globex']) await createOrganization(client, slug)
const admin = await person(controlPlane)
t.teardown(() => admin.close())

const definitions = storedIn('etcd', readDefinitions()).filter(({ scope }) => scope === 'org')
const examples = readExamples()
const seen = seenInExamples(definitions, examples.of)
const kindOf = (name: string): Kind => kinds.find(({ kind }) => kind === name)!

// Two names as long as each other: an object of globex, and no object at all.
const FOREIGN = 'elsewhere'
const ABSENT = 'nowhereat'

const applied = [
  ...examples.needed,
  ...definitions.flatMap(({ kind }) => examples.of.get(kind) ?? []),
].toSorted((one, other) => Number(isKradle(one)) - Number(isKradle(other)))
const text = applied.map(object => JSON.stringify(object)).join('\n---\n')
for (const manifests of [text, text.replaceAll(acme, globex)]) {
  const { code, stderr } = await kubectl(['apply', '-f', '-'], manifests)
  if (code !== 0) throw new Error(stderr)
}

interface Row {
  readonly kind: Kind
  readonly reference: Reference
  /** The place of the name in an object. */
  readonly field: Field
  readonly base: Manifest
}

const rows = definitions.flatMap(({ kind, schema, references }): Row[] =>
  references.map(reference => {
    const example = examples.of.get(kind)!
    const all = [...fieldsOf(schema, example)]
    const field =
      all.find(({ path }) => path === `${reference.path}.name`) ??
      all.find(({ path }) => path === reference.path)!
    return { kind: kindOf(kind), reference, field, base: reached(schema, example, field.at, seen)! }
  }),
)
t.comment(`${rows.length} reference fields`)

const referenced = new Set(rows.map(({ reference }) => reference.kind))

/** What else has to change where an example gets another name, or names something else in a field. */
const ALONG: Readonly<Record<string, (name: string, value: string) => Change>> = {
  AgentServiceAccount: name => ({ 'spec.serviceAccountName': name }),
  // An account belongs to one person.
  IdentityMapping: name => ({ 'spec.subject': name }),
  // The server of the example admits the stack of the example alone.
  AgentStack: () => ({ 'spec.mcpServerRefs': undefined }),
  'AgentMcpServer spec.repositories[]': () => ({
    'spec.scope': 'repository',
    'spec.allowedStacks': undefined,
  }),
  'AgentSecretGrant spec.subject.stackRef': () => ({ 'spec.subject.kind': 'skill' }),
  'AgentTriggerRule spec.match.repository': () => ({ 'spec.repository': undefined }),
  'KradleProject spec.repositories[]': () => ({ 'spec.issues': undefined }),
  'KradleProject spec.issues.defaultRepository': (_, value) => ({ 'spec.repositories': [value] }),
  'SSHKey spec.user': () => ({ 'spec.scope': 'user', 'spec.repository': undefined }),
}
const along = (what: string, name: string, value = ''): Change => ALONG[what]?.(name, value) ?? {}

t.test('every kind that is named has an object in globex alone', async t => {
  for (const kind of referenced) {
    const own = JSON.stringify(examples.of.get(kind)).replaceAll(acme, globex)
    const object = changed(JSON.parse(own) as Manifest, along(kind, FOREIGN))
    const metadata = { name: FOREIGN, namespace: globex }
    await client.create(kindOf(kind), { ...object, metadata })
  }
  t.ok(referenced.size > 0)
})

/** A manifest that names something else in this field. */
function naming(row: Row, value: string, name = row.base.metadata.name): Manifest {
  const { base, field, kind } = row
  const own = changed(base, {
    'metadata.name': name,
    ...(name !== base.metadata.name && along(kind.kind, name)),
    ...along(nameOf(row), name, value),
  })
  return put(own, field.at, value) as Manifest
}

const nameOf = ({ kind, reference }: Row): string => `${kind.kind} ${reference.path}`

const send = (kind: Kind, object: Manifest, query = ''): Promise<string> =>
  admin.send('POST', apiPath(kind, { namespace: object.metadata.namespace }) + query, object)

/** A message without what is different between two objects. */
const plain = (message: string, ...names: readonly string[]): string =>
  names.reduce((rest, name) => rest.replaceAll(name, '<name>'), message)

t.test('no name holds an organisation or a namespace', async t => {
  for (const row of rows)
    for (const value of ['globex/elsewhere', `${globex}/elsewhere`, 'globex:elsewhere']) {
      const says = await send(row.kind, naming(row, value), '?dryRun=All')
      t.ok(says.includes(`${said(row.field.at)}: `), `${nameOf(row)} "${value}": ${says}`)
    }
})

t.test('a namespace that is another one is refused, whether it is there or not', async t => {
  let count = 0
  for (const { kind, schema } of definitions) {
    const example = examples.of.get(kind)!
    const fields = [...fieldsOf(schema, example)]
    for (const field of fields) {
      const ref = field.path.replace(/\.namespace$/, '')
      if (ref === field.path || !fields.some(({ path }) => path === `${ref}.name`)) continue
      if (!field.path.startsWith('spec.')) continue
      const base = reached(schema, example, field.at, seen)!
      const [there, gone] = await Promise.all(
        ['kradle-org-globex', 'kradle-org-nobody'].map(async namespace =>
          plain(
            await send(kindOf(kind), put(base, field.at, namespace) as Manifest, '?dryRun=All'),
            namespace,
          ),
        ),
      )
      count++
      t.ok(there!.includes(`${said(field.at)}: `), `${kind} ${field.path}: ${there}`)
      t.equal(there, gone, `${kind} ${field.path}`)
    }
  }
  t.comment(`${count} fields with a namespace`)
})

const denied = rows.filter(({ reference }) => reference.onMissing === 'deny')
t.test('what must not dangle is refused in the same words', async t => {
  t.ok(denied.length > 0)
  for (const row of denied) {
    const [foreign, absent] = await Promise.all(
      [FOREIGN, ABSENT].map(name => send(row.kind, naming(row, name, 'dangling'), '?dryRun=All')),
    )
    t.ok(foreign!.includes(`${said(row.field.at)}: "${FOREIGN}"`), `${nameOf(row)}: ${foreign}`)
    t.equal(plain(foreign!, FOREIGN), plain(absent!, ABSENT), nameOf(row))
  }
})

interface Conditions {
  readonly message: string
  readonly about: string
}

t.test('what may dangle is taken, and reported in the same words', async t => {
  const open = rows.filter(({ reference }) => reference.onMissing === 'condition')
  const reported = async (kind: Kind, name: string): Promise<Conditions> => {
    let found: Reported | undefined
    await until(
      `the controller of ${kind.kind} has looked at ${name}`,
      async () => {
        found = await client.get(kind, name, acme)
        return found?.status?.observedGeneration === found?.metadata.generation
      },
      120,
    )
    const conditions = found?.status?.conditions ?? []
    const unmet = conditions.filter(({ status }) => status === 'False')
    return {
      message: unmet.map(({ type, reason, message }) => `${type} ${reason} ${message}`).join('\n'),
      about: JSON.stringify(unmet),
    }
  }
  const silent: string[] = []
  await Promise.all(
    open.map(async (row, index) => {
      const names = [`foreign-${index}`, `absent-${index}`] as const
      for (const [place, value] of [FOREIGN, ABSENT].entries()) {
        const says = await send(row.kind, naming(row, value, names[place]))
        t.equal(says, '', `${nameOf(row)} "${value}" is taken`)
      }
      const [foreign, absent] = await Promise.all(names.map(name => reported(row.kind, name)))
      t.equal(
        plain(foreign!.message, FOREIGN, names[0]),
        plain(absent!.message, ABSENT, names[1]),
        nameOf(row),
      )
      if (!foreign!.about.includes(`\\"${FOREIGN}\\"`)) silent.push(nameOf(row))
    }),
  )
  t.strictSame(silent.toSorted(), [], 'each is named in a condition')
})

t.test('whoever deletes what others name is told so, and it goes', async t => {
  // The warning names three at most, and in acme many that were made above name the same.
  const remove = (...what: string[]) => kubectl(['delete', '-n', globex, '--wait=false', ...what])
  t.match(await remove('agentskill', 'linting'), {
    code: 0,
    stdout: /"linting" deleted/,
    stderr:
      /Warning: AgentSkill "linting" is still named by .*AgentStack "repairer" \(spec\.skillRefs\[0\]\).*\[R33\]/,
  })
  t.match(await remove('agentstack', 'repairer', '--dry-run=server'), {
    code: 0,
    stderr: /AgentStack "repairer" is still named by/,
  })
  t.match(await remove('view', 'my-open-work'), { code: 0, stderr: '' }, 'nobody names it')
})

interface Reported extends KubernetesObject {
  readonly status?: {
    observedGeneration?: number
    conditions?: { type: string; status: string; reason: string; message: string }[]
  }
}

function isKradle({ kind }: Manifest): boolean {
  return kinds.some(known => known.kind === kind)
}
