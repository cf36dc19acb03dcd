import {
  judgeDeletion,
  judgeLifetime,
  judgeName,
  judgePart,
  judgeReference,
  judgeService,
  judgeSize,
  judgeStack,
  judgeTrigger,
} from './judge-configuration.ts'
import { judgeBinding, judgeProvider } from './judge-external.ts'
import { judgePod } from './judge-pod.ts'
import { judgeException, judgeParameters, judgeTemplate, withPeople } from './judge-policy.ts'
import {
  isMap,
  listOf,
  mapOf,
  metadataOf,
  own,
  same,
  specOf,
  text,
  type Json,
  type Map,
} from './json.ts'
import { allow, deny, type Verdict } from './verdict.ts'
import { find, findAll, KRADLE, may, PLATFORM, type PolicyRule, type World } from './world.ts'

// The judge: the shipped rules written once more, as plainly as can be. Nothing of webhooks/
// or src/permissions/ is used here, or both would be wrong together.

export type Mode = 'validate' | 'mutate'

export const ORG = 'kradle.a5c.ai/org'
export const CONFIRM = 'kradle.a5c.ai/confirm-delete'
export const PREFIX = 'kradle-org-'
export const NAMESPACE_CONTROLLER = 'system:serviceaccount:kube-system:namespace-controller'

const malformed: Verdict = { says: 'malformed', warnings: 0 }

/** Contracts: the kinds that live in the namespace of an organisation. */
const ofOrganizations = new Set(
  (
    'agentconfiggrants agentcontextlabels agentmcpservers agentrolebindings agentsecretgrants ' +
    'agentserviceaccounts agentskills agentstacks agentsubagents agenttoolprofiles ' +
    'agenttriggerrules artifactaccesspolicies artifactfeeds artifactregistries ' +
    'externalbackendbindings externalbackendproviders externalbackendsyncpolicies ' +
    'externalprovidercapabilitymanifests authproviders identitymappings invites ' +
    'kradleinferenceservices kradleworkspacepolicies policybindings policyexceptionrequests ' +
    'policytemplates repositories repositorypermissions selectors teams users'
  )
    .split(' ')
    .map(plural => `${plural}.${KRADLE}`),
)

/** What a rule has to know of a request. */
export interface Write {
  readonly operation: string
  /** `plural.group`. */
  readonly resource: string
  readonly subresource: string
  readonly namespace: string
  readonly name: string
  readonly user: Map
  readonly object: Map
  /** Empty but on UPDATE. */
  readonly old: Map
}

/** `review` is undefined where the body is no JSON. */
export function judge(mode: Mode, review: Json | undefined, world: World): Verdict {
  if (review === undefined) return { says: 'unreadable', warnings: 0 }
  const request = isMap(review) ? review['request'] : undefined
  if (!isMap(request) || !isWellFormed(request)) return malformed
  const operation = text(request['operation'])
  const old = operation === 'UPDATE' ? mapOf(request['oldObject']) : {}
  const object = mapOf(operation === 'DELETE' ? request['oldObject'] : request['object'])
  const user = mapOf(request['userInfo'])
  if (operation === 'DELETE' && user['username'] === NAMESPACE_CONTROLLER) return allow

  const { resource, group } = mapOf(request['resource'])
  // What comes with a CONNECT has no name of its own.
  const given = operation === 'CONNECT' ? '' : text(metadataOf(object)['name'])
  const write: Write = {
    operation,
    resource: text(group) === '' ? text(resource) : `${text(resource)}.${text(group)}`,
    subresource: text(request['subResource']),
    namespace: text(request['namespace']),
    name: text(request['name']) || given,
    user,
    object,
    old,
  }
  const isOwned =
    write.subresource === '' &&
    /^(CREATE|UPDATE)$/.test(operation) &&
    ofOrganizations.has(write.resource)
  // Of metadata that is not Kradle's, one label matters.
  if (operation === 'UPDATE' && isForeignMetadataOnly(object, old))
    return mode === 'validate' && isOwned ? judgeLifetime(write) : allow
  if (mode === 'mutate') return isOwned ? fill(write, world) : allow
  const filled = isOwned ? { ...write, object: fill(write, world).complete ?? object } : write
  return together([
    ...(isOwned
      ? [
          judgeOwned(write, world),
          judgeName(write),
          judgeLifetime(write),
          judgeSize(filled),
          judgeReference(write, world),
        ]
      : []),
    ...(write.subresource === '' ? [judgeKind(filled, world)] : []),
    ...(write.subresource === '' && operation === 'DELETE' ? [judgeDeletion(write, world)] : []),
    judgeDebugging(write, world),
    judgePod(write, world),
  ])
}

/** One refusal is enough; a doubt counts where nobody refuses. */
function together(verdicts: readonly Verdict[]): Verdict {
  const has = (word: Verdict['says']) => verdicts.some(({ says }) => says === word)
  return {
    says: has('deny') ? 'deny' : has('either') ? 'either' : 'allow',
    warnings: verdicts.reduce((sum, { warnings }) => sum + warnings, 0),
    anyWarnings: verdicts.some(({ anyWarnings }) => anyWarnings),
    asks: verdicts.some(({ asks }) => asks),
  }
}

function judgeKind(write: Write, world: World): Verdict {
  const { operation, resource, namespace, name, object, old } = write
  const spec = specOf(object)
  const isWrite = operation === 'CREATE' || operation === 'UPDATE'
  switch (`${isWrite ? 'write' : operation} ${resource}`) {
    case 'DELETE organizations.kradle.a5c.ai':
      return judgeFarewell(name, object, world)
    case 'DELETE orgnamespacebindings.kradle.a5c.ai':
      return world.live.includes(name) ? { ...allow, warnings: 1 } : allow
    case 'write organizations.kradle.a5c.ai':
      return judgeName(write)
    case 'write orgnamespacebindings.kradle.a5c.ai': {
      const slug = text(own(spec, 'organizationRef'))
      if (operation === 'UPDATE' || slug === '') return judgeName(write)
      return together([
        { ...(world.live.includes(slug) ? allow : deny), asks: true },
        judgeName(write),
      ])
    }
    case 'write agentstacks.kradle.a5c.ai':
      return judgeStack(write, world)
    case 'write agenttriggerrules.kradle.a5c.ai':
      return together([judgeTrigger(write, world), judgePart(write, world)])
    case 'write agentmemorysources.kradle.a5c.ai':
    case 'write agentpersonas.kradle.a5c.ai':
    case 'write runnerpools.kradle.a5c.ai':
    case 'write agentcontextlabels.kradle.a5c.ai':
    case 'write agentmcpservers.kradle.a5c.ai':
    case 'write agentskills.kradle.a5c.ai':
    case 'write agentsubagents.kradle.a5c.ai':
    case 'write agenttoolprofiles.kradle.a5c.ai':
    case 'write kradleworkspacepolicies.kradle.a5c.ai':
      return judgePart(write, world)
    case 'write kradleinferenceservices.kradle.a5c.ai':
      return judgeService(write, world)
    case 'write agentsecretgrants.kradle.a5c.ai':
      return judgeTarget('Secret', 'secretRef', write, world)
    case 'write agentconfiggrants.kradle.a5c.ai': {
      const keys = listOf(mapOf(own(spec, 'configMapRef'))['keys'])
      const warns = keys.some(key => /password|token/.test(text(key)))
      return {
        ...judgeTarget('ConfigMap', 'configMapRef', write, world),
        warnings: warns ? 1 : 0,
      }
    }
    case 'write agentserviceaccounts.kradle.a5c.ai': {
      if (operation === 'UPDATE') return allow
      const account = find(world, 'ServiceAccount', name, namespace)
      const labels = mapOf(metadataOf(account ?? {})['labels'])
      const isOurs = labels['app.kubernetes.io/managed-by'] === 'kradle'
      return { ...(account && !isOurs ? deny : allow), asks: true }
    }
    case 'write identitymappings.kradle.a5c.ai': {
      if (operation === 'UPDATE') return allow
      const isTaken = findAll(world, 'IdentityMapping', namespace)
        .map(specOf)
        .some(
          ({ provider, subject, user }) =>
            provider === spec['provider'] && subject === spec['subject'] && user !== spec['user'],
        )
      return isTaken ? deny : allow
    }
    case 'write externalbackendproviders.kradle.a5c.ai':
      return judgeProvider(write, world)
    case 'write externalbackendbindings.kradle.a5c.ai':
      return judgeBinding(write, world)
    case 'write invites.kradle.a5c.ai':
      return judgeAcceptance(namespace, object, old, world)
    case 'write policytemplates.kradle.a5c.ai':
      return judgeTemplate(write)
    case 'write policybindings.kradle.a5c.ai':
      return judgeParameters(write, world)
    case 'write policyexceptionrequests.kradle.a5c.ai':
      return judgeException(write, world)
    case 'write agentrolebindings.kradle.a5c.ai':
      return { ...(lends(write, world) ? allow : deny), asks: true }
    default:
      return allow
  }
}

/** What belongs to an organisation is in its namespace, and says nothing else. */
function judgeOwned(write: Write, world: World): Verdict {
  const { namespace, object } = write
  if (isOfPlatform(write)) {
    const says = (map: Map, key: string) => Object.hasOwn(map, key)
    const labels = mapOf(metadataOf(object)['labels'])
    return says(specOf(object), 'organizationRef') || says(labels, ORG) ? deny : allow
  }
  const slug = slugOf(namespace)
  if (slug === '') return deny
  if (!world.live.includes(slug)) return { ...deny, asks: true }
  const agrees = (map: Map, key: string) => !Object.hasOwn(map, key) || map[key] === slug
  const labels = mapOf(metadataOf(object)['labels'])
  return agrees(specOf(object), 'organizationRef') && agrees(labels, ORG) ? allow : deny
}

/** Templates that everybody may bind are the platform's, and of no organisation. */
const isOfPlatform = ({ resource, namespace }: Write): boolean =>
  namespace === PLATFORM && resource === `policytemplates.${KRADLE}`

function fill(write: Write, world: World): Verdict {
  const verdict = fillOrganization(write, world)
  const isAsked = write.resource === `policyexceptionrequests.${KRADLE}`
  if (!isAsked || !verdict.complete) return verdict
  return { ...verdict, complete: withPeople(write, verdict.complete) }
}

function fillOrganization(write: Write, world: World): Verdict {
  const { namespace, object } = write
  if (isOfPlatform(write)) return { ...judgeOwned(write, world), complete: object }
  const slug = slugOf(namespace)
  if (slug === '') return deny
  if (!world.live.includes(slug)) return { ...allow, asks: true, complete: object }
  const metadata = metadataOf(object)
  if (own(metadata, 'deletionTimestamp')) return { ...allow, complete: object }
  const complete = {
    ...object,
    metadata: { ...metadata, labels: { [ORG]: slug, ...mapOf(metadata['labels']) } },
    spec: { organizationRef: slug, ...specOf(object) },
  }
  return { ...allow, complete }
}

const slugOf = (namespace: string): string =>
  namespace.startsWith(PREFIX) ? namespace.slice(PREFIX.length) : ''

/** An organisation goes with its namespace, so its deletion is confirmed by its name. */
function judgeFarewell(name: string, object: Map, world: World): Verdict {
  const asks = true
  if (!world.live.includes(name) || own(metadataOf(object), 'deletionTimestamp'))
    return { ...allow, asks }
  const confirmed = own(mapOf(metadataOf(object)['annotations']), CONFIRM) === name
  return confirmed ? { ...allow, warnings: 1, asks } : { ...deny, asks }
}

/** A grant is of something that is there, when it is first said of what. */
function judgeTarget(
  kind: string,
  field: string,
  { namespace, object, old }: Write,
  world: World,
): Verdict {
  const nameIn = (of: Map) => text(mapOf(own(specOf(of), field))['name'])
  const name = nameIn(object)
  if (name === '' || name === nameIn(old)) return allow
  return { ...(find(world, kind, name, namespace) ? allow : deny), asks: true }
}

/** An invite is accepted in time by whom it was sent to. */
function judgeAcceptance(namespace: string, object: Map, old: Map, world: World): Verdict {
  const spec = specOf(object)
  const name = text(own(spec, 'acceptedBy'))
  if (name === '' || name === own(specOf(old), 'acceptedBy')) return allow
  const asks = true
  const user = find(world, 'User', name, namespace)
  const isSame = user && specOf(user)['email'] === text(own(spec, 'email')).toLowerCase()
  if (!isSame || own(spec, 'revoked')) return { ...deny, asks }
  const from = own(metadataOf(object), 'creationTimestamp')
  const expires = own(spec, 'expiresAt')
  if (expires === undefined && from === undefined) return { ...allow, asks }
  // What the generator says of times is long ago or far ahead. Between them it depends on the
  // clock, and what is no time at all the schema refuses: the rule may read it either way.
  const time = Date.parse(text(expires === undefined ? from : expires))
  if (time < Date.parse('2021-01-01T00:00:00Z')) return { ...deny, asks }
  if (time > Date.parse('2900-01-01T00:00:00Z')) return { ...allow, asks }
  return { ...allow, says: 'either', asks }
}

/**
 * The templates that the generator names, as far as anybody in the world but the masters may
 * do some of it; one permission that nobody else has stands for all of those.
 */
const templates: Readonly<Record<string, readonly PolicyRule[]>> = {
  'runner-untrusted': [
    { apiGroups: [KRADLE], resources: ['runnerpools'], verbs: ['get'] },
    { apiGroups: [`activity.${KRADLE}`], resources: ['jobs'], verbs: ['get'] },
  ],
  'repository-repair': [
    { apiGroups: [KRADLE], resources: ['repositories'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: [`activity.${KRADLE}`], resources: ['reviews'], verbs: ['create'] },
  ],
}

/** Whether this user may lend this role to an agent. */
function lends({ namespace, user, object }: Write, world: World): boolean {
  const spec = specOf(object)
  const { kind, name } = mapOf(own(spec, 'roleRef'))
  const scope = mapOf(own(spec, 'scope'))
  let rules: readonly PolicyRule[] | undefined
  if (kind === 'ClusterRole' || kind === 'Role') {
    const found = find(world, kind, text(name), kind === 'Role' ? namespace : '')
    if (!found) return false
    rules = found['rules'] as PolicyRule[]
  } else {
    if (!Object.hasOwn(templates, text(name))) return false
    rules = templates[text(name)]!
    if (scope['kind'] === 'repository' && Array.isArray(scope['repositories'])) {
      const resourceNames = scope['repositories'].map(String)
      rules = rules
        .filter(({ resources }) => resources.includes('repositories') && resourceNames.length > 0)
        .map(kept => ({ ...kept, resourceNames }))
    }
  }
  const wanted = rules.flatMap(({ apiGroups, resources, verbs, resourceNames = [''] }) =>
    verbs.flatMap(verb =>
      resourceNames.map(of => ({
        verb,
        group: apiGroups[0]!,
        resource: resources[0]!,
        namespace,
        name: of,
      })),
    ),
  )
  if (wanted.length > 128) return false
  if (wanted.some(({ resource }) => resource === 'secrets' || resource === '*')) return false
  const isNative = kind === 'ClusterRole' || kind === 'Role'
  const group = isNative ? 'rbac.authorization.k8s.io' : KRADLE
  const resource = isNative ? `${kind.toLowerCase()}s` : 'roletemplates'
  if (may(world, user, { verb: 'bind', group, resource, namespace, name: text(name) })) return true
  return wanted.every(question => may(world, user, question))
}

const waysIn = ['attach', 'ephemeralcontainers', 'exec', 'portforward', 'proxy']

/** Into a Pod of an agent gets who may debug its stack, or all of them where it has none. */
function judgeDebugging(write: Write, world: World): Verdict {
  const { operation, resource, subresource, namespace, name, user } = write
  if (operation !== 'CONNECT' && operation !== 'UPDATE') return allow
  if (resource !== 'pods' || !waysIn.includes(subresource)) return allow
  if (!namespace.startsWith(PREFIX)) return allow
  const asks = true
  const parts = name.split(':')
  const called = subresource !== 'proxy' ? name : parts.length > 2 ? parts[1]! : parts[0]!
  const pod = find(world, 'Pod', called, namespace)
  if (!pod) return { ...deny, asks }
  const labels = mapOf(metadataOf(pod)['labels'])
  const account = text(specOf(pod)['serviceAccountName'])
  const isAgent =
    `${KRADLE}/dispatch-run` in labels || find(world, 'AgentServiceAccount', account, namespace)
  const question = {
    verb: 'debug',
    group: KRADLE,
    resource: 'agentstacks',
    namespace,
    name: text(labels[`${KRADLE}/agent-stack`]),
  }
  return { ...(!isAgent || may(world, user, question) ? allow : deny), asks }
}

function isWellFormed(request: Map): boolean {
  const { uid, operation, resource, userInfo, namespace, subResource, name } = request
  const isText = (value: Json | undefined) => value == null || typeof value === 'string'
  const isFilled = (value: Json | undefined) => typeof value === 'string' && value !== ''
  if (!isFilled(uid)) return false
  if (!['CREATE', 'UPDATE', 'DELETE', 'CONNECT'].includes(operation as string)) return false
  if (!isMap(resource) || typeof resource['resource'] !== 'string') return false
  if (typeof resource['group'] !== 'string') return false
  if (!isMap(userInfo) || !isFilled(userInfo['username'])) return false
  if (!isText(namespace) || !isText(subResource) || !isText(name)) return false
  // Options, such as the command of an exec: they have no metadata.
  if (operation === 'CONNECT')
    return isMap(request['object']) && isMapOrNone(own(request['object'], 'spec'))
  const object = operation === 'DELETE' ? request['oldObject'] : request['object']
  if (!isObject(object) || (operation === 'UPDATE' && !isObject(request['oldObject']))) return false
  if (isFilled(name)) return true
  const given = metadataOf(object)['name']
  return isText(given) && (isFilled(given) || operation === 'CREATE')
}

const isMapOrNone = (value: Json | undefined): boolean => value == null || isMap(value)

function isObject(value: Json | undefined): value is Map {
  if (!isMap(value) || !isMap(own(value, 'metadata'))) return false
  const { labels, annotations } = metadataOf(value)
  return [labels, annotations, own(value, 'spec')].every(isMapOrNone)
}

/** Nothing of spec, and nothing under kradle.a5c.ai/, differs. */
function isForeignMetadataOnly(object: Map, old: Map): boolean {
  const content = (of: Map): Map => {
    const { metadata: _, status: __, ...rest } = of
    return { ...rest, spec: specOf(of) }
  }
  const ours = (of: Map, key: string): Map =>
    Object.fromEntries(
      Object.entries(mapOf(metadataOf(of)[key])).filter(([name]) => name.startsWith(`${KRADLE}/`)),
    )
  return (
    same(content(object), content(old)) &&
    same(ours(object, 'labels'), ours(old, 'labels')) &&
    same(ours(object, 'annotations'), ours(old, 'annotations'))
  )
}
