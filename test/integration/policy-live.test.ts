import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { apiClient } from '#hack/local/api.ts'
import { deciding } from '#hack/local/kradle.ts'
import { installDefinitions, kyvernoDefinitions } from '#hack/local/kyverno/definitions.ts'
import { keepPeople } from '#hack/local/people.ts'
import { PullRequest } from '#src/api/activity/v1alpha1.ts'
import { CustomResourceDefinition } from '#src/api/apiextensions/v1.ts'
import { Team } from '#src/api/identity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import {
  PolicyBinding,
  PolicyExceptionRequest,
  type PolicyTemplate,
} from '#src/api/policy/v1alpha1.ts'
import { RoleBinding } from '#src/api/rbac/v1.ts'
import type { PolicyReport } from '#src/api/policy-reports.ts'
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
import {
  createOrganization,
  running,
  until,
  withActivity,
  type Said,
} from '#test/support/running.ts'
import { reports } from '#test/support/says.ts'
import { changeAs, createAs, must, terminalOf, type Terminal } from '#test/support/terminal.ts'

// What people see of policy as code: everything real, by personas alone.

const { client, kyverno, controlPlane, kubectl } = await running(t, {
  processes: [...new Set([...deciding, ...withActivity, { name: 'policy-controller' }])],
  kyverno: true,
})
if (!kyverno) throw new Error('there is no Kyverno')
await createOrganization(client, 'acme')
const { says, conditionsOf } = reports(client, NAMESPACE)
const people = await keepPeople(controlPlane, line => t.comment(line))
t.teardown(() => people.stop())

const [admin, maintainer, member] = (['admin', 'maintainer', 'member'] as const).map(each =>
  terminalOf(kubectl, each),
) as [Terminal, Terminal, Terminal]
await until(
  'people have their contexts',
  async () => (await member(['get', 'pullrequests'])) === '',
)

/** Waits until a path in an object has the value. */
const comes = (kind: string, name: string, path: string, value: string | number) =>
  must(
    maintainer(['wait', `${kind}/${name}`, `--for=jsonpath={.${path}}=${value}`, '--timeout=90s']),
  )
// For what takes many tries.
const [joe, jane] = await Promise.all([person(controlPlane, 'joe'), person(controlPlane, 'jane')])
for (const { name } of [joe, jane])
  await client.create(RoleBinding, persona(name, 'kradle-admin', NAMESPACE))
t.teardown(() => [joe, jane].forEach(each => each.close()))

const pathOf = (kind: Kind, name?: string) =>
  apiPath(kind, { namespace: NAMESPACE, ...(name !== undefined && { name }) })

interface Story {
  readonly kind: Kind
  /** Who may write objects of it. */
  readonly writer: Terminal
  readonly template: PolicyTemplate
  readonly binding: string
  /** With a name that is too short, or one that is not. */
  readonly make: (name: string, text: string) => KubernetesObject
  readonly field: string
}

const stories: readonly Story[] = [
  {
    kind: Team,
    writer: admin,
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
    writer: member,
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

/** What `kradle check` says of an object, by the policies and exceptions that a maintainer sees now. */
async function checking(object: KubernetesObject): Promise<() => Promise<Said>> {
  const { name, namespace } = object.metadata
  const [there, manifest] = ['there', 'manifest'].map(file =>
    join(controlPlane.home, `${object.kind}-${name}-${file}.json`),
  ) as [string, string]
  const kinds = 'policytemplates,policybindings,policyexceptionrequests'
  const dump = ['--context', 'acme-maintainer', 'get', kinds, '-n', namespace!, '-o', 'json']
  writeFileSync(there, (await kubectl(dump)).stdout)
  writeFileSync(manifest, JSON.stringify(object))
  const world = ['--with', there, '--with', 'docs/examples/organization.yaml']
  const args = ['src/cli/main.ts', 'check', '-f', manifest, ...world]
  return () =>
    promisify(execFile)(process.execPath, args).then(
      said => ({ code: 0, ...said }),
      ({ code, stdout, stderr }: Said) => ({ code, stdout, stderr }),
    )
}

/**
 * Tries until something else is said: what that was, when it was asked for, and so how long it took, in milliseconds. How long
 * kubectl takes is not in it.
 */
async function changes(
  what: string,
  attempt: () => Promise<string>,
  to: (said: string) => boolean,
  seconds: number,
) {
  const begun = Date.now()
  let at = begun
  let said = ''
  const holds = async () => {
    at = Date.now()
    said = await attempt()
    return to(said)
  }
  await until(what, holds, seconds).catch((error: Error) => {
    throw new Error(`${error.message}, but: ${said}`)
  })
  return { at, ms: at - begun, said }
}

async function tell(
  t: Test,
  { kind, writer, template, binding, make, field }: Story,
): Promise<void> {
  const words = `[${binding}: ${template.metadata.name}]`
  await must(createAs(writer, make('before', SHORT)))
  await must(createAs(maintainer, template))
  await must(createAs(maintainer, bindingOf(binding, template.metadata.name)))
  await comes('policybinding', binding, 'status.phase', 'Applied')

  // Audit: accepted, reported and counted; what was there before, too.
  await must(createAs(writer, make('meanwhile', SHORT)))
  const begun = Date.now()
  await comes('policybinding', binding, 'status.results.fail', 2)
  t.comment(`counted after ${Date.now() - begun} ms`)
  await must(maintainer(['wait', `policybinding/${binding}`, '--for=condition=ReportsObserved']))
  const { stdout } = await kubectl([
    '--context',
    'acme-maintainer',
    'get',
    'policyreports',
    '-o',
    'json',
  ])
  const { items } = JSON.parse(stdout) as { items: readonly PolicyReport[] }
  t.strictSame(
    items
      .filter(({ results = [] }) =>
        results.some(
          each => each.policy === `${NAMESPACE}/kradle-acme-${binding}` && each.result === 'fail',
        ),
      )
      .map(({ scope }) => String(scope?.name))
      .toSorted(),
    ['before', 'meanwhile'],
  )

  // Enforce: refused, by whose template, and what to do.
  await must(changeAs(maintainer, 'policybinding', binding, { mode: 'enforce' }))
  const dryRun = (name: string, text = SHORT) =>
    createAs(writer, make(name, text), '--dry-run=server')
  const refusal = await changes(
    'it is refused',
    () => dryRun('core'),
    said => said !== '',
    30,
  )
  t.match(refusal.said, words)
  t.match(refusal.said, 'Write a name that people understand.')
  t.comment(`refused ${refusal.ms} ms after the change`)
  t.equal(await dryRun('core', 'Long enough for everybody'), '')

  // An exception: not by oneself, for the one object alone, and not longer than it says.
  const request = requestOf(`short-${binding}`, binding, { kind: kind.kind, name: 'core' }, 40)
  const approve = (who: Terminal) =>
    changeAs(who, 'policyexceptionrequest', request.metadata.name, {
      decision: 'Approved',
      reason: 'Why not.',
    })
  await must(createAs(maintainer, request))
  t.match(await approve(maintainer), 'R202', 'not by who asks')
  t.not(await dryRun('core'), '')
  await must(approve(admin))
  const passed = await changes(
    'it passes',
    () => dryRun('core'),
    said => said === '',
    25,
  )
  t.comment(`passes ${passed.ms} ms after the approval`)
  await must(createAs(writer, make('core', SHORT)))
  await comes('policyexceptionrequest', request.metadata.name, 'status.phase', 'Applied')
  t.not(await dryRun('another'), '', 'nobody else')

  const check = await checking(make('core', `${SHORT}.`))
  const left = Date.parse(request.spec.expiresAt) - Date.now()
  await sleep(Math.max(0, left))
  const again = () => changeAs(writer, kind.plural, 'core', { [field]: `${SHORT}.` })
  const after = await changes('it is refused again', again, said => said !== '', 15)
  const late = after.at - Date.parse(request.spec.expiresAt)
  t.ok(late < 10_000, `refused again ${late} ms after it was over`)
  t.match(after.said, words)
  const checked = await check()
  t.equal(checked.code, 1, `kradle check knows at once ${checked.stderr}`)
  t.match(checked.stdout, words)
  await comes('policyexceptionrequest', request.metadata.name, 'status.phase', 'Expired')
  await until('nothing of it is left', async () => {
    const now = await client.get(PolicyExceptionRequest, request.metadata.name, NAMESPACE)
    return now && !now.metadata.finalizers?.length
  })
}

t.test('from audit to enforce, and an exception for a while', async t => {
  // At a time, since most of it is waiting.
  t.jobs = stories.length
  await Promise.all(stories.map(story => t.test(story.kind.kind, child => tell(child, story))))
})

t.test('two exceptions for one object hold until the later one ends', async t => {
  const team = { kind: 'Team', name: 'both' }
  for (const [name, seconds] of [
    ['sooner', 25],
    ['later', 45],
  ] as const) {
    await must(createAs(maintainer, requestOf(name, 'names', team, seconds)))
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
  const both = ['admission', 'reports'] as const
  for (const name of both) await kyverno.kill(name)
  // Whatever is found, the rest is about a Kyverno that runs.
  t.teardown(async () => {
    for (const name of both) if (!kyverno.pid(name)) await kyverno.restart(name)
  })
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
  await says(
    PolicyBinding,
    'names',
    'Applied',
    'PolicyApplied=True Applied',
    'ReportsObserved=False KyvernoNotReporting',
  )
  await kyverno.restart('reports')
  await says(PolicyBinding, 'names', 'Applied', 'ReportsObserved=True Observed')
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
