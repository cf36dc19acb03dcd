import fc from 'fast-check'
import t from 'tap'
import type { AgentSecretGrant } from '#src/api/identity/v1alpha1.ts'
import { MOST_REFERENCES, referencesOf } from '#src/permissions/pod-references.ts'
import { reviewPod } from '#src/permissions/pod-review.ts'
import type { PodAt } from '#src/permissions/pod-template.ts'
import { cachedCluster } from '#src/lib/cached-cluster.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { Store } from '#src/lib/store.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { recorded } from '#src/lib/recorded-cluster.ts'
import { cluster, now } from '#test/fixtures.ts'
import {
  account,
  configGrant,
  container,
  namespace,
  peopleGrant,
  podAt,
  podSpec,
  runMetadata,
  secretGrant,
  secretVariable,
  stack,
  ways,
} from '#test/fixtures-grants.ts'

const world = [account(), stack(), secretGrant(), configGrant()]
const review = (pod = podAt(), ...objects: KubernetesObject[]) => reviewIn(pod, cluster(...objects))
const reviewIn = (pod: PodAt, seen: Cluster) =>
  reviewPod(pod, referencesOf(pod.spec, pod.path), namespace, { cluster: seen })

t.test('allows the key that is granted', async t => {
  t.match(review(podAt(), ...world), [
    {
      requirement: {
        name: 'model',
        key: 'token',
        field: 'spec.containers[0].env[0].valueFrom.secretKeyRef',
      },
      answer: 'allowed',
      grant: 'repairer-model',
    },
  ])
  t.equal(review(podAt(), ...world)[0]?.manifest(), undefined)
})

t.test(
  'what is sorted for one Pod is sorted anew for the next once a grant has changed',
  async t => {
    const store = new Store()
    const others = new Store()
    for (const object of [account(), stack()]) others.set(object)
    const watched = cachedCluster(({ kind }) => [kind === 'AgentSecretGrant' ? store : others], now)
    const answers = () => reviewIn(podAt(), watched).map(({ answer }) => answer)
    const grant = secretGrant()
    t.strictSame(answers(), ['missingGrant'])
    store.set(grant)
    t.strictSame(answers(), ['allowed'])
    t.strictSame(answers(), ['allowed'])
    store.set({ ...grant, spec: { ...grant.spec, expiresAt: '2020-01-01T00:00:00Z' } } as never)
    t.strictSame(answers(), ['staleGrant'])
    store.set({
      ...grant,
      spec: { ...grant.spec, secretRef: { name: 'other', keys: ['token'] } },
    } as never)
    t.strictSame(answers(), ['missingGrant'])
    store.set(grant)
    t.strictSame(answers(), ['allowed'])
    store.delete(`${namespace}/${grant.metadata.name}`)
    t.strictSame(answers(), ['missingGrant'])
  },
)

t.test('a missing grant comes with what to apply, which then is enough', async t => {
  const [result] = review(podAt(), account(), stack())
  t.match(result, { answer: 'missingGrant', rule: 'R51', reason: /no AgentSecretGrant/ })
  const grant = JSON.parse(result!.manifest()!) as AgentSecretGrant
  t.match(review(podAt(), account(), stack(), grant), [{ answer: 'allowed' }])
})

t.test('the same for people', async t => {
  const people = podAt({ containers: [container({ env: [secretVariable()] })] }, {})
  const [result] = review(people)
  t.match(result, { answer: 'missingGrant', reason: /people run under account "default"/ })
  t.match(review(people, JSON.parse(result!.manifest()!) as AgentSecretGrant), [
    { answer: 'allowed' },
  ])
})

t.test('a ConfigMap needs a grant of its own kind', async t => {
  const spec = podSpec({
    containers: [],
    volumes: [{ configMap: { name: 'skill', items: [{ key: 'rules' }] } }],
  })
  t.match(review(podAt(spec), ...world), [{ answer: 'allowed', grant: 'repairer-skill' }])
  t.match(review(podAt(spec), account(), stack()), [
    { answer: 'missingGrant', reason: /AgentConfigGrant/ },
  ])
})

t.test('the certificate of the API server is for everybody, by itself', async t => {
  const projected = (...keys: string[]) =>
    podSpec({
      containers: [],
      volumes: [
        {
          projected: {
            sources: [
              { configMap: { name: 'kube-root-ca.crt', items: keys.map(key => ({ key })) } },
            ],
          },
        },
      ],
    })
  t.match(review(podAt(projected('ca.crt'))), [{ answer: 'allowed', reason: /everybody/ }])
  t.match(review(podAt(projected('ca.crt', 'other'))), [
    { answer: 'allowed' },
    { answer: 'missingGrant' },
  ])
  t.match(review(podAt(projected())), [{ answer: 'denied' }])
  const secret = secretVariable('kube-root-ca.crt', 'ca.crt')
  t.match(review(podAt(podSpec({ containers: [container({ env: [secret] })] })), stack()), [
    { answer: 'missingGrant' },
  ])
})

const all = (rest: object) => podAt(podSpec({ containers: [container()], ...rest }))
const keys = secretGrant({ secretRef: { name: 'model', keys: ['token', 'backup'] } })

t.test('nothing grants a whole Secret; the answer lists the keys that are granted', async t => {
  const purposes = JSON.stringify({
    'model/token': 'model-provider',
    'model/backup': 'model-provider',
  })
  const metadata = runMetadata({ annotations: { 'kradle.a5c.ai/purposes': purposes } })
  const spec = (rest: object) => podAt(podSpec({ containers: [], ...rest }), metadata)
  const volumes = [{ secret: { secretName: 'model' } }]
  const objects = [account(), stack(), keys, secretGrant({}, { name: 'again' })]
  t.match(review(spec({ volumes }), ...objects), [
    { answer: 'denied', rule: 'R53', fix: /in items; granted are: backup, token$/ },
  ])
  const containers = [container({ envFrom: [{ secretRef: { name: 'model' } }] })]
  t.match(review(spec({ containers }), ...objects), [
    { answer: 'denied', fix: /env\.valueFrom; granted are: backup, token$/ },
  ])
  const csi = [{ csi: { nodePublishSecretRef: { name: 'model' } } }]
  t.match(review(spec({ volumes: csi }), ...objects), [{ answer: 'denied', fix: /driver/ }])
})

t.test('keys that could not be used are not among them', async t => {
  const volumes = [{ secret: { secretName: 'model' } }]
  t.match(review(all({ volumes }), account(), stack(), keys), [{ fix: /granted are: token$/ }])
  t.match(review(all({ volumes }), account(), stack()), [
    { fix: /none of them has one for agents/ },
  ])
  const files = secretGrant({ mountPolicy: 'env' })
  t.match(review(all({ volumes }), account(), stack(), files), [{ fix: /none of them/ }])
})

t.test('what the stack forbids is refused, whatever is granted', async t => {
  const limited = stack({ secretPolicy: { allowOnForks: false, allowedSecretRefs: ['other'] } })
  t.match(review(podAt(), account(), limited, secretGrant()), [{ answer: 'denied', rule: 'R64' }])
  const noStack = runMetadata()
  const { 'kradle.a5c.ai/agent-stack': _, ...labels } = noStack.labels
  t.match(review(podAt(podSpec(), { ...noStack, labels }), account(), limited, secretGrant()), [
    { answer: 'allowed' },
  ])
})

t.test('looks at nothing where there is nothing to review, and otherwise once', async t => {
  const { cluster: seen, looks } = recorded(cluster(...world))
  t.strictSame(reviewIn(podAt(podSpec({ containers: [container()] })), seen), [])
  t.equal(looks.gets.size + looks.lists.size, 0)

  let lists = 0
  const counted = {
    ...seen,
    list: ((...args) => (lists++, seen.list(...args))) as typeof seen.list,
  }
  const env = [secretVariable(), secretVariable(), secretVariable('model', 'other')]
  reviewIn(podAt(podSpec({ containers: [container({ env })] })), counted)
  t.equal(lists, 1)
  t.strictSame([...looks.lists.keys()], [`agentsecretgrants.kradle.a5c.ai/${namespace}`])
})

t.test('a stack that is not there gets no Secret, whatever is granted', async t => {
  const volumes = [{ configMap: { name: 'skill', items: [{ key: 'rules' }] } }]
  const grants = [
    account(),
    secretGrant({ serviceAccountRef: 'repairer-account' }),
    configGrant({ serviceAccountRef: 'repairer-account' }),
  ]
  t.match(review(podAt(podSpec({ volumes })), ...grants), [
    { requirement: { source: 'secret' }, answer: 'denied', rule: 'R64', reason: /does not exist/ },
    { requirement: { source: 'configmap' }, answer: 'allowed' },
  ])
})

t.test('the most references there may be are compared with the grants on their names', async t => {
  let looks = 0
  const grants = Array.from({ length: 2000 }, (_, index) => {
    const grant = secretGrant({}, { name: `grant-${index}` })
    const ref = { name: `m-${index}`, keys: ['k'] }
    const spec = Object.defineProperty({ ...grant.spec }, 'secretRef', {
      get: () => (looks++, ref),
    })
    return { ...grant, spec }
  })
  const env = Array.from({ length: MOST_REFERENCES }, (_, index) => secretVariable(`m-${index}`))
  const results = review(
    podAt(podSpec({ containers: [container({ env })] })),
    account(),
    stack(),
    ...grants,
  )
  t.equal(results.length, MOST_REFERENCES)
  t.ok(looks < 5 * grants.length, `${looks} looks`)
})

t.test(
  'a reference of any known field is refused without a grant, and counts once granted',
  async t => {
    for (const [name, { spec, found }] of Object.entries(ways)) {
      const metadata = runMetadata({
        annotations: { 'kradle.a5c.ai/purposes': JSON.stringify({ [`n/${found.key}`]: 'p' }) },
      })
      const at = podAt({ serviceAccountName: 'repairer-account', ...spec }, metadata)
      const [result] = review(at, account(), stack())
      t.equal(result?.answer, found.key === undefined ? 'denied' : 'missingGrant', name)
      const manifest = result?.manifest()
      if (!manifest) continue
      const grant = JSON.parse(manifest) as AgentSecretGrant
      t.match(review(at, account(), stack(), grant)[0], { answer: 'allowed' }, name)
    }
  },
)

t.test('no mixture of references gets a key that is not granted', async () => {
  const list = Object.values(ways)
  const grants = [account(), stack(), secretGrant(), configGrant(), peopleGrant()]
  fc.assert(
    fc.property(fc.shuffledSubarray(list), fc.boolean(), (chosen, isRun) => {
      const spec: Record<string, unknown[]> = {}
      for (const way of chosen)
        for (const [field, items] of Object.entries(way.spec))
          spec[field] = [...(spec[field] ?? []), ...(items as unknown[])]
      const at = podAt(
        { ...spec, serviceAccountName: 'repairer-account' },
        isRun ? runMetadata() : {},
      )
      const results = review(at, ...grants)
      return results.length >= chosen.length && results.every(({ answer }) => answer !== 'allowed')
    }),
    { numRuns: 500, seed: 20261121 },
  )
})
