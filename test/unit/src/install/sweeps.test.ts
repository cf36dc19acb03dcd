import t from 'tap'
import { Secret, Service } from '#src/api/core/v1.ts'
import { generated, guards, isOurs, leftovers } from '#src/install/sweeps.ts'

const labels = { 'app.kubernetes.io/part-of': 'kradle' }
const object = (metadata: object, rest: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Example',
  metadata: { name: 'a', ...metadata },
  ...rest,
})

t.test('bindings go before policies, and policies before exceptions', async t => {
  const order = [...guards, ...generated].map(({ kind }) => kind.kind)
  const before = (a: string, b: string) => t.ok(order.indexOf(a) < order.indexOf(b), `${a}, ${b}`)
  before('ValidatingAdmissionPolicyBinding', 'ValidatingAdmissionPolicy')
  before('MutatingAdmissionPolicyBinding', 'MutatingAdmissionPolicy')
  before('NamespacedValidatingPolicy', 'PolicyException')
})

t.test('of what has a name that others could use, only ours goes', async t => {
  const of = (kind: object) => leftovers(['policy-controller']).find(each => each.kind === kind)!
  t.equal(isOurs(of(Secret), object({ labels })), true)
  t.equal(isOurs(of(Secret), object({})), false, 'cert-manager made it')
  t.equal(isOurs(of(Service), object({ labels }, { spec: { type: 'ClusterIP' } })), false)
  t.equal(isOurs(of(Service), object({ labels })), false)
  t.equal(isOurs(of(Service), object({ labels }, { spec: { type: 'ExternalName' } })), true)
  t.equal(isOurs(of(Service), object({}, { spec: { type: 'ExternalName' } })), false)
  const lease = leftovers(['policy-controller']).at(-1)!
  t.strictSame(lease.names, ['policy-controller'])
  t.equal(isOurs(lease, object({})), true)
})
