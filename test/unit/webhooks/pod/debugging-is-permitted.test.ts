import t from 'tap'
import { Pod } from '#src/api/core/v1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { admissionRequest, cluster, objectOf, request } from '#test/fixtures.ts'
import { account, container, namespace, pod, podSpec, runMetadata } from '#test/fixtures-grants.ts'
import { readRequest } from '#webhooks/request.ts'
import type { Access, AccessReview } from '#webhooks/rule.ts'
import rule from '#webhooks/pod/debugging-is-permitted.ts'

/** As the API server asks: the object of a CONNECT is its options. */
const connect = (subresource = 'exec', name = 'work', home = namespace) =>
  readRequest({
    ...admissionRequest('CONNECT', Pod, objectOf(Pod, { metadata: { name, namespace: home } })),
    subResource: subresource,
    object: { apiVersion: 'v1', kind: 'PodExecOptions', command: ['sh'] } as never,
  })

const debug = {
  verb: 'debug',
  group: 'kradle.a5c.ai',
  resource: 'agentstacks',
  namespace,
  name: 'repairer',
}
const access = (...given: AccessReview[]): Access => ({
  knows: () => true,
  allowed: review => given.some(each => JSON.stringify(each) === JSON.stringify(review)),
})
const decide = (
  asked = connect(),
  objects: KubernetesObject[] = [pod()],
  ...given: AccessReview[]
) => rule.decide(asked, cluster(...objects), access(...given))

t.test('who may debug the stack gets into its Pods', async t => {
  t.strictSame(rule.reviews(connect(), cluster(pod())), [debug])
  t.strictSame(decide(connect(), [pod()], debug), [])
})

t.test('nobody else does, however they try', async t => {
  for (const subresource of ['exec', 'attach', 'portforward', 'proxy'])
    t.match(
      decide(connect(subresource), [pod()], { ...debug, name: 'other' }),
      [
        {
          rule: 'R42',
          field: 'metadata.name',
          value: 'work',
          problem: /stack "repairer"/,
          fix: /"debug" on agentstacks\.kradle\.a5c\.ai "repairer"/,
        },
      ],
      subresource,
    )
  const attached = pod(podSpec({ ephemeralContainers: [container()] }))
  const update = { ...request('UPDATE', Pod, attached, pod()), subresource: 'ephemeralcontainers' }
  t.match(decide(update), [{ rule: 'R42' }])
  t.strictSame(decide(update, [pod()], debug), [])
  t.strictSame(rule.subresources, ['attach', 'ephemeralcontainers', 'exec', 'portforward', 'proxy'])
})

t.test(
  'a Pod under the account of an agent counts, and one that states no stack is for those who may debug all',
  async t => {
    const unlabelled = [pod(podSpec(), {}), account()]
    t.strictSame(rule.reviews(connect(), cluster(...unlabelled)), [{ ...debug, name: '' }])
    t.match(decide(connect(), unlabelled, debug), [{ problem: /the agents of this organisation/ }])
    t.strictSame(decide(connect(), unlabelled, { ...debug, name: '' }), [])
  },
)

t.test('there is nothing to debug in the Pods of people', async t => {
  const people = pod(podSpec(), {})
  t.strictSame(rule.reviews(connect(), cluster(people)), [])
  t.strictSame(decide(connect(), [people]), [])
})

t.test('a Pod that is not there may be an agent by the time it is', async t => {
  t.strictSame(rule.reviews(connect(), cluster()), [])
  t.match(decide(connect(), []), [{ value: 'work', problem: 'is no Pod that is there' }])
})

t.test('reads the Pod that is meant as it is now', async t => {
  const named = (subresource: string, name: string) => rule.lookups(connect(subresource, name))
  const want = { kind: Pod, name: 'work', namespace, fresh: 'live' }
  t.strictSame(named('exec', 'work'), [want])
  t.strictSame(named('proxy', 'work'), [want])
  t.strictSame(named('proxy', 'work:8080'), [want])
  t.strictSame(named('proxy', 'https:work:8443'), [want])
  t.match(decide(connect('proxy', 'https:work:8443')), [{ value: 'https:work:8443' }])
})

t.test('has no opinion outside of the namespaces of organisations', async t => {
  const foreign = connect('exec', 'work', 'default')
  const there = pod(podSpec(), runMetadata())
  t.strictSame(rule.lookups(foreign), [])
  t.strictSame(rule.reviews(foreign, cluster(there)), [])
  t.strictSame(decide(foreign, []), [])
})
