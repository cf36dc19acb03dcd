import { demanding, open, plain, type Body } from './bodies.ts'
import { mapOf, metadataOf, text, type Map } from './json.ts'

/** What the cluster is known to hold. Every other organisation does not exist. */
export interface World {
  /** Organisations that are Ready. */
  readonly live: readonly string[]
  /** Organisations being deleted: their binding is gone, their namespace is going. */
  readonly going: readonly string[]
  /** What is in the namespaces of the living, in the order in which it can be created. */
  readonly objects: readonly Map[]
  /** What Kradle makes of them by itself. */
  readonly projections: readonly Map[]
  /** What people may do in the namespace of the first organisation. */
  readonly rights: readonly Right[]
}

export interface Right {
  readonly user: string
  readonly rules: readonly PolicyRule[]
}

export type PolicyRule = {
  apiGroups: string[]
  resources: string[]
  verbs: string[]
  resourceNames?: string[]
}

/** One question about somebody's rights. */
export interface Question {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly namespace: string
  readonly name: string
}

/** The namespace that nearly everything is in. */
export const HOME = 'kradle-org-acme'

/** Who may do anything: a group, so it does not go by the name. */
export const MASTERS = 'system:masters'

/** Programs of the first organisation. Roles are not bound to their names, so they come as masters. */
export const REPAIRER = `system:serviceaccount:${HOME}:repairer`
export const FREE = `system:serviceaccount:${HOME}:free`

/** The midnight before so many days from now: whether something has ended goes by the clock. */
export const inDays = (days: number): string =>
  `${new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10)}T00:00:00Z`

export const KRADLE = 'kradle.a5c.ai'
/** The namespace of what is everybody's. */
export const PLATFORM = 'kradle-system'
const RBAC = 'rbac.authorization.k8s.io'

const inside = (apiVersion: string, kind: string, name: string, rest: Map = {}): Map => ({
  apiVersion,
  kind,
  ...rest,
  metadata: { name, namespace: HOME, ...mapOf(rest['metadata']) },
})
const kradle = (kind: string, name: string, spec: Map, slug = 'acme'): Map =>
  inside(`${KRADLE}/v1alpha1`, kind, name, {
    metadata: { namespace: `kradle-org-${slug}`, labels: { [`${KRADLE}/org`]: slug } },
    spec: { organizationRef: slug, ...spec },
  })
const account = (name: string, spec: Map, slug = 'acme') =>
  kradle(
    'AgentServiceAccount',
    name,
    { namespace: `kradle-org-${slug}`, serviceAccountName: name, purpose: 'agent', ...spec },
    slug,
  )
const stack = (name: string, spec: Map, serviceAccountRef = 'repairer') =>
  kradle('AgentStack', name, {
    baseAgent: 'claude-code',
    adapter: 'agent-mux.claude-code',
    runtimeIdentity: { serviceAccountRef },
    approvalMode: 'prompt',
    ...spec,
  })
const mcpServer = (name: string, spec: Map) =>
  kradle('AgentMcpServer', name, { transport: 'http', url: 'https://example.com/mcp', ...spec })
const workspacePolicy = (name: string, requiresApproval: boolean) =>
  kradle('KradleWorkspacePolicy', name, {
    mode: 'isolated-worktree',
    requiresApproval,
    retentionPolicy: { onSuccess: 'archive' },
  })
/** One of the platform belongs to no organisation. */
const template = (name: string, { says }: Body, slug?: string): Map => {
  const shared = { displayName: name, ...says }
  if (slug !== undefined) return kradle('PolicyTemplate', name, shared, slug)
  return {
    apiVersion: `${KRADLE}/v1alpha1`,
    kind: 'PolicyTemplate',
    metadata: { name, namespace: PLATFORM },
    spec: shared,
  }
}
const profile = (name: string, mode: string, exceptions: Map, slug = 'acme') =>
  kradle(
    'PolicyProfile',
    name,
    {
      displayName: name,
      mode,
      exceptions: {
        allowed: true,
        maxDurationDays: 30,
        requireRiskAcceptance: true,
        ...exceptions,
      },
    },
    slug,
  )
const policy = (name: string, mode: string, profileRef: string) =>
  kradle('PolicyBinding', name, { templateRef: 'title', mode, profileRef })
const person = (name: string): Map[] => [
  kradle('User', name, {
    displayName: name,
    email: `${name}@example.com`,
    signInState: 'active',
    admin: false,
  }),
  kradle('IdentityMapping', `${name}-here`, { user: name, provider: 'kubernetes', subject: name }),
]
const secretGrant = (name: string, secret: string, keys: string[], spec: Map) =>
  kradle('AgentSecretGrant', name, {
    secretRef: { name: secret, keys },
    requiredApproval: 'never',
    ...spec,
  })
const configGrant = (name: string, keys: string[], spec: Map) =>
  kradle('AgentConfigGrant', name, {
    configMapRef: { name: 'skill', keys },
    requiredApproval: 'never',
    ...spec,
  })
const manifest = (name: string, spec: Map) =>
  kradle('ExternalProviderCapabilityManifest', name, spec)
const provider = (name: string, providerType: string, slug = 'acme') =>
  kradle('ExternalBackendProvider', name, { providerType, endpoint: 'https://example.com' }, slug)
const clusterRole = (name: string, ...rules: PolicyRule[]): Map => ({
  apiVersion: `${RBAC}/v1`,
  kind: 'ClusterRole',
  metadata: { name },
  rules,
})
const rule = (
  group: string,
  resource: string,
  verbs: string[],
  ...resourceNames: string[]
): PolicyRule => ({
  apiGroups: [group],
  resources: [resource],
  verbs,
  ...(resourceNames.length > 0 && { resourceNames }),
})
const claim = (name: string, labels: Map): Map =>
  inside('v1', 'PersistentVolumeClaim', name, {
    metadata: { labels },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  })
const pod = (name: string, serviceAccountName: string, metadata: Map = {}): Map =>
  inside('v1', 'Pod', name, {
    metadata,
    spec: {
      serviceAccountName,
      automountServiceAccountToken: false,
      containers: [{ name: 'main', image: 'image.invalid/pause:1' }],
    },
  })

const crowd = Array.from({ length: 17 }, (_, index) => `crowd-${index}`)
const fixers = { kind: 'agent-stack', name: 'fixer' }
const people = { subject: { kind: 'user', name: 'jane' }, serviceAccountRef: 'default' }

const objects: readonly Map[] = [
  inside('v1', 'Secret', 'model', {
    data: { token: 'dg==', shared: 'dg==', old: 'dg==', careful: 'dg==' },
  }),
  inside('v1', 'Secret', 'registry', { data: { '.dockerconfigjson': 'e30=' } }),
  inside('v1', 'ConfigMap', 'skill', { data: { rules: 'x', notes: 'y' } }),
  inside('v1', 'ServiceAccount', 'foreign'),
  clusterRole('fuzz-lent', rule('', 'configmaps', ['get'])),
  clusterRole('fuzz-secrets', rule('', 'secrets', ['get'])),
  clusterRole('fuzz-star', rule('', '*', ['get'])),
  clusterRole('fuzz-many', {
    apiGroups: [''],
    resources: ['configmaps'],
    verbs: ['get'],
    resourceNames: Array.from({ length: 129 }, (_, index) => `c${index}`),
  }),
  inside(`${RBAC}/v1`, 'Role', 'local', { rules: [rule('', 'configmaps', ['get'])] }),
  claim('scratch', { [`${KRADLE}/trust-tier`]: 'untrusted' }),
  claim('disk', { [`${KRADLE}/trust-tier`]: 'trusted' }),

  kradle('User', 'jane', {
    displayName: 'Jane',
    email: 'jane@example.com',
    signInState: 'active',
    admin: false,
  }),
  kradle('IdentityMapping', 'jane', { user: 'jane', provider: 'forge', subject: 'jane-of-forge' }),
  ...person('ada'),
  kradle('IdentityMapping', 'ada-at-home', {
    user: 'ada',
    provider: 'kubernetes',
    subject: 'ada-at-home',
  }),
  ...person('bob'),
  kradle('Team', 'reviewers', { displayName: 'Reviewers', members: ['bob'] }),
  account('repairer', {
    automountServiceAccountToken: false,
    allowedRepositories: ['app', 'second'],
  }),
  account('repairer', { automountServiceAccountToken: false }, 'globex'),
  account('free', { automountServiceAccountToken: true }),
  mcpServer('tracker', { scope: 'stack', allowedStacks: ['guarded'] }),
  mcpServer('open', { scope: 'organization' }),
  workspacePolicy('strict', true),
  workspacePolicy('lax', false),
  kradle('AgentContextLabel', 'style', {
    displayName: 'Style',
    promptFragment: 'Write short sentences.',
    allowedSources: ['ci-failure', 'cron'],
  }),
  stack('fixer', {
    secretPolicy: { allowOnForks: false },
    mcpServerRefs: ['open'],
    skillRefs: ['linting'],
    subagentRefs: ['tester'],
    contextLabelRefs: ['style'],
    toolProfileRef: 'careful',
    workspacePolicyRef: 'lax',
  }),
  stack('guarded', { secretPolicy: { allowOnForks: true, allowedSecretRefs: ['model'] } }),
  stack('shared', { skillRefs: ['linting', 'reading'], workspacePolicyRef: 'strict' }, 'free'),
  // Of more accounts than anybody is asked about one by one.
  ...crowd.map(name => stack(name, { skillRefs: ['crowded'] }, name)),
  kradle('KradleServingRuntime', 'sklearn', {
    supportedModelFormats: [{ name: 'sklearn', version: '1' }, { name: 'xgboost' }],
    containers: [{ image: 'image.invalid/serve:1' }],
  }),
  kradle('ArtifactRegistry', 'packages', {
    displayName: 'Packages',
    type: 'npm',
    storageBackend: 'internal',
  }),
  kradle('ArtifactFeed', 'releases', { displayName: 'Releases', registryRef: 'packages' }),
  template('title', open, 'acme'),
  template('theirs', plain, 'globex'),
  template('shipped', demanding),
  profile('usual', 'mixed', {}),
  profile('watchful', 'audit', {}),
  profile('closed', 'mixed', { allowed: false }),
  profile('brief', 'enforce', {
    maxDurationDays: 10,
    requireRiskAcceptance: false,
    approvers: [
      { kind: 'user', name: 'ada' },
      { kind: 'team', name: 'reviewers' },
      { kind: 'service-account', name: 'repairer' },
    ],
  }),
  // The only one there: it holds for bindings that name none.
  profile('house', 'mixed', { maxDurationDays: 10 }, 'globex'),
  kradle('PolicyBinding', 'titles', { templateRef: 'title', mode: 'audit' }),
  kradle(
    'PolicyBinding',
    'theirs',
    { templateRef: 'shipped', mode: 'enforce', parameters: { word: 'fix' } },
    'globex',
  ),
  policy('usual', 'enforce', 'usual'),
  policy('watched', 'enforce', 'watchful'),
  policy('closed', 'audit', 'closed'),
  policy('brief', 'enforce', 'brief'),
  policy('lost', 'audit', 'nobodys'),
  kradle('PolicyExceptionRequest', 'asked', {
    policyRef: 'titles',
    justification: 'There is no time.',
    expiresAt: inDays(5),
    approver: 'bob',
  }),

  manifest('house', {
    providerRef: 'house',
    providerType: 'sourcehut',
    webhookSignature: 'public-key',
    interfaces: ['issueTracking', 'gitForge'],
    capabilities: {
      gitForge: {
        operations: [
          { name: 'createPullRequest', supported: true, write: true },
          { name: 'updateRef', supported: false, write: true },
        ],
      },
    },
  }),
  provider('forge', 'github'),
  provider('forge', 'jira', 'globex'),
  provider('builds', 'jenkins'),
  provider('house', 'sourcehut'),

  secretGrant('fixer-model', 'model', ['token'], {
    subject: fixers,
    purpose: 'model-provider',
    mountPolicy: 'env',
    allowedRepositories: ['app'],
    allowedRefs: { include: ['refs/heads/*', 'refs/pull/*'], exclude: ['refs/heads/wip-*'] },
    allowedTriggerSources: ['ci'],
  }),
  secretGrant('repairer-registry', 'registry', ['.dockerconfigjson'], {
    subject: { kind: 'tool', name: 'puller' },
    serviceAccountRef: 'repairer',
    purpose: 'pull',
  }),
  secretGrant('guarded-model', 'model', ['token'], {
    subject: { kind: 'agent-stack', name: 'guarded' },
    purpose: 'model-provider',
    requiredApproval: 'always',
  }),
  secretGrant('free-model', 'model', ['shared', 'token'], {
    subject: { kind: 'tool', name: 'curl' },
    serviceAccountRef: 'free',
    purpose: 'model-provider',
    requiredApproval: 'on-untrusted-ref',
  }),
  secretGrant('people-model', 'model', ['token', 'shared'], {
    ...people,
    purpose: 'model-provider',
  }),
  secretGrant('people-registry', 'registry', ['.dockerconfigjson'], { ...people, purpose: 'pull' }),
  secretGrant('people-old', 'model', ['old'], {
    ...people,
    purpose: 'debugging',
    expiresAt: '2020-01-01T00:00:00Z',
  }),
  secretGrant('people-careful', 'model', ['careful'], {
    ...people,
    purpose: 'debugging',
    requiredApproval: 'always',
  }),
  configGrant('fixer-skill', ['rules'], { subject: fixers, purpose: 'skill-config' }),
  configGrant('people-skill', ['rules'], { ...people, purpose: 'debugging', mountPolicy: 'file' }),

  pod('person', 'default'),
  pod('agent', 'free'),
  pod('run', 'repairer', {
    labels: {
      [`${KRADLE}/dispatch-run`]: 'run-1',
      [`${KRADLE}/agent-stack`]: 'fixer',
      [`${KRADLE}/repository`]: 'app',
      [`${KRADLE}/trust-tier`]: 'trusted',
    },
  }),
]

const projected = (name: string, namespace: string): Map =>
  inside('v1', 'ServiceAccount', name, {
    metadata: {
      namespace,
      labels: { 'app.kubernetes.io/managed-by': 'kradle', [`${KRADLE}/owner-uid`]: 'u' },
    },
  })

export const world: World = {
  live: ['acme', 'globex'],
  going: ['hooli'],
  objects,
  projections: [
    projected('repairer', HOME),
    projected('repairer', 'kradle-org-globex'),
    projected('free', HOME),
  ],
  rights: [
    {
      user: 'paul',
      rules: [
        rule(KRADLE, 'agentstacks', ['debug'], 'fixer'),
        rule(KRADLE, 'agentserviceaccounts', ['use'], 'repairer', ...crowd),
        rule(KRADLE, 'runnerpools', ['get']),
        rule(`activity.${KRADLE}`, 'jobs', ['get']),
        rule(KRADLE, 'repositories', ['get', 'list', 'watch'], 'app'),
        rule('', 'configmaps', ['get']),
      ],
    },
    {
      user: 'quinn',
      rules: [
        rule(KRADLE, 'agentstacks', ['debug']),
        rule(KRADLE, 'agentserviceaccounts', ['use']),
        rule(RBAC, 'clusterroles', ['bind'], 'fuzz-lent', 'fuzz-secrets'),
        rule(KRADLE, 'roletemplates', ['bind'], 'repository-repair', 'ghost'),
      ],
    },
    ...['ada', 'ada-at-home', 'cleo'].map(approver => ({
      user: approver,
      rules: [rule(KRADLE, 'policyexceptionrequests', ['approve'])],
    })),
    { user: 'bob', rules: [rule(KRADLE, 'policyexceptionrequests', ['approve'], 'core')] },
  ],
}

/** The object of that kind and name, or undefined. */
export const find = (
  { objects: all, projections }: World,
  kind: string,
  name: string,
  namespace: string,
): Map | undefined =>
  [...all, ...projections].find(
    object =>
      object['kind'] === kind &&
      metadataOf(object)['name'] === name &&
      text(metadataOf(object)['namespace']) === namespace,
  )

/** Every object of a kind in a namespace. */
export const findAll = ({ objects: all }: World, kind: string, namespace: string): Map[] =>
  all.filter(
    object => object['kind'] === kind && text(metadataOf(object)['namespace']) === namespace,
  )

/** What the authorizer of this world says. */
export function may({ rights }: World, user: Map, question: Question): boolean {
  const { groups } = user
  if (Array.isArray(groups) && groups.includes(MASTERS)) return true
  const { verb, group, resource, namespace, name } = question
  return rights
    .filter(right => right.user === user['username'] && namespace === HOME)
    .flatMap(({ rules }) => rules)
    .some(
      ({ verbs, apiGroups, resources, resourceNames }) =>
        verbs.includes(verb) &&
        apiGroups.includes(group) &&
        resources.includes(resource) &&
        (!resourceNames || resourceNames.includes(name)),
    )
}
