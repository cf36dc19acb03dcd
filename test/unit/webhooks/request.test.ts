import t from 'tap'
import type { AdmissionRequest } from '#src/api/admission/v1.ts'
import { Team } from '#src/api/identity/v1alpha1.ts'
import { admissionRequest, team } from '#test/fixtures.ts'
import { readRequest } from '#webhooks/request.ts'

const create = (change: object = {}) => ({ ...admissionRequest('CREATE', Team, team()), ...change })
const withObject = (object: unknown) => create({ object })
const nameless = { apiVersion: 'v1', kind: 'Thing', metadata: { name: '' } }

t.test('gives rules an object whose maps are there', async t => {
  const { metadata } = team()
  const read = readRequest(withObject({ ...team(), metadata: { name: metadata.name }, spec: null }))
  t.match(read.object, { metadata: { labels: {}, annotations: {} }, spec: {} })
  t.equal(read.submitted.spec, null)
})

t.test('takes the object that goes on DELETE, and the stored one besides on UPDATE', async t => {
  t.equal(readRequest(admissionRequest('DELETE', Team, team())).object.metadata.name, 'core')
  t.equal(readRequest(admissionRequest('DELETE', Team, team())).oldObject, undefined)
  const update = readRequest(admissionRequest('UPDATE', Team, team(), team('globex')))
  t.equal(update.oldObject?.spec['organizationRef'], 'globex')
})

t.test('takes the name of the object where the request has none', async t => {
  t.equal(readRequest(create({ name: '' })).name, 'core')
  t.equal(readRequest(withObject({ metadata: { generateName: 'x-' } })).name, 'core')
  t.equal(readRequest(create({ name: undefined, object: { metadata: {} } })).name, '')
})

t.test(
  'takes the options of a CONNECT for an object that has the name of what is connected to',
  async t => {
    const exec = { apiVersion: 'v1', kind: 'PodExecOptions', command: ['sh'] }
    const connect = create({ operation: 'CONNECT', name: 'web', object: exec })
    t.match(readRequest(connect), { name: 'web', object: { ...exec, metadata: { name: 'web' } } })
  },
)

t.test('reads dryRun and the absence of a namespace', async t => {
  t.equal(readRequest(create({ dryRun: true })).dryRun, true)
  t.equal(readRequest(create({ namespace: undefined })).namespace, '')
})

const malformed: Record<string, AdmissionRequest> = {
  'an unknown operation': create({ operation: 'PATCH' }),
  'no operation': create({ operation: undefined }),
  'no resource': create({ resource: null }),
  'a resource that is no text': create({ resource: { group: 'x', resource: 7 } }),
  'no user': create({ userInfo: undefined }),
  'a user without a name': create({ userInfo: { username: '' } }),
  'no object': withObject(null),
  'a list for an object': withObject([]),
  'no metadata': withObject({ spec: {} }),
  'labels that are no map': withObject({ metadata: { labels: [] } }),
  'annotations that are no map': withObject({ metadata: { annotations: 'x' } }),
  'a spec that is no map': withObject({ metadata: {}, spec: 'x' }),
  'no old object on UPDATE': { ...admissionRequest('UPDATE', Team, team()), oldObject: null },
  'a namespace that is no text': create({ namespace: 7 }),
  'a deletion of nobody': {
    ...withObject(null),
    operation: 'DELETE',
    name: '',
    oldObject: nameless,
  },
  'an update of nobody': {
    ...withObject(nameless),
    operation: 'UPDATE',
    name: '',
    oldObject: nameless,
  },
}
for (const [name, review] of Object.entries(malformed))
  t.test(`refuses ${name}`, async t => {
    t.throws(() => readRequest(review), { code: 'MalformedRequest' })
  })
