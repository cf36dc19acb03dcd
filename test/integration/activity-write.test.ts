import { randomInt, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { startControlPlane } from '#hack/local/control-plane.ts'
import { ask, type Side } from '#test/support/apiserver/asked.ts'
import { gadgetsApi } from '#test/support/apiserver/gadgets.ts'
import {
  createCases,
  deleteCases,
  patchCases,
  updateCases,
} from '#test/support/apiserver/write-cases.ts'
import { wire } from '#test/support/apiserver/wire.ts'
import { until } from '#test/support/running.ts'

// The writing verbs against kube-apiserver itself: a definition installed there, the same definition behind our handlers
// on a store in memory, and the same requests to both, one after the other. Both have to answer the same (code, body,
// warnings), and have to have stored the same after it, up to what nobody can foresee: uids, times, versions, random
// names. managedFields are another part's, and left out.
// WRITE_RECORD=file keeps what kube-apiserver answered.
const home = mkdtempSync(join(tmpdir(), 'kradle-test-'))
const controlPlane = await startControlPlane({ home, unsafeNoFsync: true })
// The garbage collector would take away in its own time what deletions leave to it.
await controlPlane.kill('kube-controller-manager')
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

let asked = 0
const recorded: unknown[] = []
for (const [verb, cases] of Object.entries({ createCases, updateCases, patchCases, deleteCases })) {
  t.test(verb, async t => {
    for (const request of cases) {
      asked += 1
      const theirs = await ask(kube, request)
      recorded.push(theirs)
      const mine = await ask(ours, request)
      if (request.differs) t.comment(`${request.method} ${request.says}: ${request.differs}`)
      else t.strictSame(mine, theirs, `${request.method} ${request.says}`)
    }
  })
}

t.teardown(() => {
  t.comment(`${asked} requests`)
  const file = process.env['WRITE_RECORD']
  if (file) writeFileSync(file, JSON.stringify(recorded))
})
