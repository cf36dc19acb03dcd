/** Rights that a run of the suite and the drills does not need, and the code that does. */
export interface RarelyUsed {
  /** Accounts of kradle-system; left out, any. */
  readonly accounts?: readonly string[]
  /** What `textOf` says of the right. */
  readonly right: RegExp
  /** The file whose code asks for it. */
  readonly by: string
  /** In which case. */
  readonly when: string
}

const SERVING = ['webhook', 'apiserver']
const TENANTS = 'persistentvolumeclaims|serviceaccounts|pods|configmaps|secrets'

/** The first that fits explains a right. */
export const rarelyUsed: readonly RarelyUsed[] = [
  {
    right: /^(?:create|patch) events$/,
    by: 'src/lib/events.ts',
    when: 'a condition changes, or changes to what it was before',
  },
  {
    accounts: ['admission-controller'],
    right: / services /,
    by: 'src/controllers/admission/installed.ts',
    when: 'the activity API is beside the cluster, so that a Service has to name its host',
  },
  {
    accounts: ['admission-controller'],
    right: /^delete apiservices/,
    by: 'src/controllers/admission/installation.ts',
    when: 'the activity API was switched off',
  },
  {
    accounts: ['apiserver'],
    right: /^create tokenreviews/,
    by: 'src/apiserver/auth/delegated.ts',
    when: 'somebody asks with a token, past the aggregator',
  },
  {
    accounts: ['apiserver'],
    right: /^get namespaces$/,
    by: 'src/apiserver/admission/namespaces.ts',
    when: 'something is written to a namespace made a moment before',
  },
  {
    accounts: ['scan-controller'],
    right: /reports\.(?:openreports|wgpolicyk8s)\.io$/,
    by: 'src/scan/write.ts',
    when: 'reports are written by the other group, or a namespace has nothing to report any more',
  },
  {
    accounts: ['scan-controller'],
    right: /^get (?:persistentvolumeclaims|serviceaccounts|\S+\.activity\.kradle\.a5c\.ai)$/,
    by: 'src/scan/reads.ts',
    when: 'an object that is scanned names something that nobody watches',
  },
  {
    accounts: SERVING,
    right: /^get \S+kradle\.a5c\.ai$/,
    by: 'src/admission/snapshot.ts',
    when: 'a rule reads live what a write names and no watch has brought yet',
  },
  {
    accounts: ['webhook'],
    right: new RegExp(`^get (?:${TENANTS}) in kradle-org-\\*$`),
    by: 'src/admission/snapshot.ts',
    when: 'a rule reads what nobody watches',
  },
  {
    accounts: ['webhook'],
    right: /^get (?:cluster)?roles\.rbac/,
    by: 'webhooks/agentrolebinding/role-is-held.ts',
    when: 'a native role is lent to an agent',
  },
  {
    accounts: ['policy-controller'],
    right: /openreports\.io$/,
    by: 'src/controllers/policy/report-counts.ts',
    when: 'Kyverno reports by the other group',
  },
  {
    accounts: ['grants-controller'],
    right: /^delete serviceaccounts/,
    by: 'src/controllers/grants/agentserviceaccount.ts',
    when: 'an AgentServiceAccount is deleted while its organisation stays',
  },
  {
    accounts: ['grants-controller'],
    right: /^delete (?:roles|rolebindings)/,
    by: 'src/controllers/grants/agentrolebinding.ts',
    when: 'an AgentRoleBinding is deleted while its organisation stays',
  },
  {
    accounts: ['grants-controller'],
    right: /^get (?:pods|persistentvolumeclaims) in kradle-org-\*$/,
    by: 'src/deployments.ts',
    when: 'it is the webhook that reads them, by the role that both have in the namespaces of organisations',
  },
  {
    accounts: ['grants-controller'],
    right: /^get clusterroles/,
    by: 'src/controllers/grants/agentrolebinding.ts',
    when: 'a native ClusterRole is lent to an agent',
  },
  {
    accounts: ['identity-controller'],
    right: / resourcequotas$/,
    by: 'src/controllers/identity/census.ts',
    when: 'the namespace of a new organisation is there already, and what is in it has to be counted',
  },
]

/** What explains that the account holds the right, undefined where nothing is known. */
export const explanationOf = (account: string, right: string): RarelyUsed | undefined =>
  rarelyUsed.find(each => (each.accounts?.includes(account) ?? true) && each.right.test(right))
