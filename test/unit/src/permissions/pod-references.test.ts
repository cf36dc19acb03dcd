import fc from 'fast-check'
import t from 'tap'
import {
  knownFields,
  MOST_REFERENCES,
  referencesOf,
  tokensOf,
} from '#src/permissions/pod-references.ts'
import { ways } from '#test/fixtures-grants.ts'

for (const [name, { spec, found }] of Object.entries(ways))
  t.test(`finds ${name}`, async t => {
    const references = referencesOf(spec)
    t.match(references[0], { name: 'n', optional: false, ...found })
    t.equal(references.length, found.field?.endsWith('azureFile') ? 2 : 1)
  })

t.test('says of every reference whether the Pod starts without it', async t => {
  const spec = { volumes: [{ secret: { secretName: 'n', optional: true } }] }
  t.match(referencesOf(spec), [{ optional: true }])
})

t.test('a share in Azure needs the name and the key of its account', async t => {
  const spec = { volumes: [{ azureFile: { secretName: 'n' } }] }
  t.strictSame(
    referencesOf(spec).map(({ key }) => key),
    ['azurestorageaccountname', 'azurestorageaccountkey'],
  )
})

t.test('what is not of the right type is a reference to nothing', async t => {
  t.match(referencesOf({ imagePullSecrets: ['x'], volumes: [{ secret: 7 }] }), [
    { name: '', key: undefined, field: 'spec.volumes[0].secret' },
    { name: '', way: 'pull' },
  ])
  t.match(referencesOf({ volumes: [{ secret: { secretName: 'n', items: [null] } }] }), [
    { name: 'n', key: '' },
  ])
})

t.test('stops at one more than there may be', async t => {
  const pulls = (count: number) => ({
    imagePullSecrets: Array.from({ length: count }, () => ({ name: 'n' })),
  })
  t.equal(referencesOf(pulls(MOST_REFERENCES)).length, 512)
  t.equal(referencesOf(pulls(100_000)).length, 513)
  const items = Array.from({ length: 100_000 }, () => ({ key: 'k' }))
  t.equal(referencesOf({ volumes: [{ secret: { secretName: 'n', items } }] }).length, 513)
})

t.test('starts its paths where it is told', async t => {
  t.match(referencesOf({ imagePullSecrets: [{ name: 'n' }] }, 'template.spec'), [
    { field: 'template.spec.imagePullSecrets[0]' },
  ])
})

t.test('other sources of a projected volume hold no Secret', async t => {
  const sources = [
    { serviceAccountToken: { path: 'token' } },
    { clusterTrustBundle: { name: 'n' } },
    { podCertificate: { signerName: 's' } },
    { downwardAPI: { items: [] } },
  ]
  t.strictSame(referencesOf({ volumes: [{ projected: { sources } }] }), [])
})

t.test('tokens are what volumes project, and what is said of automounting', async t => {
  const sources = [{ serviceAccountToken: { path: 'token' } }, { podCertificate: {} }]
  const volumes = [{}, { projected: { sources } }]
  t.strictSame(tokensOf({ volumes, automountServiceAccountToken: false }), {
    projected: [
      {
        field: 'spec.volumes[1].projected.sources[0].serviceAccountToken',
        kind: 'serviceAccountToken',
      },
      { field: 'spec.volumes[1].projected.sources[1].podCertificate', kind: 'podCertificate' },
    ],
    automount: false,
  })
  t.strictSame(tokensOf({}), { projected: [], automount: undefined })
})

t.test('its list of fields is that of the API', async t => {
  const containers = [
    'env[].valueFrom.configMapKeyRef',
    'env[].valueFrom.secretKeyRef',
    'envFrom[].configMapRef',
    'envFrom[].secretRef',
  ]
  t.strictSame(
    knownFields,
    [
      ...['containers', 'initContainers', 'ephemeralContainers'].flatMap(list =>
        containers.map(field => `${list}[].${field}`),
      ),
      'imagePullSecrets',
      ...[
        'azureFile.secretName',
        'cephfs.secretFile',
        'cephfs.secretRef',
        'cinder.secretRef',
        'configMap',
        'csi.nodePublishSecretRef',
        'flexVolume.secretRef',
        'iscsi.secretRef',
        'projected.sources[].configMap',
        'projected.sources[].secret',
        'rbd.secretRef',
        'scaleIO.secretRef',
        'secret',
        'secret.secretName',
        'storageos.secretRef',
      ].map(field => `volumes[].${field}`),
    ].toSorted(),
  )
})

t.test('walking any JSON never throws', async () => {
  fc.assert(
    fc.property(fc.jsonValue(), spec => Array.isArray(referencesOf(spec))),
    { numRuns: 1000, seed: 20261121 },
  )
  // Random JSON seldom has a field that is looked at.
  const field = fc.constantFrom(
    ...knownFields.flatMap(path => path.split(/\[\]\.|\./)),
    'projected',
    'sources',
    'items',
    'name',
    'key',
  )
  const { tree } = fc.letrec(tie => ({
    tree: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      fc.jsonValue({ maxDepth: 1 }),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(field, tie('tree'), { maxKeys: 4 }),
    ),
  }))
  fc.assert(
    fc.property(tree, spec => {
      const references = referencesOf(spec)
      return tokensOf(spec).projected.length >= 0 && references.every(({ field: at }) => at !== '')
    }),
    { numRuns: 2000, seed: 20261121 },
  )
})
