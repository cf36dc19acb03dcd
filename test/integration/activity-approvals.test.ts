import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { writeKubeconfig } from '#hack/local/kubeconfig-file.ts'
import { AgentApproval, AgentDispatchRun } from '#src/api/activity/v1alpha1.ts'
import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import { IdentityMapping, User } from '#src/api/identity/v1alpha1.ts'
import { apiVersionOf, type Kind } from '#src/api/kind.ts'
import { ACTIVITY_GROUP, PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { ClusterRole, RoleBinding } from '#src/api/rbac/v1.ts'
import { apiPath } from '#src/lib/api-path.ts'
import { readExamples } from '#test/support/examples.ts'
import { persona, person, role, type Person } from '#test/support/people.ts'
import { createOrganization, running, until, withActivity } from '#test/support/running.ts'

// Who may ask for an approval, who may answer it, and everything that somebody in a hurry would try instead. Each is known to
// the API server by a certificate or an account of his own, and has more rights than he needs: what refuses is the rules.

const NAMESPACE = 'kradle-org-acme'
const { client, controlPlane, kubectl } = await running(t, { processes: withActivity })
await createOrganization(client, 'acme')

const MERGE = 'application/merge-patch+json'
const approve = { spec: { decision: 'Approved', reason: 'It is only a patch.' } }
const deny = { spec: { decision: 'Denied', reason: 'Not on a Friday.' } }

const account = (name: string, namespace = NAMESPACE) =>
  `system:serviceaccount:${namespace}:${name}`
const DISPATCH = account('dispatch-controller', PLATFORM_NAMESPACE)
const AGENT = account('repairer')

// ---- who there is

await client.create(
  ClusterRole,
  role('test-no-approve', {
    apiGroups: [ACTIVITY_GROUP],
    resources: ['agentapprovals', 'agentapprovals/status'],
    verbs: ['get', 'list', 'create', 'update', 'patch'],
  }),
)
// An admin decides; what is decided on is asked for by agents and controllers. Here people ask as well.
await client.create(
  ClusterRole,
  role('test-asks', {
    apiGroups: [ACTIVITY_GROUP],
    resources: ['agentapprovals'],
    verbs: ['create'],
  }),
)
for (const [user, name] of [
  ['ada', 'test-asks'],
  ['bob', 'test-asks'],
  ['joe', 'test-asks'],
  ['joe@home', 'test-asks'],
  ['max', 'test-no-approve'],
  ['mia', 'kradle-member'],
])
  await client.create(RoleBinding, persona(user!, name!, NAMESPACE))
// No RoleBinding may give an agent anything; as members of this group they may do everything nevertheless, so that nothing
// but the rules stands in their way.
const MASTERS = 'system:masters'
const CI = account('ci')
const APPROVAL = account('approval-controller', PLATFORM_NAMESPACE)

const inAcme = <T extends KubernetesObject>(kind: Kind<T>, name: string, spec: object): T =>
  ({
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: { name, namespace: NAMESPACE },
    spec: { organizationRef: 'acme', ...spec },
  }) as unknown as T
for (const name of ['ada', 'bob', 'joe'])
  await client.create(
    User,
    inAcme(User, name, { displayName: name, email: `${name}@example.com`, admin: true }),
  )
// Joe has two accounts, and is an admin with both.
for (const [name, user, subject] of [
  ['ada', 'ada', 'ada'],
  ['bob', 'bob', 'bob'],
  ['joe', 'joe', 'joe'],
  ['joe-home', 'joe', 'joe@home'],
])
  await client.create(
    IdentityMapping,
    inAcme(IdentityMapping, name!, { user, provider: 'kubernetes', subject }),
  )
const stack = readExamples().of.get('AgentStack')!
await client.create(AgentStack, inAcme(AgentStack, 'repairer', stack.spec!))

const people = new Map<string, Person>()
for (const name of ['ada', 'bob', 'joe', 'joe@home', 'max', 'mia'])
  people.set(name, await person(controlPlane, name))
for (const name of [AGENT, CI, DISPATCH, APPROVAL])
  people.set(name, await person(controlPlane, name, MASTERS))
const root = await person(controlPlane)
t.teardown(() => [...people.values(), root].forEach(one => one.close()))
const as = (name: string): Person => people.get(name)!
await until('the admins are bound', async () => {
  const questions = ['ada', 'bob', 'joe', 'joe@home'].map(name =>
    as(name).send('GET', apiPath(AgentApproval, { namespace: NAMESPACE })),
  )
  return (await Promise.all(questions)).every(answer => answer === '')
})

// ---- what they do

let count = 0
/** A run of joe's, of a name of its own. */
async function newRun(): Promise<string> {
  const name = `run-${(count += 1)}`
  const { spec } = readExamples('docs/activity-examples').of.get('AgentDispatchRun')!
  const { workspaceRef: _, ...rest } = spec!
  const says = await as('joe').send('POST', apiPath(AgentDispatchRun, { namespace: NAMESPACE }), {
    apiVersion: apiVersionOf(AgentDispatchRun),
    kind: 'AgentDispatchRun',
    metadata: { name, namespace: NAMESPACE },
    spec: rest,
  })
  if (says !== '') throw new Error(says)
  return name
}

const question = (name: string, run: string, spec: object = {}) => ({
  apiVersion: apiVersionOf(AgentApproval),
  kind: 'AgentApproval',
  metadata: { name, namespace: NAMESPACE },
  spec: { dispatchRun: run, action: 'write-back', ...spec },
})
const ask = (by: string, object: KubernetesObject): Promise<string> =>
  as(by).send('POST', apiPath(AgentApproval, { namespace: NAMESPACE }), object)
const pathOf = (name: string, subresource = '') =>
  apiPath(AgentApproval, { namespace: NAMESPACE, name, ...(subresource && { subresource }) })
const decide = (by: string, name: string, body: object = approve): Promise<string> =>
  as(by).send('PATCH', pathOf(name), body, MERGE)

type Stored = KubernetesObject & {
  spec: Record<string, unknown>
  status: Record<string, unknown>
}
const stored = async (name: string): Promise<Stored> =>
  (await client.get(AgentApproval, name, NAMESPACE)) as unknown as Stored

/** An open question of a run of its own, as joe asks it. */
async function open(by = 'joe', spec: object = {}): Promise<string> {
  const run = await newRun()
  const says = await ask(by, question(run, run, spec))
  if (says !== '') throw new Error(says)
  return run
}

t.test('questions', async t => {
  t.test(
    'are asked by anybody for himself, and by the dispatch controller for the agent',
    async t => {
      const mine = await open('joe')
      t.match((await stored(mine)).spec, { requestedBy: 'joe', organizationRef: 'acme' })
      t.match((await stored(mine)).status, { phase: 'Pending', storage: 'postgres' })
      const agents = await open(AGENT)
      t.match((await stored(agents)).spec, { requestedBy: AGENT })
      const lent = await open(DISPATCH, { requestedBy: AGENT })
      t.match((await stored(lent)).spec, { requestedBy: AGENT })
    },
  )

  const run = await newRun()
  const refused: Readonly<Record<string, readonly [string, object, RegExp]>> = {
    'in somebody else’s name': [
      'bob',
      { requestedBy: 'joe' },
      /spec\.requestedBy: "joe" is not who writes it, "bob"; leave it out, it is filled in \[R88/,
    ],
    'by an agent in the name of a person': [
      AGENT,
      { requestedBy: 'joe' },
      /is not who writes it, .*\[R88/,
    ],
    'in the name of one’s other account': [
      'joe',
      { requestedBy: 'joe@home' },
      /is not who writes it, .*\[R88/,
    ],
    'with their answer': [
      'joe',
      approve.spec,
      /spec\.decision: "Approved" comes with the question, .*\[R86/,
    ],
    'with the answer of the dispatch controller': [
      DISPATCH,
      { requestedBy: AGENT, ...approve.spec },
      /comes with the question, .*\[R86/,
    ],
    'with a reason alone': ['joe', { reason: 'Fine.' }, /R8[68]/],
    'for a run that is not there': [
      'joe',
      { dispatchRun: 'nothing' },
      /spec\.dispatchRun: "nothing" is no AgentDispatchRun in namespace/,
    ],
    'for what nobody knows': ['joe', { action: 'anything' }, /spec\.action: Unsupported value/],
    'of another organisation': ['joe', { organizationRef: 'globex' }, /\[R28/],
  }
  for (const [what, [by, spec, says]] of Object.entries(refused))
    t.test(`are not asked ${what}`, async t => {
      t.match(await ask(by, question(run, run, spec)), says)
      t.notOk(await client.get(AgentApproval, run, NAMESPACE))
    })

  t.test('come without an answer in their status, whatever is sent', async t => {
    const forged = { phase: 'Approved', decidedBy: 'ada', decidedAt: '2026-01-01T00:00:00Z' }
    t.equal(await ask('joe', { ...question(run, run), status: forged } as KubernetesObject), '')
    t.strictSame((await stored(run)).status, { phase: 'Pending', storage: 'postgres' })
  })

  t.test('are asked once while they are open', async t => {
    const name = await open()
    const again = question(`${name}-again`, name)
    const says = `"${name}-again" already exists under the name "${name}"`
    t.match(await ask('joe', again), says)
    t.match(await ask('bob', again), says, 'whoever asks')
    const created = await kubectl(['create', '-f', '-'], again)
    t.match(created, { code: 1, stderr: /Error from server \(AlreadyExists\): .* under the name/ })
    t.equal(await ask('joe', question(`${name}-other`, name, { action: 'release' })), '')
    t.equal(await decide('ada', name, deny), '')
    t.equal(await ask('joe', again), '', 'what is answered stands in nobody’s way')
  })

  t.test('are asked again once nobody can answer them any more', async t => {
    const expiresAt = new Date(Date.now() + 3_000).toISOString()
    const name = await open('joe', { expiresAt })
    const before = await stored(name)
    const again = question(`${name}-again`, name)
    const dryRun = () => kubectl(['create', '--dry-run=server', '-f', '-'], again)
    t.match(await ask('joe', again), `already exists under the name "${name}"`)
    t.match(await dryRun(), { code: 1, stderr: `already exists under the name "${name}"` })
    await sleep(Date.parse(expiresAt) - Date.now() + 500)
    t.match(await dryRun(), { code: 0 })
    t.equal(await ask('joe', again), '')
    t.strictSame(await stored(name), before, 'the other stays as it is')
    t.match(await decide('ada', name), /comes after .*have it asked again/)
    t.match(await ask('joe', question(`${name}-third`, name)), `under the name "${name}-again"`)
    t.equal(await decide('ada', `${name}-again`), '')
  })

  t.test('are asked once, also at the same moment', async t => {
    const contested = await newRun()
    const tries = Array.from({ length: 8 }, (_, index) => `${contested}-${index}`)
    const answers = await Promise.all(
      tries.map((name, index) => ask(index % 2 ? 'joe' : 'bob', question(name, contested))),
    )
    const [winner, ...others] = tries.filter((_, index) => answers[index] === '')
    t.strictSame(others, [])
    for (const refusal of answers.filter(answer => answer !== ''))
      t.match(refusal, `already exists under the name "${winner}"`)
  })
})

t.test('answers that are refused', async t => {
  /** Who tries what, and what he is told. */
  const rows: Readonly<Record<string, readonly [string, object, RegExp]>> = {
    'one’s own': [
      'joe',
      approve,
      /spec\.decision: "Approved" is written by "joe", who asks for it; ask somebody else who may approve \[R88/,
    ],
    'one’s own, denied': ['joe', deny, /who asks for it/],
    'one’s own with another account': [
      'joe@home',
      approve,
      /"joe@home", who is the same User as "joe", who asks for it/,
    ],
    'by the account of the run': [AGENT, approve, /under which the run itself works/],
    'by another program': [CI, approve, /a program cannot answer for a person/],
    'by the dispatch controller': [DISPATCH, approve, /a program cannot answer for a person/],
    'by the approval controller': [APPROVAL, deny, /a program cannot answer/],
    'without the verb approve': [
      'max',
      approve,
      /is for whoever has the verb approve, which "max" has not on agentapprovals/,
    ],
    'by a member': ['mia', approve, /User "mia" cannot patch resource "agentapprovals"/],
    'without a reason': [
      'ada',
      { spec: { decision: 'Approved' } },
      /spec\.reason: .*a decision comes with its reason/,
    ],
    'a reason alone': ['ada', { spec: { reason: 'Fine.' } }, /a decision comes with its reason/],
    'neither yes nor no': [
      'ada',
      { spec: { ...approve.spec, decision: 'Pending' } },
      /Unsupported value: "Pending"/,
    ],
    'with another question': [
      'ada',
      { spec: { ...approve.spec, action: 'release' } },
      /what is asked for stays as it was .*\(R23\)/,
    ],
    'with another asker': [
      'ada',
      { spec: { ...approve.spec, requestedBy: 'bob' } },
      /what is asked for stays as it was/,
    ],
    'another asker before one’s own': [
      'joe',
      { spec: { requestedBy: 'bob' } },
      /what is asked for stays as it was/,
    ],
    'for another run': [
      'ada',
      { spec: { ...approve.spec, dispatchRun: 'run-1' } },
      /what is asked for stays as it was/,
    ],
  }
  for (const [what, [by, body, says]] of Object.entries(rows))
    t.test(what, async t => {
      const name = await open()
      const before = await stored(name)
      t.match(await decide(by, name, body), says)
      t.strictSame(await stored(name), before)
    })

  t.test('one’s own, however it is sent', async t => {
    const name = await open()
    const before = await stored(name)
    const joe = as('joe')
    const answered = { ...before, spec: { ...before.spec, ...approve.spec } }
    const applied = { ...question(name, name), spec: approve.spec }
    const add = Object.entries(approve.spec).map(([field, value]) => ({
      op: 'add',
      path: `/spec/${field}`,
      value,
    }))
    const says = /"joe", who asks for it/
    t.match(await joe.send('PUT', pathOf(name), answered), says)
    t.match(await joe.send('PATCH', pathOf(name), add, 'application/json-patch+json'), says)
    const apply = `${pathOf(name)}?fieldManager=joe&force=true`
    t.match(await joe.send('PATCH', apply, applied, 'application/apply-patch+yaml'), says)
    t.match(await joe.send('PATCH', `${pathOf(name)}?dryRun=All`, approve, MERGE), says)
    t.strictSame(await stored(name), before)
  })

  t.test('in the status', async t => {
    const name = await open()
    const before = await stored(name)
    const forged = {
      status: { phase: 'Approved', decidedBy: 'ada', decidedAt: '2026-01-01T00:00:00Z' },
    }
    t.equal(await decide('ada', name, forged), '', 'it is not looked at there')
    t.strictSame((await stored(name)).status, before.status)
    const status = (by: Person, body: object) =>
      by.send('PATCH', pathOf(name, 'status'), body, MERGE)
    t.match(
      await status(as('ada'), forged),
      /User "ada" cannot patch resource "agentapprovals\/status"/,
    )
    for (const by of [root, as(DISPATCH), as(AGENT), as('max')])
      // The definition speaks before any policy does.
      t.match(await status(by, forged), /the phase follows from the decision/, by.name)
    for (const by of [root, as(DISPATCH), as(AGENT), as('max')])
      t.match(
        await status(by, { status: { observedGeneration: 7 } }),
        /'kradle-status-writers' denied request: .*\[R20\]/,
        by.name,
      )
    const controller = as(APPROVAL)
    t.match(await status(controller, forged), /the phase follows from the decision/)
    t.equal(await status(controller, approve), '', 'spec is not looked at there')
    t.strictSame((await stored(name)).spec, before.spec)
    const expired = { status: { phase: 'Denied', reason: 'Expired' } }
    t.equal(await status(controller, expired), '', 'but it may let it expire')
    t.match(
      await decide('ada', name),
      /"Approved" does not follow "Denied".*\(R86\)|comes after the answer "Denied"; .*\[R93/,
    )
  })

  t.test('a second one', async t => {
    const name = await open()
    t.equal(await decide('ada', name), '')
    const first = await stored(name)
    const says = /it was decided: "Approved" stays; create another approval \(R86\)/
    t.match(await decide('bob', name, deny), says)
    t.match(await decide('ada', name, deny), says, 'nor by himself')
    t.match(await decide('bob', name, { spec: { reason: 'Better said.' } }), says)
    t.match(await decide('bob', name, { spec: { decision: null, reason: null } }), says)
    t.match(await decide('joe', name, { spec: { decision: null } }), says)
    t.equal(await decide('bob', name), '', 'the same once more is no change')
    t.strictSame(await stored(name), first, 'and whose answer it is stays')
  })

  t.test('sent again', async t => {
    const name = await open()
    const before = await stored(name)
    t.equal(await decide('bob', name, deny), '')
    const denied = await stored(name)
    t.match(await decide('ada', name), /it was decided: "Denied" stays/)
    const { resourceVersion, uid } = before.metadata
    t.match(
      await decide('ada', name, { ...approve, metadata: { resourceVersion } }),
      /the object has been modified|it was decided/,
    )
    t.strictSame(await stored(name), denied)
    // A question of the same name that comes after it is another one.
    t.equal(await root.send('DELETE', pathOf(name)), '')
    t.equal(await ask('joe', question(name, name)), '')
    t.not(await decide('ada', name, { ...approve, metadata: { uid } }), '')
    t.match(await stored(name), { status: { phase: 'Pending' } })
  })

  t.test('too late', async t => {
    const expiresAt = `${new Date(Date.now() + 3000).toISOString().slice(0, 19)}Z`
    const name = await open('joe', { expiresAt })
    const wait = Date.parse(expiresAt) - Date.now()
    await sleep(Math.max(0, wait) + 50)
    t.match(await decide('ada', name), `comes after ${expiresAt}; have it asked again`)
    t.match(
      await decide('ada', name, { spec: { ...approve.spec, expiresAt: null } }),
      /\[R93|stays as it was/,
    )
    t.match(await stored(name), { status: { phase: 'Pending' } })
    const soon = `${new Date(Date.now() + 600_000).toISOString().slice(0, 19)}Z`
    t.equal(await decide('ada', await open('joe', { expiresAt: soon })), '')
  })

  t.test('after the run', async t => {
    const name = await open()
    const path = apiPath(AgentDispatchRun, { namespace: NAMESPACE, name, subresource: 'status' })
    t.equal(await as(DISPATCH).send('PATCH', path, { status: { phase: 'Failed' } }, MERGE), '')
    t.match(await decide('ada', name), /comes after run ".*", which is Failed; .*\[R93/)
  })
})

t.test('answers that are taken', async t => {
  const near = (value: unknown) => Math.abs(Date.parse(String(value)) - Date.now()) < 30_000
  const isFrom = async (t: Tap, name: string, by: string, { spec }: typeof approve = approve) => {
    const found = await stored(name)
    t.match(found, {
      spec,
      status: { phase: spec.decision, reason: spec.reason, decidedBy: by, storage: 'postgres' },
    })
    t.ok(near(found.status['decidedAt']), String(found.status['decidedAt']))
  }

  t.test('by kubectl patch, as the documentation has it', async t => {
    const { server, adminKubeconfig, adminCertificate, certificateFor } = controlPlane
    const user = await certificateFor('ada')
    writeKubeconfig(adminKubeconfig, {
      server,
      ca: adminCertificate.ca,
      name: 'ada',
      namespace: NAMESPACE,
      user,
    })
    for (const answer of [approve, deny]) {
      const name = await open(DISPATCH, { requestedBy: AGENT })
      const patch = ['patch', 'agentapproval', name, '--type=merge', '-p', JSON.stringify(answer)]
      t.match(await kubectl(['--context', 'ada', ...patch]), { code: 0, stdout: / patched\n$/ })
      await isFrom(t, name, 'ada', answer)
      const { stdout } = await kubectl(['--context', 'ada', 'get', 'aap', name])
      t.match(stdout, new RegExp(`^${name} .* ada +${answer.spec.decision} `, 'm'))
    }
  })

  t.test('in every other way', async t => {
    for (const [method, type, body] of [
      [
        'PUT',
        'application/json',
        (before: Stored) => ({ ...before, spec: { ...before.spec, ...approve.spec } }),
      ],
      [
        'PATCH',
        'application/json-patch+json',
        () =>
          Object.entries(approve.spec).map(([field, value]) => ({
            op: 'add',
            path: `/spec/${field}`,
            value,
          })),
      ],
      [
        'PATCH',
        'application/apply-patch+yaml',
        ({ metadata: { name } }: Stored) => ({ ...question(name, name), spec: approve.spec }),
      ],
    ] as const) {
      const name = await open()
      const query = type.includes('apply') ? '?fieldManager=ada' : ''
      t.equal(
        await as('ada').send(method, pathOf(name) + query, body(await stored(name)), type),
        '',
      )
      await isFrom(t, name, 'ada')
    }
  })

  t.test('whatever they say about who and when', async t => {
    const name = await open()
    const forged = {
      decidedBy: 'bob',
      decidedAt: '2001-01-01T00:00:00Z',
      phase: 'Denied',
      reason: 'No.',
    }
    t.equal(await decide('ada', name, { ...approve, status: forged }), '')
    await isFrom(t, name, 'ada')
  })

  t.test('of whom cluster-admin acts as, who is that somebody and nobody else', async t => {
    const acting = (who: string, name: string, ...more: string[]) =>
      kubectl([
        'patch',
        'agentapproval',
        name,
        '-n',
        NAMESPACE,
        '--type=merge',
        '-p',
        JSON.stringify(approve),
        `--as=${who}`,
        ...more,
      ])
    const name = await open()
    t.match(await acting('joe', name), { code: 1, stderr: /"joe", who asks for it/ })
    t.match(await acting('joe@home', name), { code: 1, stderr: /who is the same User as "joe"/ })
    t.match(await acting('max', name), { code: 1, stderr: /the verb approve, which "max" has not/ })
    t.match(await acting('nobody', name), { code: 1, stderr: /User "nobody" cannot get/ })
    t.match(await acting('joe', name, `--as-group=${MASTERS}`), {
      code: 1,
      stderr: /who asks for it/,
    })
    t.match(await acting(AGENT, name, `--as-group=${MASTERS}`), {
      code: 1,
      stderr: /the run itself works/,
    })
    t.match(await acting('ada', name), { code: 0 })
    await isFrom(t, name, 'ada')
    // What cluster-admin asked for himself he may not answer, and ada may.
    const own = await newRun()
    t.equal(
      await root.send('POST', apiPath(AgentApproval, { namespace: NAMESPACE }), question(own, own)),
      '',
    )
    t.match(
      await root.send('PATCH', pathOf(own), approve, MERGE),
      /"kubernetes-admin", who asks for it/,
    )
    t.match(await acting('ada', own), { code: 0 })
    await isFrom(t, own, 'ada')
  })

  t.test('once, of two at the same moment', async t => {
    await Promise.all(
      Array.from({ length: 6 }, async () => {
        const name = await open()
        const answers = await Promise.all([decide('ada', name, approve), decide('bob', name, deny)])
        t.equal(answers.filter(answer => answer === '').length, 1, answers.join(' | '))
        const isAda = answers[0] === ''
        t.match(answers[isAda ? 1 : 0], /it was decided|has been modified|comes after the answer/)
        await isFrom(t, name, isAda ? 'ada' : 'bob', isAda ? approve : deny)
      }),
    )
  })

  t.test('and stay, whoever would have them deleted by somebody else', async t => {
    const name = await open()
    t.equal(await decide('ada', name), '')
    const labels = { 'cleanup.kyverno.io/ttl': '1s' }
    const says =
      'metadata.labels["cleanup.kyverno.io/ttl"]: "1s" would have it deleted by Kyverno; leave it out'
    t.match(await root.send('PATCH', pathOf(name), { metadata: { labels } }, MERGE), says)
    const status = pathOf(name, 'status')
    await as(APPROVAL).send('PATCH', status, { metadata: { labels } }, MERGE)
    t.notMatch((await stored(name)).metadata.labels, labels, 'nor by way of the status')
    const born = question(`${name}-born`, name)
    const asked = { ...born, metadata: { ...born.metadata, labels } }
    t.match(await ask('joe', asked), says)
  })

  t.test('for one run, and not for the next of its name', async t => {
    const name = await open()
    t.equal(await decide('ada', name), '')
    const run = (await client.get(AgentDispatchRun, name, NAMESPACE))!
    await client.delete(AgentDispatchRun, name, NAMESPACE)
    const { uid: _, resourceVersion: __, ...metadata } = run.metadata
    const path = apiPath(AgentDispatchRun, { namespace: NAMESPACE })
    const again = { ...run, metadata }
    const left = `metadata.name: "${name}" is what another AgentDispatchRun was called, and agentapprovals.activity.kradle.a5c.ai "${name}" is about that one; use another name`
    t.match(await as('joe').send('POST', path, again), left)
    t.match(await as('joe').send('POST', `${path}?dryRun=All`, again), left)
    await client.delete(AgentApproval, name, NAMESPACE)
    t.equal(await as('joe').send('POST', path, again), '')
  })

  t.test('and not by a dry run', async t => {
    const name = await open()
    const before = await stored(name)
    t.equal(await as('ada').send('PATCH', `${pathOf(name)}?dryRun=All`, approve, MERGE), '')
    t.strictSame(await stored(name), before)
  })
})

type Tap = Pick<typeof t, 'match' | 'ok'>
