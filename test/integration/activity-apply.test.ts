import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'
import t from 'tap'
import { parse } from 'yaml'
import { startControlPlane } from '#hack/local/control-plane.ts'
import type { UnknownObject } from '#src/api/object.ts'
import { fieldManagerOf } from '#src/apiserver/managed-fields/field-manager.ts'
import type { OpenApiSchema } from '#src/apiserver/resource.ts'
import { StatusError } from '#src/apiserver/status-error.ts'
import { jsonDiff, jsonEqual } from '#src/lib/json-diff.ts'
import { patchApi, type Answer } from '#test/support/apply/api.ts'
import { comparable, serverOf } from '#test/support/apply/expected.ts'
import {
  API_VERSION,
  KIND,
  programOf,
  type Program,
  type Step,
} from '#test/support/apply/program.ts'
import { dice } from '#test/support/fuzz/dice.ts'
import { until } from '#test/support/running.ts'

// Server-side apply and managedFields against kube-apiserver itself: a definition with every type that merging knows,
// and sequences of writes by several managers. After every step the object, its managedFields and what a refusal says
// have to be what src/apiserver/managed-fields makes of the same live object, which is the API server's own.
// APPLY_SEQUENCES=3000 and APPLY_STEPS=20 ask more; APPLY_SEED repeats a run.
const SEQUENCES = Number(process.env['APPLY_SEQUENCES'] ?? 300)
const STEPS = Number(process.env['APPLY_STEPS'] ?? 12)
const SEED = Number(process.env['APPLY_SEED'] ?? 20261121)
const SHOWN = Number(process.env['APPLY_SHOW'] ?? 3)
const IN_FLIGHT = 8
/** The managers that nobody names. */
const REMARKABLE = ['ancient-changes', 'before-first-apply']

const home = mkdtempSync(join(tmpdir(), 'kradle-test-'))
const controlPlane = await startControlPlane({ home, unsafeNoFsync: true })
const api = patchApi(controlPlane, IN_FLIGHT)
t.teardown(async () => {
  api.close()
  await controlPlane.stop()
  rmSync(home, { recursive: true, force: true })
})

const definition = parse(readFileSync('test/support/apply/definition.yaml', 'utf8')) as {
  spec: { versions: [{ schema: { openAPIV3Schema: OpenApiSchema } }] }
}
const schema = definition.spec.versions[0].schema.openAPIV3Schema
const server = serverOf(fieldManagerOf({ schema, apiVersion: API_VERSION, kind: KIND }), schema)
const COLLECTION = '/apis/apply.example.com/v1/namespaces/default/mergeds'

await api.call({
  method: 'POST',
  path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  body: definition,
})
await until('the definition is served', async () => {
  const { status } = await api.call({
    method: 'PATCH',
    path: `${COLLECTION}/probe?fieldManager=probe&dryRun=All`,
    contentType: 'application/apply-patch+yaml',
    body: { apiVersion: API_VERSION, kind: KIND, metadata: { name: 'probe' } },
  })
  return status === 201
})

interface Sequence {
  readonly program: Program
  live: UnknownObject | undefined
}

const sequences = Array.from({ length: SEQUENCES }, (_, index): Sequence => {
  const name = `o${index}`
  return { program: programOf(name, schema, dice(SEED + index)), live: undefined }
})

const counts = new Map<string, number>()
const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1)
const differences: string[] = []

/** The steps of all sequences in turn, so that time goes by between those of each. */
for (let round = 0; round < STEPS; round++) {
  const waiting = [...sequences]
  const begun = Date.now()
  const worker = async (): Promise<void> => {
    for (let next = waiting.pop(); next; next = waiting.pop()) await step(next)
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
  await sleep(Math.max(0, begun + 1000 - Date.now()))
}

async function step(sequence: Sequence): Promise<void> {
  const { live } = sequence
  const asked = sequence.program.next(live)
  const before = Math.floor(Date.now() / 1000)
  const answer = await send(asked)
  const expected = outcome(() => server.after(live, asked, timeOf(answer, before)))
  const difference = differenceOf(answer, expected)
  count(`${asked.type}${asked.subresource && ` ${asked.subresource}`}: ${answer.status}`)
  if (difference) differences.push(inspect({ asked, live, ...difference }, { depth: 20 }))
  if (answer.status < 300) {
    sequence.live = answer.body as UnknownObject
    for (const { manager } of (sequence.live.metadata.managedFields ?? []) as { manager: string }[])
      if (REMARKABLE.includes(manager)) count(`with an entry of ${manager}`)
  }
}

function send({ type, name, manager, subresource, body, ...rest }: Step): Promise<Answer> {
  const force = 'force' in rest && rest.force ? '&force=true' : ''
  const path = type === 'create' ? '' : `/${name}${subresource && `/${subresource}`}`
  return api.call({
    method: { create: 'POST', replace: 'PUT' }[type as string] ?? 'PATCH',
    path: `${COLLECTION}${path}?fieldManager=${manager}${force}`,
    body,
    contentType:
      {
        apply: 'application/apply-patch+yaml',
        'merge-patch': 'application/merge-patch+json',
        'json-patch': 'application/json-patch+json',
      }[type as string] ?? 'application/json',
  })
}

/** When the server did it: that stands in the entry of whoever did it, if in any. */
function timeOf({ body }: Answer, before: number): string {
  const { managedFields } = (body as { metadata: { managedFields?: { time?: string }[] } }).metadata
  const times = (managedFields ?? []).flatMap(({ time }) => (time ? [Date.parse(time) / 1000] : []))
  const last = Math.max(0, ...times)
  return `${new Date((last >= before ? last : before) * 1000).toISOString().slice(0, 19)}Z`
}

function outcome(act: () => UnknownObject): UnknownObject | StatusError {
  try {
    return act()
  } catch (error) {
    if (error instanceof StatusError) return error
    throw error
  }
}

function differenceOf(
  { status, body }: Answer,
  expected: UnknownObject | StatusError,
): object | undefined {
  if (expected instanceof StatusError) {
    count(`refused by the manager of fields: ${expected.code}`)
    const { metadata: _, ...wanted } = JSON.parse(JSON.stringify(expected.body))
    const { metadata: _metadata, ...found } = body
    if (expected.reason === '') delete wanted.reason
    return jsonEqual(sorted(wanted), sorted(found)) ? undefined : { wanted, found }
  }
  // What the schema itself refuses is not of interest here.
  if (status === 422 || status === 400) return void count(`refused by the schema: ${status}`)
  const [wanted, found] = [comparable(expected), comparable(body as UnknownObject)]
  const changes = jsonDiff(wanted, found)
  return status < 300 && changes.length === 0 ? undefined : { status, changes, found }
}

/** Go says causes of several managers in no order. */
function sorted(status: { details?: { causes?: unknown[] } }): unknown {
  const causes = status.details?.causes?.map(cause => JSON.stringify(cause)).toSorted()
  return causes ? { ...status, details: { ...status.details, causes } } : status
}

t.test('makes of every write what kube-apiserver makes of it', async test => {
  test.comment(
    `seed ${SEED}, ${SEQUENCES} sequences of ${STEPS} steps, ${differences.length} differences`,
  )
  for (const what of [...counts.keys()].toSorted()) test.comment(`${what}: ${counts.get(what)}`)
  for (const difference of differences.slice(0, SHOWN)) test.comment(difference)
  test.equal(differences.length, 0)
  const times = (what: string): number => counts.get(what) ?? 0
  test.ok(times('refused by the manager of fields: 409') > SEQUENCES / 10, 'many conflict')
  for (const manager of REMARKABLE) test.ok(times(`with an entry of ${manager}`) > 0)
  const others = times('refused by the schema: 422') + times('refused by the schema: 400')
  test.ok(others < (SEQUENCES * STEPS) / 10, 'few are refused for another reason')
})
