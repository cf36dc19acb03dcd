import type { Api } from '#hack/local/api.ts'
import { leaseName, type KyvernoName } from './artefacts.ts'
import { kyvernoNamespace } from './objects.ts'

/**
 * Whether a process that was born then (milliseconds) works: it renews its lease, and the admission controller judges.
 *
 * Most of them serve nothing that could be asked.
 */
export async function isReady(name: KyvernoName, api: Api, since: number): Promise<boolean> {
  const lease = await api(
    'GET',
    `/apis/coordination.k8s.io/v1/namespaces/${kyvernoNamespace}/leases/${leaseName(name)}`,
  )
  if (lease.status !== 200 || !wasRenewed(lease.body, since)) return false
  return name !== 'admission' || (await judges(api))
}

/** Whether a Lease, as JSON, was renewed after a time in milliseconds. */
export function wasRenewed(lease: string, since: number): boolean {
  const { renewTime } = (JSON.parse(lease) as { spec: { renewTime?: string } }).spec
  return renewTime !== undefined && Date.parse(renewTime) >= since
}

/** Whether it refuses a policy that it cannot compile, all the way through the API server; nothing is stored. */
async function judges(api: Api): Promise<boolean> {
  const { status, body } = await api('POST', `${policies}?dryRun=All`, broken)
  return status >= 400 && body.includes('validate-policy.kyverno.svc') && body.includes('denied')
}

const policies = '/apis/policies.kyverno.io/v1/namespaces/default/namespacedvalidatingpolicies'

const broken = {
  apiVersion: 'policies.kyverno.io/v1',
  kind: 'NamespacedValidatingPolicy',
  metadata: { name: 'is-kyverno-there', namespace: 'default' },
  spec: {
    matchConstraints: {
      resourceRules: [
        { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] },
      ],
    },
    validations: [{ expression: 'this is no expression' }],
  },
}
