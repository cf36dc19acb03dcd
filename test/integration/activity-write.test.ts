import { randomInt, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { startControlPlane } from '#hack/local/control-plane.ts'
import { jsonEqual } from '#src/lib/json-diff.ts'
import { gadgetsApi } from '#test/support/apiserver/gadgets.ts'
import {
  createCases,
  deleteCases,
  patchCases,
  updateCases,
  type Case,
  type Json,
  type Stored,
} from '#test/support/apiserver/write-cases.ts'
import { wire } from '#test/support/apiserver/wire.ts'
import type { Answer } from '#test/support/schema/api.ts'
import { until } from '#test/support/running.ts'

// The writing verbs against kube-apiserver itself: a definition installed there, the same definition behind our handlers
// on a store in memory, and the same requests to both, one after the other. Both have to answer the same (code, body,
// warnings), and have to have stored the same after it, up to what nobody can foresee: uids, times, versions, random
// names. managedFields are another part's, and left out.
// WRITE_SHOW=1 prints every answer of kube-apiserver.
const home = mkdtempSync(join(tmpdir(), 'kradle-test-'))
const controlPlane = await startControlPlane({ home, unsafeNoFsync: true })
const real = wire(controlPlane)
t.teardown(async () => {
  real.close()
  await controlPlane.stop()
  rmSync(home, { recursive: true, force: true })
})

const NAMESPACE = 'diff'
const COLLECTION = `/apis/check.example.com/v1/namespaces/${NAMESPACE}/gadgets`
const JSON_TYPE = 'application/json'

async function created(path: string, body: unknown): Promise<void> {
  const { status } = await real.send({
    method: 'POST',
    path,
    body: JSON.stringify(body),
    contentType: JSON_TYPE,
  })
  if (status !== 201) throw new Error(`${path}: ${status}`)
}
await created('/api/v1/namespaces', {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: NAMESPACE },
})
await created(
  '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  parse(readFileSync('test/support/apiserver/gadgets.yaml', 'utf8')),
)
await until('gadgets are served', async () => {
  const { status } = await real.send({ method: 'GET', path: COLLECTION })
  return status === 200
})

interface Side {
  send(request: Case, body: string): Promise<Answer>
  stored(name: string): Promise<Json | undefined>
}

const kube: Side = {
  send: ({ method, name = '', subresource, query = '', type = '' }, body) =>
    real.send({
      method,
      path: `${COLLECTION}${name && `/${name}`}${subresource ? `/${subresource}` : ''}?${query}`,
      body,
      contentType: type,
    }),
  async stored(name) {
    const { status, body } = await real.send({ method: 'GET', path: `${COLLECTION}/${name}` })
    return status === 200 ? body : undefined
  },
}
const ours: Side = gadgetsApi(NAMESPACE, { uuid: randomUUID, index: below => randomInt(below) })

const names = [
  ...new Set(
    [createCases, updateCases, patchCases, deleteCases].flatMap(cases =>
      cases.flatMap(({ name, body }) => {
        const metadata = (body as { metadata?: { name?: string } } | undefined)?.metadata
        return [name, metadata?.name].filter(
          found => typeof found === 'string' && /^[a-z0-9]+$/.test(found),
        )
      }),
    ),
  ),
] as string[]

async function ask(side: Side, request: Case): Promise<{ answer: Answer; changed: boolean }> {
  const before = new Map<string, Json>()
  for (const name of names) {
    const object = await side.stored(name)
    if (object) before.set(name, object)
  }
  const { body = '' } = request
  const made: unknown =
    typeof body === 'function'
      ? (body as (stored: Stored) => unknown)(name =>
          structuredClone(before.get(name) as ReturnType<Stored>),
        )
      : body
  const answer = await side.send(request, typeof made === 'string' ? made : JSON.stringify(made))
  const name = request.name ?? ''
  const after = await side.stored(name)
  return { answer, changed: !jsonEqual(versionOf(before.get(name)), versionOf(after)) }
}

const versionOf = (object: Json | undefined): unknown =>
  (object?.['metadata'] as Json | undefined)?.['resourceVersion'] ?? null

/** Without what nobody can foresee. */
function seen(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map(item => seen(item))
    // An order that Go leaves to chance.
    return key === 'causes' ? items.map(item => JSON.stringify(item)).toSorted() : items
  }
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => name !== 'managedFields')
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, item]) => [name, name === 'resourceVersion' ? '<version>' : seen(item, name)]),
    )
  if (typeof value !== 'string') return value
  return value
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>')
    .replaceAll(/20[2-9]\d-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, time =>
      time.startsWith('2020') ? time : '<time>',
    )
    .replaceAll(/\b(gen-x*)[a-z0-9]{5}\b/g, '$1<random>')
    .replaceAll(/\(\d+\)/g, '(<version>)')
    .replaceAll(/\\"managedFields\\":\[.*?\],\\"name\\"/g, '\\"name\\"')
    .replaceAll(/\\"resourceVersion\\":\\"\d+\\"/g, '\\"resourceVersion\\":\\"<version>\\"')
}

let asked = 0
for (const [verb, cases] of Object.entries({ createCases, updateCases, patchCases, deleteCases })) {
  t.test(verb, async t => {
    for (const request of cases) {
      asked += 1
      const theirs = await ask(kube, request)
      const mine = await ask(ours, request)
      if (process.env['WRITE_SHOW'])
        t.comment(
          `${request.says}: ${theirs.answer.status} ${JSON.stringify(seen(theirs.answer.body))} ${JSON.stringify(theirs.answer.warnings)}`,
        )
      t.strictSame(
        {
          code: mine.answer.status,
          body: seen(mine.answer.body),
          warnings: mine.answer.warnings,
          changed: mine.changed,
        },
        {
          code: theirs.answer.status,
          body: seen(theirs.answer.body),
          warnings: theirs.answer.warnings,
          changed: theirs.changed,
        },
        `${request.method} ${request.says}`,
      )
      const differing: unknown[] = []
      for (const name of names) {
        const [one, other] = [seen(await ours.stored(name)), seen(await kube.stored(name))]
        if (!jsonEqual(one ?? null, other ?? null)) differing.push({ name, ours: one, kube: other })
      }
      t.strictSame(differing, [], `what is stored after: ${request.says}`)
    }
  })
}

t.teardown(() => t.comment(`${asked} requests`))
