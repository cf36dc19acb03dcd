import type { PolicyRule } from '#src/api/rbac/v1.ts'

/** The group of Kradle's configuration kinds. */
const CONFIG = 'kradle.a5c.ai'

/** The group of the kinds that tell of what happens. */
const ACTIVITY = 'activity.kradle.a5c.ai'

const GET = ['get']
const READ = ['get', 'list', 'watch']
const WRITE = ['create', 'patch', 'update']
const ALL = [...READ, ...WRITE, 'delete']

const rule = (group: string, resources: string[], verbs: string[]): PolicyRule =>
  Object.freeze({ apiGroups: [group], resources, verbs })

const repositories = rule(CONFIG, ['repositories'], READ)
const work = rule(ACTIVITY, ['issues', 'pullrequests', 'reviews'], READ)
const builds = rule(ACTIVITY, ['jobs', 'pipelines'], READ)
const runs = rule(
  ACTIVITY,
  ['agentdispatchattempts', 'agentdispatchruns', 'agentsessions', 'kradleartifacts'],
  READ,
)
const workspaces = rule(CONFIG, ['kradleworkspacepolicies', 'kradleworkspaces'], READ)
const pods = rule('', ['pods'], READ)
const logs = rule('', ['pods/log'], GET)
const jobs = rule('batch', ['jobs'], READ)

/**
 * What an agent or runner can be lent, by the name a roleRef gives. Resource by resource:
 * none has a wildcard, and none holds anything that `forbiddenIn` names. No ConfigMap and no
 * Secret is in any of them but for secret-grant-admin, which may read the ConfigMaps it may
 * grant anyway: keys are reached through grants (R51).
 */
export const roleTemplates: Readonly<Record<string, readonly PolicyRule[]>> = Object.freeze({
  readonly: [
    repositories,
    rule(
      CONFIG,
      [
        'agentcontextlabels',
        'agentskills',
        'agentstacks',
        'agentsubagents',
        'agenttoolprofiles',
        'agenttriggerrules',
        'branchprotections',
        'kradleprojects',
        'refpolicies',
        'runnerpools',
      ],
      READ,
    ),
    workspaces,
    work,
    builds,
    runs,
  ],
  'repository-repair': [
    repositories,
    rule(CONFIG, ['branchprotections', 'refpolicies'], READ),
    work,
    rule(ACTIVITY, ['issues', 'pullrequests', 'reviews'], WRITE),
    builds,
    runs,
  ],
  'ci-diagnoser': [
    repositories,
    rule(CONFIG, ['runnerpools'], READ),
    work,
    builds,
    runs,
    pods,
    logs,
    jobs,
  ],
  'workspace-manager': [
    repositories,
    rule(CONFIG, ['kradleworkspacepolicies'], READ),
    rule(CONFIG, ['kradleworkspaces'], ALL),
    rule(ACTIVITY, ['kradleworkspaceruntimes'], READ),
    pods,
    logs,
  ],
  'runner-untrusted': [rule(CONFIG, ['runnerpools'], GET), rule(ACTIVITY, ['jobs'], GET)],
  'runner-trusted': [
    repositories,
    rule(CONFIG, ['runnerpools'], READ),
    workspaces,
    builds,
    rule(ACTIVITY, ['kradleartifacts'], [...GET, 'create']),
    pods,
    logs,
    jobs,
  ],
  'secret-grant-admin': [
    rule(CONFIG, ['agentserviceaccounts', 'agentstacks'], READ),
    rule(CONFIG, ['agentconfiggrants', 'agentsecretgrants'], ALL),
    rule('', ['configmaps'], GET),
  ],
  approver: [
    rule(CONFIG, ['policyexceptionrequests'], [...READ, 'approve', 'patch']),
    rule(ACTIVITY, ['agentapprovals'], [...READ, 'approve', 'patch']),
    runs,
  ],
})

/** One thing a rule permits; `name` only where the rule is about objects of that name alone. */
export interface Permission {
  readonly verb: string
  readonly group: string
  /** Plural, with the subresource after a slash. */
  readonly resource: string
  readonly name?: string
}

/** Everything that rules permit, one by one. Paths outside the API's resources are left out: no Role can lend them. */
export const permissionsOf = (rules: readonly PolicyRule[]): readonly Permission[] =>
  rules.flatMap(({ verbs, apiGroups = [], resources = [], resourceNames = [] }) =>
    apiGroups.flatMap(group =>
      resources.flatMap(resource =>
        verbs.flatMap(verb =>
          resourceNames.length === 0
            ? [{ verb, group, resource }]
            : resourceNames.map(name => ({ verb, group, resource, name })),
        ),
      ),
    ),
  )

/** `get pods/log`, `update repositories.kradle.a5c.ai "web"`. */
export function textOf({ verb, group, resource, name }: Permission): string {
  const [plural, ...subresource] = resource.split('/')
  const full = [group ? `${plural}.${group}` : plural, ...subresource].join('/')
  return `${verb} ${full}${name === undefined ? '' : ` "${name}"`}`
}

/**
 * The part of a template that can be kept to some repositories: what it permits on the
 * Repositories themselves, by name. Everything else would hold for the whole organisation
 * and is left out, as is `create`, where there is no name yet; `left` tells of both, as
 * `get/list pods`.
 */
export function narrowed(
  rules: readonly PolicyRule[],
  names: readonly string[],
): { readonly rules: readonly PolicyRule[]; readonly left: readonly string[] } {
  const fits = ({ verb, group, resource }: Permission) =>
    group === CONFIG && resource === 'repositories' && verb !== 'create'
  const kept = permissionsOf(rules)
    .filter(fits)
    .map(({ verb }) => verb)
  return {
    rules:
      // Without names the rule would hold for all.
      kept.length === 0 || names.length === 0
        ? []
        : [{ ...rule(CONFIG, ['repositories'], kept), resourceNames: [...names] }],
    left: rules
      .flatMap(({ apiGroups = [], resources = [], verbs }) =>
        apiGroups.flatMap(group =>
          resources.map(resource => ({
            group,
            resource,
            verb: verbs.filter(verb => !fits({ group, resource, verb })).join('/'),
          })),
        ),
      )
      .filter(({ verb }) => verb !== '')
      .map(textOf),
  }
}

const READ_ONLY: ReadonlySet<string> = new Set(READ)

const WAYS_INTO_PODS: ReadonlySet<string> = new Set([
  'pods/attach',
  'pods/ephemeralcontainers',
  'pods/exec',
  'pods/portforward',
])

const LENDING_VERBS: ReadonlySet<string> = new Set(['bind', 'escalate', 'impersonate'])

/**
 * What of these rules no agent is ever lent, whoever asks and whatever role it is in: to see
 * Secrets, to get into Pods, to become or to lend to somebody else, and everything that a
 * wildcard stands for (contracts: agent identity).
 */
export const forbiddenIn = (rules: readonly PolicyRule[]): readonly string[] => [
  ...new Set(permissionsOf(rules).filter(isForbidden).map(textOf)),
]

function isForbidden({ verb, group, resource }: Permission): boolean {
  if ([verb, group, resource].some(part => part.includes('*'))) return true
  if (LENDING_VERBS.has(verb)) return true
  if (group === 'rbac.authorization.k8s.io') return !READ_ONLY.has(verb)
  if (group !== '') return false
  // Every answer to a write but the first shows what was there.
  if (resource === 'secrets') return verb !== 'create'
  return (
    WAYS_INTO_PODS.has(resource) ||
    resource === 'serviceaccounts/token' ||
    resource.endsWith('/proxy')
  )
}
