import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { apiClient } from '#hack/local/api.ts'
import { deciding } from '#hack/local/kradle.ts'
import { installDefinitions, kyvernoDefinitions } from '#hack/local/kyverno/definitions.ts'
import { PullRequest } from '#src/api/activity/v1alpha1.ts'
import { CustomResourceDefinition } from '#src/api/apiextensions/v1.ts'
import { Team } from '#src/api/identity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { PolicyBinding, PolicyExceptionRequest, PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { RoleBinding } from '#src/api/rbac/v1.ts'
import { PolicyReport } from '#src/api/policy-reports.ts'
import { apiPath } from '#src/lib/api-path.ts'
import { person, persona } from '#test/support/people.ts'
import {
  bindingOf,
  decide,
  NAMESPACE,
  pullRequestTitles,
  requestOf,
  teamNames,
} from '#test/support/policy.ts'
import { createOrganization, running, until, withActivity } from '#test/support/running.ts'
import { reports } from '#test/support/says.ts'

// What people see of policy as code: everything real, by personas alone.

t.setTimeout(600_000)

const { client, kyverno, controlPlane } = await running(t, {
  processes: [...new Set([...deciding, ...withActivity, { name: 'policy-controller' }])],
  kyverno: true,
})
if (!kyverno) throw new Error('there is no Kyverno')
await createOrganization(client, 'acme')
const { says, conditionsOf } = reports(client, NAMESPACE)
const [joe, jane] = await Promise.all([person(controlPlane, 'joe'), person(controlPlane, 'jane')])
for (const { name } of [joe, jane])
  await client.create(RoleBinding, persona(name, 'kradle-admin', NAMESPACE))
t.teardown(() => [joe, jane].forEach(each => each.close()))

const pathOf = (kind: Kind, name?: string) =>
  apiPath(kind, { namespace: NAMESPACE, ...(name !== undefined && { name }) })
/** Creates it as joe: the refusal, or ''. */
const create = (kind: Kind, object: KubernetesObject) => joe.send('POST', pathOf(kind), object)
const must = async (done: Promise<string>) => {
  const refused = await done
  if (refused !== '') throw new Error(refused)
}
const patch = (kind: Kind, name: string, spec: object) =>
  joe.send('PATCH', pathOf(kind, name), { spec }, 'application/merge-patch+json')

interface Story {
  readonly kind: Kind
  readonly template: PolicyTemplate
  readonly binding: string
  /** With a name that is too short, or one that is not. */
  readonly make: (name: string, text: string) => KubernetesObject
  readonly field: string
}

const stories: readonly Story[] = [
  {
    kind: Team,
    template: teamNames(),
    binding: 'names',
    field: 'displayName',
    make: (name, displayName) =>
      ({
        apiVersion: 'kradle.a5c.ai/v1alpha1',
        kind: 'Team',
        metadata: { name, namespace: NAMESPACE },
        spec: { organizationRef: 'acme', displayName },
      }) as KubernetesObject,
  },
  {
    kind: PullRequest,
    template: pullRequestTitles(),
    binding: 'titles',
    field: 'title',
    make: (name, title) =>
      ({
        apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
        kind: 'PullRequest',
        metadata: { name, namespace: NAMESPACE },
        spec: { repository: 'app', title, source: { ref: name }, target: { ref: 'main' } },
      }) as KubernetesObject,
  },
]

const SHORT = 'Too short'

/** Tries until something else is said; how long it took, in milliseconds, and what was said. */
async function changes(
  what: string,
  attempt: () => Promise<string>,
  to: (said: string) => boolean,
  seconds: number,
) {
  const begun = Date.now()
  let said = ''
  await until(what, async () => to((said = await attempt())), seconds).catch((error: Error) => {
    throw new Error(`${error.message}, but: ${said}`)
  })
  return { ms: Date.now() - begun, said }
}

for (const { kind, template, binding, make, field } of stories)
  t.test(`${kind.kind}: from audit to enforce, and an exception for a while`, async t => {
    const policy = `${NAMESPACE}/kradle-acme-${binding}`
    await must(create(kind, make('before', SHORT)))
    await must(create(PolicyTemplate, template))
    await must(create(PolicyBinding, bindingOf(binding, template.metadata.name)))
    await says(PolicyBinding, binding, 'Applied', 'PolicyApplied=True Applied')

    // Audit: accepted, and reported; what was there before, too.
    await must(create(kind, make('meanwhile', SHORT)))
    const begun = Date.now()
    const reported = async () => {
      const { items } = await client.list(PolicyReport, { namespace: NAMESPACE })
      return items
        .filter(({ results = [] }) =>
          results.some(each => each.policy === policy && each.result === 'fail'),
        )
        .map(({ scope }) => String(scope?.name))
        .toSorted((a, b) => a.localeCompare(b))
    }
    await until(
      'both are reported',
      async () => String(await reported()) === 'before,meanwhile',
      90,
    )
    t.comment(`reported after ${Date.now() - begun} ms`)
    await says(PolicyBinding, binding, 'ReportsObserved=True Observed')
    await until('and counted', async () => {
      const found = await client.get(PolicyBinding, binding, NAMESPACE)
      return found?.status?.results?.fail === 2
    })

    // Enforce: refused, by whose template, and what to do.
    await must(patch(PolicyBinding, binding, { mode: 'enforce' }))
    const dryRun = (name: string) => joe.dryRun(kind, make(name, SHORT))
    const refusal = await changes(
      'it is refused',
      () => dryRun('core'),
      said => said !== '',
      30,
    )
    t.match(refusal.said, `[${binding}: ${template.metadata.name}]`)
    t.match(refusal.said, 'Write a name that people understand.')
    t.comment(`refused ${refusal.ms} ms after the change`)
    t.equal(await joe.dryRun(kind, make('core', 'Long enough for everybody')), '')

    // An exception: not by oneself, for the one object alone, and not longer than it says.
    const request = requestOf(`short-${binding}`, binding, { kind: kind.kind, name: 'core' }, 40)
    await must(create(PolicyExceptionRequest, request))
    t.match(await decide(joe, request.metadata.name), 'R202', 'not by who asks')
    t.not(await dryRun('core'), '')
    await must(decide(jane, request.metadata.name))
    const passed = await changes(
      'it passes',
      () => dryRun('core'),
      said => said === '',
      25,
    )
    t.comment(`passes ${passed.ms} ms after the approval`)
    await must(create(kind, make('core', SHORT)))
    await says(PolicyExceptionRequest, request.metadata.name, 'Applied')
    t.not(await dryRun('another'), '', 'nobody else')

    const left = Date.parse(request.spec.expiresAt) - Date.now()
    await sleep(Math.max(0, left - 500))
    const again = () => patch(kind, 'core', { [field]: `${SHORT}.` })
    const after = await changes('it is refused again', again, said => said !== '', 15)
    const late = Date.now() - Date.parse(request.spec.expiresAt)
    t.ok(late < 10_000, `refused again ${late} ms after it was over`)
    t.match(after.said, `[${binding}: ${template.metadata.name}]`)
    await says(PolicyExceptionRequest, request.metadata.name, 'Expired')
    await until('nothing of it is left', async () => {
      const { items } = await client.list(PolicyExceptionRequest, { namespace: NAMESPACE })
      return items.every(({ metadata }) => !metadata.finalizers?.length)
    })
  })

t.test('two exceptions for one object hold until the later one ends', async t => {
  const team = { kind: 'Team', name: 'both' }
  for (const [name, seconds] of [
    ['sooner', 25],
    ['later', 45],
  ] as const) {
    await must(create(PolicyExceptionRequest, requestOf(name, 'names', team, seconds)))
    await must(decide(jane, name))
  }
  await says(PolicyExceptionRequest, 'sooner', 'Applied')
  await says(PolicyExceptionRequest, 'later', 'Applied')
  const make = stories[0]!.make
  const passes = () => joe.dryRun(Team, make('both', SHORT))
  await changes('it passes', passes, said => said === '', 15)
  await says(PolicyExceptionRequest, 'sooner', 'Expired')
  t.equal(await passes(), '', 'the later one holds')
  // Revoked before its time.
  await must(joe.send('DELETE', pathOf(PolicyExceptionRequest, 'later')))
  const { ms } = await changes('it is refused', passes, said => said !== '', 15)
  t.ok(ms < 10_000, `refused ${ms} ms after it was revoked`)
})

t.test('when Kyverno is killed, conditions tell, and it goes on once it is back', async t => {
  await kyverno.kill('admission')
  // Whatever is found, the rest is about a Kyverno that runs.
  t.teardown(() => (kyverno.pid('admission') ? undefined : kyverno.restart('admission')))
  // Silence takes a while to be noticed.
  await until(
    'it is told of',
    async () =>
      (await conditionsOf(PolicyBinding, 'names')).includes(
        'PolicyApplied=False KyvernoNotRunning',
      ),
    120,
  )
  // Names of their own: an object that exists already would be refused for that alone.
  t.not(await joe.dryRun(Team, stories[0]!.make('unseen', SHORT)), '', 'what is enforced stays so')
  await kyverno.restart('admission')
  await says(PolicyBinding, 'names', 'Applied', 'PolicyApplied=True Applied')
  await changes(
    'it passes',
    () => joe.dryRun(Team, stories[0]!.make('fine', 'Long enough for everybody')),
    said => said === '',
    30,
  )
})

t.test('when its definitions go, conditions tell, and it goes on once they are back', async t => {
  const definitions = (await kyvernoDefinitions(controlPlane.settings)).filter(
    ({ spec }) => spec.group === 'policies.kyverno.io',
  )
  for (const { metadata } of definitions)
    await client.delete(CustomResourceDefinition, metadata.name)
  await says(PolicyBinding, 'names', 'PolicyApplied=False KyvernoMissing')
  const api = apiClient(controlPlane.server, controlPlane.adminCertificate, 30_000)
  t.teardown(() => api.close())
  for (const { metadata } of definitions)
    await until(
      'it is gone',
      async () => !(await client.get(CustomResourceDefinition, metadata.name)),
    )
  await installDefinitions(api, definitions)
  await until(
    'it is in force again',
    async () => (await conditionsOf(PolicyBinding, 'names')).includes('PolicyApplied=True Applied'),
    120,
  )
  const { said } = await changes(
    'it refuses again',
    () => joe.dryRun(Team, stories[0]!.make('unseen', SHORT)),
    refused => refused !== '',
    60,
  )
  t.match(said, '[names: team-names]')
})
