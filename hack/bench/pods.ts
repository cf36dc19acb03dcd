import { isJudged, type Probe, type Sample } from './sample.ts'
import { namespaceOf, referenceGroup, teams, teamsPath } from './teams.ts'
import { writeOf, type Write } from './writer.ts'

/** The Secret whose keys the Pod uses, and that one grant of each organisation is for. */
export const secretName = 'bench'
export const grantedKeys = ['a', 'b'] as const

const core = (slug: string, plural: string) => `/api/v1/namespaces/${namespaceOf(slug)}/${plural}`

const container = {
  name: 'main',
  image: `registry.invalid/bench@sha256:${'0'.repeat(64)}`,
  resources: { requests: { cpu: '100m', memory: '64Mi' } },
}

const variable = (key: string) => ({
  name: key.toUpperCase(),
  valueFrom: { secretKeyRef: { name: secretName, key } },
})

const granted = { containers: [{ ...container, env: grantedKeys.map(variable) }] }

/** Ways to a key that nobody granted. A rule that lets one of them pass is not equal to the others. */
const ungranted: Readonly<Record<string, object>> = {
  'another key in env': { containers: [{ ...container, env: [variable('c')] }] },
  'a whole Secret in env': {
    containers: [{ ...container, envFrom: [{ secretRef: { name: secretName } }] }],
  },
  'another key in an init container': {
    ...granted,
    initContainers: [{ ...container, name: 'init', env: [variable('c')] }],
  },
  'a whole Secret as a volume': {
    ...granted,
    volumes: [{ name: 'files', secret: { secretName } }],
  },
  'another key in a projected volume': {
    ...granted,
    volumes: [
      {
        name: 'files',
        projected: {
          sources: [{ secret: { name: secretName, items: [{ key: 'c', path: 'c' }] } }],
        },
      },
    ],
  },
}

function podWith(spec: object, slug: string, name: string): Write {
  return writeOf(core(slug, 'pods'), {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { serviceAccountName: 'default', automountServiceAccountToken: false, ...spec },
  })
}

/**
 * What `npm run bench -- grants` creates.
 *
 * Its reference is a Team of a group that no setup looks at. A Pod outside of the
 * organisations would pass as well, but not unseen: the API server evaluates the
 * conditions of Kradle's policies and webhooks on it, and would hide what that costs.
 */
export const pods: Sample = {
  noun: 'Pod',
  plain: 'two keys',
  write: (_, slug, name) => podWith(granted, slug, name),
  reference: teams.reference,
  probes: setup =>
    Object.entries(ungranted).map<Probe>(([what, spec]) => ({
      title: `a Pod with ${what}`,
      write: (slug, name) => podWith(spec, slug, name),
      isRight: isJudged(setup),
    })),
  collections: slug => [core(slug, 'pods'), teamsPath(referenceGroup, slug)],
}

/**
 * The Secrets of the organisations and all grants of theirs, `grants` together. Organisations
 * take turns, as grants come about: those of one lie apart in every store.
 */
export function* seeds(slugs: readonly string[], grants: number): Generator<Write> {
  yield* slugs.map(secretOf)
  for (let index = 0; index < grants; index++) {
    const each = Math.ceil((grants - (index % slugs.length)) / slugs.length)
    yield grantOf(slugs[index % slugs.length]!, Math.floor(index / slugs.length), each)
  }
}

/** The Secret of one organisation, without which no grant of it may be written. */
export const secretOf = (slug: string): Write =>
  writeOf(core(slug, 'secrets'), {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secretName },
    stringData: Object.fromEntries([...grantedKeys, 'c'].map(key => [key, 'bench'])),
  })

/**
 * Grant number `index` of the `count` of one organisation. The one in the middle is the one
 * the Pod needs; the others are on other Secrets and say as much as a grant usually does.
 */
export function grantOf(slug: string, index: number, count: number): Write {
  const used = index === Math.floor(count / 2)
  return writeOf(`/apis/kradle.a5c.ai/v1alpha1/namespaces/${namespaceOf(slug)}/agentsecretgrants`, {
    apiVersion: 'kradle.a5c.ai/v1alpha1',
    kind: 'AgentSecretGrant',
    metadata: { name: `bench-${index}`, labels: { 'kradle.a5c.ai/org': slug } },
    spec: {
      organizationRef: slug,
      subject: { kind: 'user', name: 'ada' },
      serviceAccountRef: 'default',
      secretRef: { name: used ? secretName : `${secretName}-${index}`, keys: grantedKeys },
      purpose: 'bench',
      ...(!used && restrictions),
    },
  })
}

const restrictions = {
  allowedRepositories: ['app'],
  allowedRefs: { include: ['refs/heads/*'], exclude: ['refs/heads/release/*'] },
  allowedTriggerSources: ['manual', 'ci'],
  mountPolicy: 'env',
  requiredApproval: 'on-untrusted-ref',
  rotationPolicy: { maxAgeDays: 90 },
}
