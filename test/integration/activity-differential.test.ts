import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { parse } from 'yaml'
import type { KubernetesObject } from '#src/api/object.ts'
import { ACTIVITY_GROUP } from '#src/api/names.ts'
import { exchange } from '#test/support/differential/exchange.ts'
import { normalised } from '#test/support/differential/normalise.ts'
import { NAMESPACE, requests } from '#test/support/differential/requests.ts'
import { createOrganization, running, until, withActivity } from '#test/support/running.ts'

// The same definition is a custom resource under one group and served by kradle-apiserver under another, in one
// kube-apiserver. Both are asked the same, one request after the other, and answer the same up to ids, times and versions.

/** As long as the other one: some messages are cut off after so many characters. */
const SHADOW = 'activity.kradle.shadow'

const definitions = mkdtempSync(join(tmpdir(), 'kradle-definitions-'))
t.teardown(() => rmSync(definitions, { recursive: true, force: true }))
cpSync('crds/activity', definitions, { recursive: true })
const trials = 'test/support/differential/trials.yaml'
cpSync(trials, join(definitions, 'trials.yaml'))

const { client, controlPlane } = await running(t, {
  processes: withActivity.map(process =>
    process.name === 'apiserver'
      ? { ...process, flags: ['--definitions', definitions, ...(process.flags ?? [])] }
      : process,
  ),
})
const { send, close } = exchange(controlPlane)
t.teardown(close)
await createOrganization(client, 'acme')

const text = readFileSync(trials, 'utf8')
  .replaceAll(ACTIVITY_GROUP, SHADOW)
  .replace('definitions.kradle.a5c.ai/v1alpha1', 'apiextensions.k8s.io/v1')
  .replace('AggregatedResourceDefinition', 'CustomResourceDefinition')
await client.raw({
  method: 'POST',
  path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  body: parse(text) as KubernetesObject,
})
const groups = [SHADOW, ACTIVITY_GROUP] as const
for (const group of groups)
  await until(`${group} is served`, async () => {
    const { status } = await send(`/apis/${group}/v1alpha1`, {
      name: '',
      method: 'GET',
      path: `/namespaces/${NAMESPACE}/trials`,
    })
    return status === 200
  })

/** What differs and may, each with why, and the requests that show it. docs/activity-api.md lists the same. At most ten. */
const ACCEPTED: Readonly<Record<string, readonly string[]>> = {
  'a path that is nothing gets a Status, not a line of text': [
    'create in no namespace',
    'get another resource',
    'delete a collection everywhere',
  ],
  'what is wrong with YAML is said in the words of another parser': [
    'create with broken YAML',
    'apply broken YAML',
  ],
  'answers are JSON: no protobuf, no YAML': [
    'create with text',
    'create with protobuf',
    'get as protobuf',
    'get as text',
    'get as an unknown form',
    'get as a table of another version',
    'watch as text',
  ],
  'one object as a list of metadata is not acceptable (406), not an internal error (500)': [
    'get as a list of metadata',
  ],
  'a version that is no number is a fault of the request (4xx), not an internal error (500)': [
    'get at no version',
    'watch a wrong version',
  ],
  'below a subresource there is nothing, rather than the object': ['get deeper'],
  'labels are not compared as numbers: the index knows no order': [
    'labels index>1',
    'labels index<3',
    'labels index>x',
  ],
  'a continue token that is none is refused without saying where its encoding breaks': [
    'list continue=x',
    'list continue=x&resourceVersion=1',
  ],
  'nothing is created at the path of an object': ['create with a name'],
  'a patch of apiVersion is refused under the name of the group that serves it': [
    'merge the apiVersion',
  ],
}
const why = new Map(
  Object.entries(ACCEPTED).flatMap(([reason, all]) => all.map(name => [name, reason])),
)

t.test('answers as a custom resource does', async t => {
  const all = groups.map(group => requests(`${group}/v1alpha1`))
  const distinct = new Set(all[0]!.map(asked => JSON.stringify({ ...asked, name: '' })))
  t.ok(distinct.size >= 400, `${distinct.size} distinct requests`)
  const pairs: unknown[] = []
  for (const [index, { name }] of all[0]!.entries()) {
    const [theirs, ours] = await Promise.all(
      groups.map(async (group, side) =>
        normalised(await send(`/apis/${group}/v1alpha1`, all[side]![index]!), group),
      ),
    )
    pairs.push({ name, theirs, ours })
    const reason = why.get(name.replace(/^\d+ /, ''))
    if (reason === undefined) t.strictSame(ours, theirs, name)
    else t.notOk(isDeepStrictEqual(ours, theirs), `${name} differs: ${reason}`)
  }
  const out = process.env['DIFFERENTIAL_OUT']
  if (out !== undefined) writeFileSync(out, JSON.stringify(pairs))
  t.ok(Object.keys(ACCEPTED).length <= 10, `${Object.keys(ACCEPTED).length} accepted differences`)
})

/** Selectors that objects enter and leave, and the forms in which that is told. */
const WATCHES: readonly (readonly [query: string, accept: string])[] = [
  ['', 'application/json'],
  ['labelSelector=seen%3Dyes', 'application/json'],
  ['labelSelector=!seen', 'application/json'],
  ['fieldSelector=spec.colour%3Dred', 'application/json'],
  ['fieldSelector=metadata.name%3Dsecond', 'application/json'],
  ['labelSelector=seen%3Dyes', 'application/json;as=Table;v=v1;g=meta.k8s.io'],
  ['labelSelector=seen%3Dyes', 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io'],
]

t.test('tells watchers of what enters and leaves as a custom resource does', async t => {
  const told = await Promise.all(
    groups.map(async group => {
      const root = `/apis/${group}/v1alpha1`
      const all = `/namespaces/${NAMESPACE}/trials`
      const ask = (method: string, path: string, body?: object) =>
        send(root, {
          name: '',
          method,
          path: all + path,
          ...(body && { body: JSON.stringify(body) }),
          headers: {
            'content-type': `application/${method === 'PATCH' ? 'merge-patch+json' : 'json'}`,
          },
        })
      const { metadata } = JSON.parse((await ask('GET', '')).body) as {
        metadata: { resourceVersion: string }
      }
      const from = `watch=true&timeoutSeconds=6&resourceVersion=${metadata.resourceVersion}`
      const watches = WATCHES.map(([query, accept]) =>
        send(root, {
          name: '',
          method: 'GET',
          path: `${all}?${from}&${query}`,
          headers: { accept },
        }),
      )
      const seen = (value: string | null) => ({ metadata: { labels: { seen: value } } })
      for (const name of ['first', 'second'])
        await ask('POST', '', {
          apiVersion: `${group}/v1alpha1`,
          kind: 'Trial',
          metadata: { name, labels: { seen: 'no' } },
          spec: { colour: 'red' },
        })
      await ask('PATCH', '/first', seen('yes'))
      await ask('PATCH', '/first', { spec: { colour: 'blue' } })
      await ask('PATCH', '/first', seen('no'))
      await ask('PATCH', '/second', seen(null))
      await ask('PATCH', '/first', { ...seen('yes'), spec: { colour: 'red' } })
      await ask('DELETE', '/first')
      await ask('DELETE', '/second')
      return (await Promise.all(watches)).map(answer => normalised(answer, group))
    }),
  )
  for (const [index, [query, accept]] of WATCHES.entries())
    t.strictSame(told[1]![index], told[0]![index], `${query} as ${accept}`)
})
