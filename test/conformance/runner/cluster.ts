import type { Need } from '../scenario.ts'
import type { Kubectl } from './kubectl.ts'

/** What there is of what can be missing, and why the rest is not. */
export interface Cluster {
  readonly has: ReadonlySet<Need>
  readonly missing: ReadonlyMap<Need, string>
  /** As the API server knows whoever runs this. */
  readonly admin: string
  /** One line for the head of the report. */
  readonly version: string
}

/** This cannot be tried at all; the message is for whoever runs it. */
export class NotThere extends Error {}

const looks: Readonly<Record<Need, { readonly args: readonly string[]; readonly why: string }>> = {
  activity: {
    args: ['get', 'apiservice', 'v1alpha1.activity.kradle.a5c.ai', '-o', 'name'],
    why: 'the activity API is not installed',
  },
  kyverno: {
    args: ['get', 'validatingwebhookconfigurations', '-o', 'name', ...labelled()],
    why: 'Kyverno does not run',
  },
  reports: {
    args: ['get', 'crd', 'policyreports.wgpolicyk8s.io', '-o', 'name'],
    why: 'there is no kind PolicyReport',
  },
  catalogue: {
    args: ['get', 'policytemplates.kradle.a5c.ai', '-n', 'kradle-system', '-o', 'name'],
    why: 'the catalogue of policy templates is not installed',
  },
  deployments: {
    args: ['get', 'deployments', '-n', 'kradle-system', '-o', 'name'],
    why: 'there are no nodes, Kradle runs beside the cluster',
  },
  nodes: { args: ['get', 'nodes', '-o', 'name'], why: 'the cluster has no nodes' },
}

function labelled(): readonly string[] {
  return ['-l', 'webhook.kyverno.io/managed-by=kyverno']
}

/** Looks around. Throws `NotThere` where there is no cluster, no Kradle, or not the rights of its admin. */
export async function lookAt(kubectl: Kubectl): Promise<Cluster> {
  const must = async (why: string, ...args: string[]) => {
    const { code, stdout, stderr } = await kubectl.run({ args, seconds: 30 })
    if (code !== 0) throw new NotThere(`${why}: ${stderr.trim() || stdout.trim()}`)
    return stdout.trim()
  }
  const server = await must('no cluster answers', 'version', '-o', 'json')
  await must('Kradle is not installed', 'get', 'crd', 'organizations.kradle.a5c.ai', '-o', 'name')
  await must(
    'an admin of the cluster is needed',
    'auth',
    'can-i',
    '*',
    '*',
    '--all-namespaces',
    '--quiet',
  )
  const admin = await must(
    'the API server does not say who asks',
    'auth',
    'whoami',
    '-o',
    'jsonpath={.status.userInfo.username}',
  )
  const missing = new Map<Need, string>()
  const has = new Set<Need>()
  for (const [need, { args, why }] of Object.entries(looks) as [Need, (typeof looks)[Need]][]) {
    const { code, stdout } = await kubectl.run({ args, seconds: 30 })
    if (code === 0 && stdout.trim() !== '') has.add(need)
    else missing.set(need, why)
  }
  return { has, missing, admin, version: `Kubernetes ${versionIn(server)}` }
}

const versionIn = (text: string): string =>
  (JSON.parse(text) as { serverVersion?: { gitVersion?: string } }).serverVersion?.gitVersion ?? '?'
