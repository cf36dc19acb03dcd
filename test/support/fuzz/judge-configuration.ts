import type { Write } from './judge.ts'
import {
  isMap,
  isString,
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
import { find, findAll, KRADLE, may, PLATFORM, type World } from './world.ts'

// What the rules demand of the configuration of an organisation.

/** A field of spec, by its steps; the last may be a list of names. */
type Field = readonly [kind: string, path: string]

/** Which fields of the objects in the world name something, by what they name. */
const naming: Readonly<Record<string, readonly Field[]>> = {
  agentcontextlabels: [['AgentStack', 'contextLabelRefs']],
  agentmcpservers: [['AgentStack', 'mcpServerRefs']],
  agentserviceaccounts: [['AgentStack', 'runtimeIdentity.serviceAccountRef']],
  agentskills: [['AgentStack', 'skillRefs']],
  agentstacks: [['AgentMcpServer', 'allowedStacks']],
  agentsubagents: [['AgentStack', 'subagentRefs']],
  agenttoolprofiles: [['AgentStack', 'toolProfileRef']],
  artifactregistries: [['ArtifactFeed', 'registryRef']],
  externalbackendproviders: [['ExternalProviderCapabilityManifest', 'providerRef']],
  kradleworkspacepolicies: [['AgentStack', 'workspacePolicyRef']],
  policybindings: [['PolicyExceptionRequest', 'policyRef']],
  policytemplates: [['PolicyBinding', 'templateRef']],
  repositories: [
    ['AgentServiceAccount', 'allowedRepositories'],
    ['AgentSecretGrant', 'allowedRepositories'],
  ],
  users: [
    ['IdentityMapping', 'user'],
    ['PolicyExceptionRequest', 'approver'],
    ['Team', 'members'],
  ],
}

const pluralOf = (resource: string): string =>
  resource.endsWith(`.${KRADLE}`) ? resource.slice(0, -`.${KRADLE}`.length) : ''

const fieldsNaming = (plural: string): readonly Field[] =>
  Object.hasOwn(naming, plural) ? naming[plural]! : []

/** What stands at a path of a spec, as names: texts, or maps with one. */
function namesAt(object: Map, path: string): string[] {
  let value: Json | undefined = specOf(object)
  for (const step of path.split('.')) value = own(mapOf(value), step)
  return (Array.isArray(value) ? value : [value ?? null])
    .map(item => (isMap(item) ? text(own(item, 'name')) : text(item)))
    .filter(name => name !== '')
}

const inText = (object: Map, path: string): string | undefined => {
  const value = own(specOf(object), path)
  return Array.isArray(value) ? undefined : namesAt(object, path)[0]
}

/** Whoever deletes what others name is told so. */
export function judgeDeletion({ resource, namespace, name }: Write, world: World): Verdict {
  // No API server leaves the namespace out.
  if (namespace === '') return { ...allow, anyWarnings: true }
  const warned = { ...allow, warnings: 1 }
  const plural = pluralOf(resource)
  const isEverybodys = plural === 'policytemplates' && namespace === PLATFORM
  const homes = isEverybodys ? world.live.map(slug => `kradle-org-${slug}`) : [namespace]
  const isNamed = fieldsNaming(plural).some(([kind, path]) =>
    homes
      .flatMap(home => findAll(world, kind, home))
      .some(object => namesAt(object, path).includes(name)),
  )
  return isNamed ? warned : allow
}

/** The one reference of a kind that must not dangle. */
const mustExist: Readonly<Record<string, readonly [field: string, kind: string]>> = {
  agenttriggerrules: ['agentStack', 'AgentStack'],
  artifactaccesspolicies: ['feedRef', 'ArtifactFeed'],
  artifactfeeds: ['registryRef', 'ArtifactRegistry'],
  invites: ['acceptedBy', 'User'],
  policybindings: ['templateRef', 'PolicyTemplate'],
  policyexceptionrequests: ['policyRef', 'PolicyBinding'],
}

/** What would do harm while it dangles is there; what was named before may have gone. */
export function judgeReference(write: Write, world: World): Verdict {
  const { resource, namespace, object, old } = write
  const plural = pluralOf(resource)
  if (!Object.hasOwn(mustExist, plural)) return allow
  const [field, kind] = mustExist[plural]!
  const name = inText(object, field)
  if (name === undefined || name === inText(old, field)) return allow
  const homes = kind === 'PolicyTemplate' ? [namespace, PLATFORM] : [namespace]
  const found = homes.filter(home => find(world, kind, name, home))
  // Nobody but the API server knows of what no watch has seen.
  return { ...(found.length > 0 ? allow : deny), asks: found.length < homes.length }
}

const normalised = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/

/** Names are DNS labels; those that the API server made up are nobody's choice. */
export function judgeName({ operation, resource, namespace, object }: Write): Verdict {
  if (operation !== 'CREATE') return allow
  const { name = '', generateName } = metadataOf(object)
  const isPlatforms = /^(?:organizations|orgnamespacebindings)\./.test(resource)
  if (isPlatforms && namespace !== PLATFORM) return deny
  if (!name || (isString(name) && normalised.test(name))) return allow
  if (isPlatforms || !isString(name) || !isString(generateName) || generateName === '') return deny
  const start = generateName.slice(0, 58)
  return name.startsWith(start) && name.length - start.length === 5 ? allow : deny
}

const LIFETIME = 'cleanup.kyverno.io/ttl'

/** Nobody has Kyverno delete for him what he may label. */
export function judgeLifetime({ object, old }: Write): Verdict {
  const lifetime = (of: Map) => own(mapOf(metadataOf(of)['labels']), LIFETIME)
  return lifetime(object) === undefined || lifetime(object) === lifetime(old) ? allow : deny
}

const LIMIT = 262_144

/** The kinds that the generator makes large, which their schemas do not keep small. */
const large = new Set(
  (
    'agentcontextlabels agentmcpservers agentsecretgrants agentconfiggrants agentskills agentstacks ' +
    'agentsubagents agenttoolprofiles agenttriggerrules artifactfeeds ' +
    'externalprovidercapabilitymanifests kradleinferenceservices kradleworkspacepolicies ' +
    'policybindings policytemplates repositories selectors'
  ).split(' '),
)

/** No spec is larger than 256 KiB, unless it was; the object is as it is after everything was filled in. */
export function judgeSize({ resource, operation, object, old }: Write): Verdict {
  if (!large.has(pluralOf(resource))) return allow
  const bytes = bytesOf(specOf(object))
  if (bytes <= LIMIT) return allow
  return operation === 'UPDATE' && bytes <= bytesOf(specOf(old)) ? allow : deny
}

/** As JSON without spaces; without recursion, as the depth is the sender's choice. */
function bytesOf(json: Json): number {
  let bytes = 0
  const pending: Json[] = [json]
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value !== 'object' || value === null) {
      bytes += Buffer.byteLength(JSON.stringify(value))
      continue
    }
    const isList = Array.isArray(value)
    const items = Object.entries(value)
    // Brackets, and a comma between items.
    bytes += 2 + Math.max(0, items.length - 1)
    for (const [key, item] of items) {
      if (!isList) bytes += Buffer.byteLength(JSON.stringify(key)) + 1
      pending.push(item)
    }
  }
  return bytes
}

/** A stack uses the servers that admit it, and asks before it acts where its policy wants that. */
export function judgeStack({ namespace, object, old }: Write, world: World): Verdict {
  const servers = (of: Map) =>
    Array.isArray(own(specOf(of), 'mcpServerRefs')) ? namesAt(of, 'mcpServerRefs') : []
  const before = servers(old)
  const added = servers(object).filter(name => !before.includes(name))
  const admitted = added.map(name => {
    const server = find(world, 'AgentMcpServer', name, namespace)
    if (!server) return { ...allow, asks: true }
    const stacks = own(specOf(server), 'allowedStacks')
    const isOpen = stacks === undefined || stacks === null
    return isOpen || listOf(stacks).includes(metadataOf(object)['name'] ?? null) ? allow : deny
  })

  const mode = (of: Map) => own(specOf(of), 'approvalMode')
  const policyOf = (of: Map) => text(own(specOf(of), 'workspacePolicyRef'))
  const isOld = mode(old) === 'yolo' && policyOf(old) === policyOf(object)
  const name = mode(object) === 'yolo' && !isOld ? policyOf(object) : ''
  const policy = name === '' ? undefined : find(world, 'KradleWorkspacePolicy', name, namespace)
  const wantsApproval = policy !== undefined && own(specOf(policy), 'requiresApproval') === true
  const all = [...admitted, wantsApproval ? deny : allow]
  return {
    ...(all.some(({ says }) => says === 'deny') ? deny : allow),
    asks: all.some(({ asks }) => asks) || (name !== '' && !policy),
  }
}

/** A service is served by a runtime that knows its format. */
export function judgeService({ operation, namespace, object, old }: Write, world: World): Verdict {
  const choiceOf = (of: Map): Map | undefined => {
    const model = mapOf(own(mapOf(own(specOf(of), 'predictor')), 'model'))
    const format = mapOf(own(model, 'modelFormat'))
    const { runtime = '' } = model
    const { name = null, version = null } = format
    if (!isString(runtime) || runtime === '' || !isString(name)) return undefined
    return { runtime, name, version: isString(version) ? version : null }
  }
  const choice = choiceOf(object)
  if (!choice || (operation === 'UPDATE' && same(choice, choiceOf(old) ?? null))) return allow
  const runtime = find(world, 'KradleServingRuntime', text(choice['runtime']), namespace)
  if (!runtime) return { ...allow, asks: true }
  const fits = listOf(own(specOf(runtime), 'supportedModelFormats'))
    .map(mapOf)
    .filter(({ name }) => name === choice['name'])
    .some(
      ({ version }) =>
        choice['version'] === null || version === undefined || version === choice['version'],
    )
  return fits ? allow : deny
}

/** What names stacks or their account to have its way with them. */
const namingStacks: Readonly<Record<string, readonly string[]>> = {
  agentmemorysources: ['appliesTo.stacks'],
  agentpersonas: ['stackRef'],
  agenttriggerrules: ['agentStack'],
}

/** Whoever writes what an agent is made of, is told or is started by, may use its account. */
export function judgePart({ resource, namespace, user, object }: Write, world: World): Verdict {
  const plural = pluralOf(resource)
  const name = metadataOf(object)['name']
  const accountOf = (stack: Map | undefined) =>
    stack ? text(mapOf(specOf(stack)['runtimeIdentity'])['serviceAccountRef']) : ''
  const holders = findAll(world, 'AgentStack', namespace).filter(stack =>
    fieldsNaming(plural).some(([, path]) => isString(name) && namesAt(stack, path).includes(name)),
  )
  const directly = Object.hasOwn(namingStacks, plural)
    ? namingStacks[plural]!.flatMap(path => {
        const isList = path === 'appliesTo.stacks'
        const holds = Array.isArray(valueAt(object, path))
        return holds === isList ? namesAt(object, path) : []
      }).map(stack => find(world, 'AgentStack', stack, namespace))
    : []
  const pools = plural === 'runnerpools' ? textAt(object, 'serviceAccountRef') : []
  const accounts = new Set([...pools, ...[...directly, ...holders].map(accountOf)])
  if (accounts.size === 0) return allow
  const mayUse = (account: string) =>
    may(world, user, {
      verb: 'use',
      group: KRADLE,
      resource: 'agentserviceaccounts',
      namespace,
      name: account,
    })
  const isFew = accounts.size <= 16 && !accounts.has('')
  const mayWrite = mayUse('') || (isFew && [...accounts].every(mayUse))
  return { ...(mayWrite ? allow : deny), asks: true }
}

function valueAt(object: Map, path: string): Json | undefined {
  let value: Json | undefined = specOf(object)
  for (const step of path.split('.')) value = own(mapOf(value), step)
  return value
}

const textAt = (object: Map, path: string): string[] =>
  Array.isArray(valueAt(object, path)) ? [] : namesAt(object, path)

/** What starts a rule by a field of its own. */
const ownFields: Readonly<Record<string, string>> = {
  cronExpression: 'cron',
  webhookTrigger: 'webhook',
  commentTrigger: 'comment',
  labelTrigger: 'label',
}

/** A label goes into runs from the sources that it was reviewed for. */
export function judgeTrigger({ operation, namespace, object, old }: Write, world: World): Verdict {
  const texts = (of: Map, field: string) =>
    listOf(own(specOf(of), field))
      .map(text)
      .filter(Boolean)
  const labels = (of: Map) => texts(of, 'contextLabels')
  const sources = (of: Map) => [
    ...new Set([
      ...texts(of, 'sources'),
      ...Object.keys(ownFields)
        .filter(field => Object.hasOwn(specOf(of), field))
        .map(field => ownFields[field]!),
    ]),
  ]
  const isOld =
    operation === 'UPDATE' &&
    same(labels(object), labels(old)) &&
    same(sources(object), sources(old))
  const found = isOld
    ? []
    : labels(object).map(name => find(world, 'AgentContextLabel', name, namespace))
  const admits = found.every(label => {
    const allowed = label && listOf(own(specOf(label), 'allowedSources'))
    return !allowed || sources(object).every(source => allowed.includes(source))
  })
  return { ...(admits ? allow : deny), asks: found.includes(undefined) }
}
