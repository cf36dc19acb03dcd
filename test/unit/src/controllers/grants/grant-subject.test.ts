import t from 'tap'
import type { KubernetesObject } from '#src/api/object.ts'
import { AgentSecretGrant, type User } from '#src/api/identity/v1alpha1.ts'
import {
  consumersOf,
  stackOf,
  subjectCondition,
  subjectLookups,
  subjectWatches,
} from '#src/controllers/grants/grant-subject.ts'
import { cluster, team } from '#test/fixtures.ts'
import {
  agentAccount,
  agentStack,
  configGrant,
  secretGrant,
  serviceAccount,
} from '#test/fixtures-agents.ts'

type Spec = Parameters<typeof secretGrant>[0]

const jane: User = {
  apiVersion: 'kradle.a5c.ai/v1alpha1',
  kind: 'User',
  metadata: { name: 'jane', namespace: 'kradle-org-acme' },
  spec: { organizationRef: 'acme', displayName: 'Jane', email: 'jane@example.com' },
} as User
const agents = [agentAccount(), agentStack()]
const people = [jane, team(), serviceAccount('default')]
const janes: Spec = { subject: { kind: 'user', name: 'jane' }, serviceAccountRef: 'default' }
const skill: Spec = { subject: { kind: 'skill', name: 'linter', stackRef: 'repairer' } }

const cases: Record<string, { spec: Spec; objects: KubernetesObject[]; want: string }> = {
  'a stack': { spec: {}, objects: agents, want: 'SubjectExists' },
  'a stack that does not exist': { spec: {}, objects: [agentAccount()], want: 'AgentStackMissing' },
  'a stack without its account': {
    spec: {},
    objects: [agentStack()],
    want: 'AgentServiceAccountMissing',
  },
  'a stack with its account named': {
    spec: { serviceAccountRef: 'repairer' },
    objects: agents,
    want: 'SubjectExists',
  },
  'a stack with the account of another one': {
    spec: { serviceAccountRef: 'other' },
    objects: agents,
    want: 'AccountMismatch',
  },
  'a skill of a stack': { spec: skill, objects: agents, want: 'SubjectExists' },
  'a skill of no stack': { spec: skill, objects: [], want: 'AgentStackMissing' },
  'a tool under an account': {
    spec: { subject: { kind: 'tool', name: 'x' }, serviceAccountRef: 'repairer' },
    objects: [agentAccount()],
    want: 'SubjectExists',
  },
  'a tool under no account': {
    spec: { subject: { kind: 'tool', name: 'x' }, serviceAccountRef: 'repairer' },
    objects: [serviceAccount()],
    want: 'AgentServiceAccountMissing',
  },
  'a user': { spec: janes, objects: people, want: 'SubjectExists' },
  'a user who does not exist': {
    spec: janes,
    objects: [serviceAccount('default')],
    want: 'UserMissing',
  },
  'a user with the account of an agent': {
    spec: { ...janes, serviceAccountRef: 'repairer' },
    objects: [...people, ...agents, serviceAccount()],
    want: 'AgentAccount',
  },
  'a user with an account that does not exist': {
    spec: { ...janes, serviceAccountRef: 'builder' },
    objects: people,
    want: 'ServiceAccountMissing',
  },
  'a team': {
    spec: { ...janes, subject: { kind: 'team', name: 'core' } },
    objects: people,
    want: 'SubjectExists',
  },
  'a team that does not exist': {
    spec: { ...janes, subject: { kind: 'team', name: 'ghosts' } },
    objects: people,
    want: 'TeamMissing',
  },
  'a runner': {
    spec: { ...janes, subject: { kind: 'runner', name: 'any' } },
    objects: people,
    want: 'SubjectExists',
  },
}
for (const [name, { spec, objects, want }] of Object.entries(cases))
  t.test(name, async t => {
    const condition = subjectCondition(secretGrant(spec), cluster(...objects))
    t.match(condition, {
      type: 'SubjectAuthorized',
      status: want === 'SubjectExists' ? 'True' : 'False',
      reason: want,
    })
  })

t.test('says who it is that is in the way', async t => {
  const messageOf = (spec: Spec) =>
    subjectCondition(secretGrant(spec), cluster(...people, ...agents)).message
  t.match(messageOf({ serviceAccountRef: 'other' }), /runs as "repairer", not as "other"; .*R65/)
  t.match(messageOf({ ...janes, serviceAccountRef: 'repairer' }), /"repairer" is the account of/)
})

t.test('the consumers are the stacks whose runs it serves', async t => {
  const stacks = [agentStack(), agentStack('twin', 'repairer'), agentStack('other')]
  const namesOf = (spec: Spec) =>
    consumersOf(secretGrant(spec), cluster(...stacks)).map(({ kind, name }) => `${kind} ${name}`)
  t.strictSame(namesOf({}), ['AgentStack repairer'])
  t.strictSame(namesOf(skill), ['AgentStack repairer'])
  t.strictSame(namesOf({ subject: { kind: 'tool', name: 'x' }, serviceAccountRef: 'repairer' }), [
    'AgentStack repairer',
    'AgentStack twin',
  ])
  t.strictSame(namesOf({ serviceAccountRef: 'other' }), [], 'which runs under another account')
  t.strictSame(namesOf({ subject: { kind: 'agent-stack', name: 'gone' } }), [])
  t.strictSame(namesOf({ ...janes, serviceAccountRef: 'repairer' }), [], 'people are no agents')
  const many = Array.from({ length: 300 }, (_, index) => agentStack(`s${index}`, 'repairer'))
  const grant = secretGrant({ subject: { kind: 'tool', name: 'x' }, serviceAccountRef: 'repairer' })
  t.equal(consumersOf(grant, cluster(...many)).length, 256)
})

t.test('reads accounts of people live, and nothing else', async t => {
  t.match(subjectLookups(secretGrant(janes)), [{ name: 'default', namespace: 'kradle-org-acme' }])
  t.strictSame(subjectLookups(secretGrant({ serviceAccountRef: 'repairer' })), [])
  t.strictSame(subjectLookups(secretGrant({ subject: { kind: 'user', name: 'jane' } })), [])
  t.equal(
    stackOf(
      secretGrant({ ...janes, subject: { kind: 'user', name: 'jane', stackRef: 'repairer' } }),
      cluster(),
    ),
    undefined,
  )
})

t.test('brings up the grants that something has to do with', async t => {
  const grants = {
    stack: secretGrant(),
    skill: secretGrant(skill),
    account: secretGrant({ subject: { kind: 'tool', name: 'x' }, serviceAccountRef: 'repairer' }),
    user: secretGrant(janes),
    team: secretGrant({ ...janes, subject: { kind: 'team', name: 'core' } }),
    other: secretGrant({ subject: { kind: 'agent-stack', name: 'other' } }),
  }
  for (const [name, { metadata }] of Object.entries(grants)) metadata.name = name
  const view = cluster(...Object.values(grants), agentStack(), configGrant())
  const watches = subjectWatches(AgentSecretGrant)
  const ownersOf = (object: KubernetesObject) =>
    watches
      .find(({ kind }) => kind.kind === object.kind)
      ?.toOwners(object, view)
      .map(({ name }) => name)
  t.strictSame(ownersOf(agentAccount()), ['account', 'skill', 'stack'])
  t.strictSame(ownersOf(agentStack()), ['account', 'skill', 'stack'])
  t.strictSame(ownersOf(agentStack('twin', 'repairer')), ['account'])
  t.strictSame(ownersOf(jane), ['user'])
  t.strictSame(ownersOf(team()), ['team'])
  const elsewhere = agentAccount()
  elsewhere.metadata.namespace = 'kradle-org-globex'
  t.strictSame(ownersOf(elsewhere), [])
  const [first] = watches
  const lone = secretGrant({ serviceAccountRef: 'repairer' })
  delete lone.metadata.namespace
  const account = agentAccount()
  delete account.metadata.namespace
  t.strictSame(first?.toOwners(account, cluster(lone)), [{ name: 'model' }])
})
