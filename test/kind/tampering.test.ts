import t from 'tap'
import { kindCluster } from '#test/support/kind.ts'
import { until } from '#test/support/running.ts'

const { asked, kubectl } = kindCluster(t)

// Whatever an admin does to what tells the API server about Kradle: one of each kind, since all of a kind go one way.

interface Target {
  readonly resource: string
  readonly name: string
  /** As a merge patch. */
  readonly change: object
}

const target = (resource: string, name: string, change: object): Target => ({
  resource,
  name,
  change,
})
const selective = { matchLabels: { strict: 'yes' } }
const policy = 'kradle-organization-scope'
const defaults = 'kradle-organization-defaults'
const targets = [
  target('validatingwebhookconfiguration', 'kradle', { webhooks: null }),
  target('mutatingwebhookconfiguration', 'kradle', { webhooks: null }),
  target('validatingadmissionpolicy', policy, {
    spec: { matchConstraints: { namespaceSelector: selective } },
  }),
  target('validatingadmissionpolicybinding', policy, { spec: { validationActions: ['Warn'] } }),
  target('mutatingadmissionpolicy', defaults, {
    spec: { matchConstraints: { namespaceSelector: selective } },
  }),
  target('mutatingadmissionpolicybinding', defaults, {
    spec: { matchResources: { namespaceSelector: selective } },
  }),
  target('apiservice', 'v1alpha1.activity.kradle.a5c.ai', { spec: { versionPriority: 1 } }),
]

const contents = async ({ resource, name }: Target): Promise<string> => {
  const { code, stdout } = await kubectl('get', resource, name, '-o', 'json')
  if (code !== 0) return ''
  const {
    metadata,
    status: _,
    ...rest
  } = JSON.parse(stdout) as {
    metadata: { labels?: object }
    status?: object
  }
  return JSON.stringify([metadata.labels, rest])
}

for (const each of targets) {
  const { resource, name, change } = each
  t.test(`${resource} is put back`, async t => {
    const shipped = await contents(each)
    t.not(shipped, '')
    const restored = (what: string) =>
      until(`${resource} ${name} is back after it was ${what}`, async () => {
        return (await contents(each)) === shipped
      })
    await asked('patch', resource, name, '--type=merge', '-p', JSON.stringify(change))
    await restored('changed')
    await asked('delete', resource, name)
    await restored('deleted')
  })
}
