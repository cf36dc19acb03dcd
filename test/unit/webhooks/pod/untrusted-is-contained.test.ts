import t from 'tap'
import { Deployment } from '#src/api/apps/v1.ts'
import { PersistentVolumeClaim, Pod } from '#src/api/core/v1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { cluster, objectOf, request } from '#test/fixtures.ts'
import { account, container, namespace, pod, podSpec, runMetadata } from '#test/fixtures-grants.ts'
import rule from '#webhooks/pod/untrusted-is-contained.ts'

const untrusted = runMetadata({ labels: { 'kradle.a5c.ai/trust-tier': 'untrusted' } })
const claim = (tier: string | undefined, name = 'disk') =>
  objectOf(PersistentVolumeClaim, {
    metadata: { name, namespace, ...(tier && { labels: { 'kradle.a5c.ai/trust-tier': tier } }) },
  })
const create = (rest: object, metadata: object = untrusted) =>
  request('CREATE', Pod, pod(podSpec({ containers: [container()], ...rest }), metadata))
const decide = (rest: object, ...objects: KubernetesObject[]) =>
  rule.decide(create(rest), cluster(account(), ...objects))
const inContainer = (securityContext: object) => ({ containers: [container({ securityContext })] })
const disk = { volumes: [{ persistentVolumeClaim: { claimName: 'disk' } }] }
const projected = (source: object) => ({ volumes: [{ projected: { sources: [source] } }] })
const ephemeral = (spec: object) => ({
  volumes: [{ ephemeral: { volumeClaimTemplate: { spec } } }],
})

const refused = {
  'a token': {
    spec: projected({ serviceAccountToken: { path: 'token' } }),
    field: 'spec.volumes[0].projected.sources[0].serviceAccountToken',
  },
  'a certificate of its account': {
    spec: projected({ podCertificate: { signerName: 's' } }),
    field: 'spec.volumes[0].projected.sources[0].podCertificate',
  },
  'the network of the node': { spec: { hostNetwork: true }, field: 'spec.hostNetwork' },
  'the processes of the node': { spec: { hostPID: true }, field: 'spec.hostPID' },
  'the memory of the node': { spec: { hostIPC: true }, field: 'spec.hostIPC' },
  'a node of its choice': { spec: { nodeName: 'n1' }, field: 'spec.nodeName' },
  'a path of the node': {
    spec: { volumes: [{ hostPath: { path: '/etc' } }] },
    field: 'spec.volumes[0].hostPath',
  },
  'a privileged container': {
    spec: inContainer({ privileged: true }),
    field: 'spec.containers[0].securityContext.privileged',
  },
  'a privileged init container': {
    spec: { initContainers: [container({ securityContext: { privileged: true } })] },
    field: 'spec.initContainers[0].securityContext.privileged',
  },
  'a privileged ephemeral container': {
    spec: { ephemeralContainers: [container({ securityContext: { privileged: true } })] },
    field: 'spec.ephemeralContainers[0].securityContext.privileged',
  },
  'more privileges than it starts with': {
    spec: inContainer({ allowPrivilegeEscalation: true }),
    field: 'spec.containers[0].securityContext.allowPrivilegeEscalation',
  },
  capabilities: {
    spec: inContainer({ capabilities: { add: ['SYS_ADMIN'] } }),
    field: 'spec.containers[0].securityContext.capabilities.add',
  },
  'an unmasked /proc': {
    spec: inContainer({ procMount: 'Unmasked' }),
    field: 'spec.containers[0].securityContext.procMount',
  },
  'a process of the node on Windows': {
    spec: inContainer({ windowsOptions: { hostProcess: true } }),
    field: 'spec.containers[0].securityContext.windowsOptions.hostProcess',
  },
  'a whole Pod of such processes': {
    spec: { securityContext: { windowsOptions: { hostProcess: true } } },
    field: 'spec.securityContext.windowsOptions.hostProcess',
  },
  'a port of the node': {
    spec: { containers: [container({ ports: [{ containerPort: 80 }, { hostPort: 80 }] })] },
    field: 'spec.containers[0].ports[1].hostPort',
    value: 80,
  },
  'a priority of the cluster': {
    spec: { priorityClassName: 'system-node-critical' },
    field: 'spec.priorityClassName',
  },
  ...Object.fromEntries(
    ['csi', 'nfs', 'iscsi', 'gitRepo', 'flexVolume', 'whateverComesNext'].map(source => [
      `a volume of ${source}`,
      {
        spec: { volumes: [{ name: 'v', [source]: {} }] },
        field: `spec.volumes[0].${source}`,
        value: 'v',
      },
    ]),
  ),
  'a disk by its name': {
    spec: ephemeral({ volumeName: 'n' }),
    field: 'spec.volumes[0].ephemeral.volumeClaimTemplate.spec.volumeName',
  },
  'a disk by its labels': {
    spec: ephemeral({ selector: {} }),
    field: 'spec.volumes[0].ephemeral.volumeClaimTemplate.spec.selector',
  },
  'a copy of a disk': {
    spec: ephemeral({ dataSource: { kind: 'PersistentVolumeClaim', name: 'n' } }),
    field: 'spec.volumes[0].ephemeral.volumeClaimTemplate.spec.dataSource',
  },
  'a copy of a disk, said the new way': {
    spec: ephemeral({ dataSourceRef: { kind: 'PersistentVolumeClaim', name: 'n' } }),
    field: 'spec.volumes[0].ephemeral.volumeClaimTemplate.spec.dataSourceRef',
  },
  'a disk that does not exist': {
    spec: disk,
    field: 'spec.volumes[0].persistentVolumeClaim.claimName',
    value: 'disk',
    rule: 'R150',
  },
}

for (const [name, { spec, ...want }] of Object.entries(refused))
  t.test(`untrusted work has no part in ${name}`, async t => {
    const findings = decide(spec)
    t.match(findings, [{ type: 'deny', rule: 'R151', ...want }])
    t.equal(findings.length, 1)
    const trusted = create(spec, runMetadata())
    t.strictSame(rule.decide(trusted, cluster(account())), [], 'trusted work may')
    t.strictSame(rule.decide(create(spec, {}), cluster()), [], 'people may')
    t.equal(
      rule.decide(create(spec, {}), cluster(account())).length,
      1,
      'an account of agents may not',
    )
  })

t.test('allows everything else', async t => {
  const spec = {
    hostNetwork: false,
    nodeName: '',
    priorityClassName: 'low',
    volumes: [
      { emptyDir: {} },
      { name: 'v', configMap: { name: 'n' }, nfs: null, csi: undefined },
      { secret: { secretName: 'n' } },
      { projected: { sources: [] } },
      { downwardAPI: { items: [] } },
      { image: { reference: 'i' } },
      { ephemeral: { volumeClaimTemplate: { spec: { accessModes: [] } } } },
    ],
    ...inContainer({
      privileged: false,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    }),
    initContainers: [container({ ports: [{ containerPort: 80, hostPort: 0 }] })],
  }
  t.strictSame(decide(spec), [])
})

t.test('a disk has to be one of untrusted work', async t => {
  t.strictSame(decide(disk, claim('untrusted')), [])
  t.match(decide(disk, claim('trusted')), [{ rule: 'R150' }])
  t.match(decide(disk, claim(undefined)), [{ rule: 'R150' }])
})

t.test('looks at sixteen disks, each once, and refuses more', async t => {
  const names = Array.from({ length: 17 }, (_, index) => `disk-${index}`)
  const volumes = [...names, 'disk-0'].map(claimName => ({ persistentVolumeClaim: { claimName } }))
  const lookups = rule.lookups(create({ volumes }))
  t.equal(lookups.length, 17)
  t.match(lookups[0], { name: 'repairer-account', fresh: 'on-miss' })
  t.match(lookups[1], { name: 'disk-0', namespace, fresh: 'live', part: 'metadata' })
  const claims = names.map(name => claim('untrusted', name))
  t.match(decide({ volumes }, ...claims), [{ value: 'disk-16' }])
})

t.test('looks nothing up for work that cannot be untrusted', async t => {
  t.strictSame(rule.lookups(create(disk, runMetadata())), [])
  t.strictSame(rule.lookups(create({ ...disk, serviceAccountName: undefined }, {})), [])
  t.match(rule.lookups(create(disk, {})), [{ name: 'repairer-account' }, { name: 'disk' }])
  t.match(rule.lookups(create({ ...disk, serviceAccountName: undefined })), [{ name: 'disk' }])
})

const template = (rest: object) =>
  objectOf(Deployment, {
    metadata: { name: 'work', namespace },
    spec: { template: { metadata: untrusted, spec: podSpec({ containers: [], ...rest }) } },
  })
const ofTemplate = (rest: object, ...objects: KubernetesObject[]) =>
  rule.decide(request('CREATE', Deployment, template(rest)), cluster(...objects))
const mounting = account({ automountServiceAccountToken: true })
const automount = [{ field: 'spec.template.spec.automountServiceAccountToken' }]

t.test('the Pods of a template must get no token of their own', async t => {
  t.strictSame(ofTemplate({}, account()), [])
  t.match(ofTemplate({}, mounting), automount)
  t.match(ofTemplate({}), automount, 'an account that nobody claimed has one mounted')
  t.strictSame(ofTemplate({ automountServiceAccountToken: false }, mounting), [])
  t.match(ofTemplate({ automountServiceAccountToken: true }, account()), automount)
})

t.test('a template names no node, whenever it is written; a Pod has one later', async t => {
  const update = request('UPDATE', Deployment, template({ nodeName: 'n1' }), template({}))
  t.match(rule.decide(update, cluster(account())), [{ field: 'spec.template.spec.nodeName' }])
  const running = (rest: object) =>
    pod(podSpec({ containers: [container()], nodeName: 'n1', ...rest }), untrusted)
  const attached = running({ ephemeralContainers: [container()] })
  t.strictSame(rule.decide(request('UPDATE', Pod, attached, running({})), cluster(account())), [])
})

t.test('leaves alone what did not change, and what is of no organisation', async t => {
  const bad = pod(podSpec({ hostNetwork: true }), untrusted)
  t.strictSame(rule.decide(request('UPDATE', Pod, bad, bad), cluster(account())), [])
  const elsewhere = request('CREATE', Pod, {
    ...bad,
    metadata: { ...bad.metadata, namespace: 'default' },
  })
  t.strictSame(rule.decide(elsewhere, cluster(account())), [])
  t.strictSame(rule.lookups(elsewhere), [])
})

t.test('says no more than twenty things', async t => {
  const volumes = Array.from({ length: 30 }, () => ({ hostPath: { path: '/' } }))
  t.equal(decide({ volumes }).length, 20)
})
