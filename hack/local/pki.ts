import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isCurrent, issueCa, issueLeaf, newKeyPair, type Leaf, type Pair } from './certificates.ts'
import { writeDurably } from './durable.ts'

const loopback = { dns: ['localhost'], ips: ['127.0.0.1'] }

/** Three separate authorities: a client of etcd is not thereby a user of the API server, nor a front proxy. */
const authorities = ['ca', 'etcd-ca', 'front-proxy-ca'] as const
type Authority = (typeof authorities)[number]

const leaves = {
  apiserver: {
    ca: 'ca',
    commonName: 'kube-apiserver',
    usages: ['server'],
    dns: [
      'localhost',
      'kubernetes',
      'kubernetes.default',
      'kubernetes.default.svc',
      'kubernetes.default.svc.cluster.local',
    ],
    ips: ['127.0.0.1', '10.96.0.1'],
  },
  admin: {
    ca: 'ca',
    commonName: 'kubernetes-admin',
    organization: 'system:masters',
    usages: ['client'],
  },
  'controller-manager': {
    ca: 'ca',
    commonName: 'system:kube-controller-manager',
    usages: ['client', 'server'],
    ...loopback,
  },
  'front-proxy-client': {
    ca: 'front-proxy-ca',
    commonName: 'front-proxy-client',
    usages: ['client'],
  },
  etcd: { ca: 'etcd-ca', commonName: 'etcd', usages: ['server', 'client'], ...loopback },
  'apiserver-etcd-client': { ca: 'etcd-ca', commonName: 'kube-apiserver', usages: ['client'] },
} as const satisfies Record<string, Leaf & { ca: Authority }>

export type PkiName = Authority | keyof typeof leaves

/** Makes what is missing, foreign or about to expire; the rest stays, so that kubeconfigs and tokens stay valid. */
export async function ensurePki(folder: string, now = new Date()): Promise<Record<PkiName, Pair>> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const pairs: Partial<Record<PkiName, Pair>> = {}
  for (const name of authorities) {
    const kept = load(folder, name)
    const current = kept && isCurrent(kept.cert, kept.cert, now)
    pairs[name] = current ? kept : save(folder, name, await issueCa(`kradle-local-${name}`, now))
  }
  await Promise.all(
    Object.entries(leaves).map(async ([name, { ca, ...leaf }]) => {
      const kept = load(folder, name)
      const current = kept && isCurrent(kept.cert, pairs[ca]!.cert, now)
      pairs[name as PkiName] = current
        ? kept
        : save(folder, name, await issueLeaf(pairs[ca]!, leaf, now))
    }),
  )
  if (!existsSync(join(folder, 'sa.key')) || !existsSync(join(folder, 'sa.pub'))) {
    const { key, publicKey } = await newKeyPair()
    writeDurably(join(folder, 'sa.key'), key, 0o600)
    writeDurably(join(folder, 'sa.pub'), publicKey)
  }
  return pairs as Record<PkiName, Pair>
}

function load(folder: string, name: string): Pair | undefined {
  const [cert, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)]
  if (!existsSync(cert) || !existsSync(key)) return undefined
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
}

/** The key first: a certificate on disk then always has the key it belongs to, or is made again with it. */
function save(folder: string, name: string, pair: Pair): Pair {
  writeDurably(join(folder, `${name}.key`), pair.key, 0o600)
  writeDurably(join(folder, `${name}.crt`), pair.cert)
  return pair
}
