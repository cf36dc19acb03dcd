import { ACTIVITY_GROUP, GROUP, LABEL_PART_OF } from '#src/api/names.ts'
import type { ClusterRole, PolicyRule } from '#src/api/rbac/v1.ts'
import { PERSONAS, roleOf, type Persona } from '#src/controllers/identity/personas.ts'
import { TENANT_READER } from '#src/controllers/identity/tenant-reader.ts'
import { roleTemplates } from '#src/permissions/role-templates.ts'
import { activityWriters } from './activity-personas.ts'
import { storedIn, type Definition } from './definitions.ts'

const RBAC = 'rbac.authorization.k8s.io'

const READ = ['get', 'list', 'watch']
const WRITE = ['create', 'update', 'patch', 'delete']

/** The contexts whose kinds a persona writes, besides those of the personas below it. */
const contexts: Record<Persona, readonly string[]> = {
  viewer: [],
  member: ['agents', 'workspaces', 'web-ui'],
  maintainer: ['data-plane', 'runners-ci', 'hooks-events', 'policy', 'control-plane'],
  admin: ['identity'],
}

/**
 * Kinds that an agent is started by and sends its keys to: nothing in a stack says which, so
 * nobody could be asked for the right to that stack's account. They are for admins.
 */
const ADMINS: readonly string[] = [
  'agentadapters',
  'agentgatewayconfigs',
  'agentproviderconfigs',
  'agenttransportbindings',
]

/** The kinds of policies that PolicyBindings become. */
const namespacedPolicies = [
  'validating',
  'mutating',
  'generating',
  'imagevalidating',
  'deleting',
].map(type => `namespaced${type}policies`)

const templates = Object.keys(roleTemplates).toSorted()

/** What a persona may do besides, which is not in the definitions. */
const besides: Record<Persona, readonly PolicyRule[]> = {
  // Whoever may read what decides may ask what it comes to, for himself.
  viewer: [allow(ACTIVITY_GROUP, ['agentpermissionreviews', 'refupdatereviews'], ['create'])],
  member: [],
  // Whoever makes a Secret knows it already; what others put into one he does not get to see.
  maintainer: [
    allow('', ['pods', 'secrets'], ['create']),
    allow('batch', ['jobs'], ['create']),
    allow('', ['configmaps'], [...READ, ...WRITE]),
    allow(GROUP, ['runnerpools/scale'], ['get', 'update', 'patch']),
    // What his bindings become, and what it finds; nobody but Kyverno and Kradle writes those.
    allow('policies.kyverno.io', namespacedPolicies, READ),
    allow('wgpolicyk8s.io', ['policyreports'], READ),
    allow('openreports.io', ['reports'], READ),
  ],
  admin: [
    // Granting a Secret needs `get` on it. Nobody lists them: their values would come along.
    allow('', ['secrets'], ['get', 'update', 'patch', 'delete']),
    // Lending an agent a role needs holding it, also where its kinds are yet to come.
    ...Object.values(roleTemplates).flat(),
    allow('', ['pods'], ['delete']),
    allow('', ['events', 'persistentvolumeclaims', 'serviceaccounts'], READ),
    allow('batch', ['cronjobs', 'jobs'], [...READ, ...WRITE]),
    allow(
      'apps',
      ['daemonsets', 'deployments', 'replicasets', 'statefulsets'],
      [...READ, ...WRITE],
    ),
    allow(
      'apps',
      ['deployments/scale', 'replicasets/scale', 'statefulsets/scale'],
      ['get', 'update', 'patch'],
    ),
    allow(RBAC, ['rolebindings', 'roles'], READ),
    { ...allow(RBAC, ['clusterroles'], ['bind']), resourceNames: PERSONAS.map(roleOf).toSorted() },
    { ...allow(GROUP, ['roletemplates'], ['bind']), resourceNames: templates },
    allow(GROUP, ['agentserviceaccounts'], ['use']),
    // A decision is a patch; whether he may decide is asked beside that.
    allow(GROUP, ['policyexceptionrequests'], ['approve']),
    allow(GROUP, ['agentstacks'], ['debug']),
    // And for others.
    allow(ACTIVITY_GROUP, ['refupdatereviews'], ['review']),
  ],
}

/**
 * What people can be in an organisation, as ClusterRoles to be bound in its namespace, each
 * with everything of the one before it; what the platform's admins are; and what those
 * who judge grants may read. Every resource by its name: a kind that comes later is
 * nobody's until its definition says whose, but for what a role template of agents holds.
 */
export function personas(definitions: readonly Definition[]): ClusterRole[] {
  const configuration = storedIn('etcd', definitions)
  const tenant = configuration.filter(({ scope }) => scope === 'org')
  const platform = configuration.filter(({ scope }) => scope === 'platform')
  const activity = new Set([
    ...plurals(storedIn('postgres', definitions)),
    ...Object.values(activityWriters).flatMap(kinds => Object.keys(kinds)),
  ])
  // From the fewest rights to the most.
  const ladder = PERSONAS.toReversed()
  return [
    ...ladder.map((persona, index) =>
      clusterRole(
        roleOf(persona),
        merged([
          allow(GROUP, plurals(tenant), READ),
          allow(ACTIVITY_GROUP, [...activity], READ),
          ...ladder
            .slice(0, index + 1)
            .flatMap(step => [
              allow(
                GROUP,
                plurals(tenant.filter(definition => writerOf(definition) === step)),
                WRITE,
              ),
              ...writesOf(step),
              ...besides[step],
            ]),
        ]),
      ),
    ),
    clusterRole(
      'kradle-platform-admin',
      merged([
        allow(GROUP, plurals(platform), [...READ, ...WRITE]),
        allow('', ['namespaces'], READ),
      ]),
    ),
    clusterRole(
      TENANT_READER,
      merged([
        allow(
          '',
          ['configmaps', 'persistentvolumeclaims', 'pods', 'secrets', 'serviceaccounts'],
          ['get'],
        ),
      ]),
    ),
  ]
}

/** One rule for all resources of a group that have the same verbs, in an order that only changes with what is granted. */
function merged(rules: readonly PolicyRule[]): PolicyRule[] {
  const named = rules.filter(rule => rule.resourceNames)
  const verbs = new Map<string, Set<string>>()
  for (const { apiGroups = [], resources = [], verbs: given } of rules.filter(
    rule => !rule.resourceNames,
  ))
    for (const group of apiGroups)
      for (const resource of resources) {
        const key = `${group} ${resource}`
        verbs.set(key, new Set([...(verbs.get(key) ?? []), ...given]))
      }
  const alike = Map.groupBy([...verbs.keys()].toSorted(), key => {
    const [group] = key.split(' ')
    return `${group} ${ordered(verbs.get(key)!).join()}`
  })
  return [
    ...[...alike.values()].map(keys => {
      const [first = ''] = keys
      const [group = ''] = first.split(' ')
      return allow(
        group,
        keys.map(key => key.slice(group.length + 1)),
        ordered(verbs.get(first)!),
      )
    }),
    ...named,
  ]
}

const ordered = (verbs: ReadonlySet<string>): string[] => [
  ...[...READ, ...WRITE].filter(verb => verbs.has(verb)),
  ...[...verbs].filter(verb => ![...READ, ...WRITE].includes(verb)).toSorted(),
]

function allow(group: string, resources: readonly string[], verbs: readonly string[]): PolicyRule {
  return { apiGroups: [group], resources: [...resources], verbs: [...verbs] }
}

const writerOf = ({ plural, context }: Definition): Persona | undefined =>
  ADMINS.includes(plural) ? 'admin' : PERSONAS.find(persona => contexts[persona].includes(context))

/** What a persona does to activity. */
const writesOf = (persona: Persona): PolicyRule[] =>
  Object.entries(activityWriters[persona] ?? {}).map(([plural, verbs]) =>
    allow(ACTIVITY_GROUP, [plural], verbs),
  )

const plurals = (definitions: readonly Definition[]): string[] =>
  definitions.map(({ plural }) => plural)

const clusterRole = (name: string, rules: PolicyRule[]): ClusterRole => ({
  apiVersion: `${RBAC}/v1`,
  kind: 'ClusterRole',
  metadata: { name, labels: { [LABEL_PART_OF]: 'kradle' } },
  rules,
})
