import { readFileSync } from 'node:fs'
import t from 'tap'
import { memoryOf } from '#hack/bench/process-memory.ts'
import { kyvernoNames } from '#hack/local/kyverno/artefacts.ts'
import {
  createOrganization,
  running,
  until,
  withActivity,
  type Said,
} from '#test/support/running.ts'

// The real Kyverno beside Kradle: a policy in an organisation's namespace judges kinds of Kubernetes, kinds of Kradle that
// are definitions, and kinds that kradle-apiserver serves, at admission and of those that are there already.

const NAMESPACE = 'kradle-org-acme'
const begun = Date.now()
const { client, kubectl, kyverno } = await running(t, { processes: withActivity, kyverno: true })
if (!kyverno) throw new Error('there is no Kyverno')
const upAfter = (Date.now() - begun) / 1000
await createOrganization(client, 'acme')

const here = (args: readonly string[], input?: object): Promise<Said> =>
  kubectl([...args, '-n', NAMESPACE], input)
const must = async (said: Promise<Said>): Promise<string> => {
  const { code, stdout, stderr } = await said
  if (code !== 0) throw new Error(stderr)
  return stdout
}

const object = (apiVersion: string, kind: string, name: string, spec: object) => ({
  apiVersion,
  kind,
  metadata: { name, namespace: NAMESPACE },
  ...spec,
})

type Judged = {
  readonly what: string
  readonly kind: string
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly make: (name: string, note: string) => object
}

/** One of each sort, with a note that a policy can look at. */
const judged: readonly Judged[] = [
  {
    what: 'a kind of Kubernetes',
    kind: 'ConfigMap',
    group: '',
    version: 'v1',
    plural: 'configmaps',
    make: (name, note) => object('v1', 'ConfigMap', name, { data: { note } }),
  },
  {
    what: 'a kind of Kradle',
    kind: 'Team',
    group: 'kradle.a5c.ai',
    version: 'v1alpha1',
    plural: 'teams',
    make: (name, note) =>
      object('kradle.a5c.ai/v1alpha1', 'Team', name, { spec: { displayName: note } }),
  },
  {
    what: 'a kind of activity',
    kind: 'PullRequest',
    group: 'activity.kradle.a5c.ai',
    version: 'v1alpha1',
    plural: 'pullrequests',
    make: (name, note) =>
      object('activity.kradle.a5c.ai/v1alpha1', 'PullRequest', name, {
        spec: { repository: 'app', title: note, source: { ref: name }, target: { ref: 'main' } },
      }),
  },
]

const policy = ({ kind, group, version, plural }: Judged) => ({
  apiVersion: 'policies.kyverno.io/v1',
  kind: 'NamespacedValidatingPolicy',
  metadata: { name: `notes-${plural}`, namespace: NAMESPACE },
  spec: {
    validationActions: ['Deny'],
    matchConstraints: {
      resourceRules: [
        {
          apiGroups: [group],
          // By name: of a version '*' the background scan knows no kinds.
          apiVersions: [version],
          operations: ['CREATE', 'UPDATE'],
          resources: [plural],
        },
      ],
    },
    validations: [
      { expression: `${notes[kind]}.startsWith('feat: ')`, message: 'begin with "feat: "' },
    ],
  },
})

const notes: Readonly<Record<string, string>> = {
  ConfigMap: "(object.metadata.name == 'kube-root-ca.crt' ? 'feat: ' : object.data.note)",
  Team: 'object.spec.displayName',
  PullRequest: 'object.spec.title',
}

/** A dry run that is refused by Kyverno, as soon as it is. */
const refuses = async ({ make }: Judged): Promise<string> => {
  let said = ''
  await until('Kyverno refuses', async () => {
    const { stderr } = await here(['create', '--dry-run=server', '-f', '-'], make('new', 'broken'))
    said = stderr
    return stderr.includes('begin with "feat: "')
  })
  return said
}

type Report = {
  readonly metadata: { readonly name: string; readonly labels?: Record<string, string> }
  readonly scope?: { readonly kind: string; readonly name: string }
  readonly results?: readonly {
    readonly policy: string
    readonly result: string
    readonly source: string
  }[]
}

const reports = async (): Promise<readonly Report[]> => {
  const text = await must(here(['get', 'policyreports.wgpolicyk8s.io', '-o', 'json']))
  return (JSON.parse(text) as { items: Report[] }).items
}

t.comment(`cluster, Kradle and Kyverno after ${upAfter.toFixed(1)} s`)
await must(
  here(
    ['create', '-f', '-'],
    object('kradle.a5c.ai/v1alpha1', 'Repository', 'app', { spec: { visibility: 'internal' } }),
  ),
)
for (const { make } of judged) {
  await must(here(['create', '-f', '-'], make('good', 'feat: works')))
  await must(here(['create', '-f', '-'], make('bad', 'broken')))
}
// Nobody else writes policies there.
const asPolicyController = [
  '--as=system:serviceaccount:kradle-system:policy-controller',
  '--as-group=system:masters',
]
for (const each of judged)
  await must(here(['create', ...asPolicyController, '-f', '-'], policy(each)))
const applied = Date.now()

for (const each of judged) {
  t.test(
    `${each.what} is refused in the words of the policy, and what keeps to it passes`,
    async t => {
      const said = await refuses(each)
      t.comment(said.trim())
      t.match(said, `notes-${each.plural}`)
      await must(here(['create', '-f', '-'], each.make('kept', 'feat: more')))
      const patch =
        each.kind === 'ConfigMap'
          ? { data: { note: 'no' } }
          : { spec: each.kind === 'Team' ? { displayName: 'no' } : { title: 'no' } }
      const changed = await here([
        'patch',
        each.plural,
        'kept',
        '--type=merge',
        '-p',
        JSON.stringify(patch),
      ])
      t.match(changed.stderr, 'begin with "feat: "', 'on updates too')
    },
  )
}

t.test('what was there before is reported within a minute, of every sort', async t => {
  const found = async ({ kind }: Judged, name: string, result: string) =>
    (await reports()).some(
      ({ scope, results = [] }) =>
        scope?.kind === kind && scope.name === name && results.some(one => one.result === result),
    )
  for (const each of judged) {
    await until(
      `${each.what} is reported`,
      async () => (await found(each, 'bad', 'fail')) && found(each, 'good', 'pass'),
      60,
    )
    t.comment(`${each.what} after ${((Date.now() - applied) / 1000).toFixed(1)} s`)
  }
  t.comment(
    JSON.stringify(
      (await reports()).find(({ scope }) => scope?.kind === 'PullRequest'),
      null,
      1,
    ),
  )
})

t.test('nobody of them wants what it may not do', async t => {
  for (const name of kyvernoNames) {
    const forbidden = readFileSync(kyverno.log(name), 'utf8')
      .split('\n')
      .filter(line => /forbidden|cannot (get|list|watch|create|update|patch|delete)/.test(line))
    t.strictSame([...new Set(forbidden.map(line => line.slice(0, 400)))].slice(0, 5), [], name)
  }
})

t.test('each is back after it was killed, and judges as before', async t => {
  for (const name of kyvernoNames) {
    const before = kyverno.pid(name)
    t.comment(`${name}: ${memoryOf(before!).resident.toFixed(0)} MiB resident`)
    await kyverno.kill(name)
    const from = Date.now()
    await kyverno.restart(name)
    t.comment(`${name} is back after ${((Date.now() - from) / 1000).toFixed(1)} s`)
    t.not(kyverno.pid(name), before)
  }
  for (const each of judged) t.match(await refuses(each), 'begin with "feat: "')
  await must(here(['create', '-f', '-'], judged[2]!.make('later', 'feat: later')))
  await until(
    'what came later is reported',
    async () => (await reports()).some(({ scope }) => scope?.name === 'later'),
    60,
  )
})
