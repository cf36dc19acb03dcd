import { bodies } from './bodies.ts'
import type { Write } from './judge.ts'
import {
  isMap,
  isString,
  listOf,
  mapOf,
  own,
  same,
  specOf,
  text,
  type Json,
  type Map,
} from './json.ts'
import { allow, deny, type Verdict } from './verdict.ts'
import { find, findAll, may, PLATFORM, type World } from './world.ts'

// What the rules demand of policies, and of exceptions from them.

const PROGRAM = 'system:serviceaccount:'
const DAY_MS = 24 * 60 * 60 * 1000

/** The template that a binding means: of its own organisation, else of the platform. */
const templatesOf = (name: string, namespace: string, world: World): Map[] =>
  [namespace, PLATFORM].map(home => find(world, 'PolicyTemplate', name, home)).filter(isMap)

/** A body that the generator wrote compiles or not; of a changed one nobody but an engine can tell. */
export function judgeTemplate({ operation, namespace, object, old }: Write): Verdict {
  const spec = specOf(object)
  if (operation === 'UPDATE' && same(spec, specOf(old))) return allow
  const said = Object.fromEntries(
    Object.entries(spec).filter(([key]) => /^(?:targetKinds|kyverno|parameters)$/.test(key)),
  )
  const known = bodies.find(({ says }) => same(says, said))
  // What is no body at all is for the schema to refuse.
  if (!known) return isMap(own(spec, 'kyverno')) ? { ...allow, says: 'either' } : allow
  const { becomes } = known
  return becomes === 'anywhere' || (becomes === 'platform' && namespace === PLATFORM) ? allow : deny
}

/** A binding gives what its template declares, as it declares it, and nothing else. */
export function judgeParameters(write: Write, world: World): Verdict {
  const { operation, namespace, object, old } = write
  const given = own(specOf(object), 'parameters')
  const before = own(specOf(old), 'parameters')
  const isOld =
    given === before || (given !== undefined && before !== undefined && same(given, before))
  if (operation === 'UPDATE' && isOld) return allow
  const found = templatesOf(text(own(specOf(object), 'templateRef')), namespace, world)
  const asks = found.length < 2
  const [template] = found
  if (!template || (given !== undefined && !isMap(given))) return { ...allow, asks }
  const declared = listOf(specOf(template)['parameters']).map(mapOf)
  const isKnown = Object.keys(given ?? {}).every(key => declared.some(({ name }) => name === key))
  const fit = declared.every(parameter => {
    const value = own(given ?? {}, text(parameter['name'])) ?? null
    return value === null ? isOptional(parameter) : fits(parameter, value)
  })
  return { ...(isKnown && fit ? allow : deny), asks }
}

const isOptional = (parameter: Map): boolean =>
  parameter['required'] !== true || Object.hasOwn(parameter, 'default')

function fits({ type, minimum, maximum, pattern, ...rest }: Map, value: Json): boolean {
  if (type === 'boolean') return typeof value === 'boolean'
  if (type === 'array') return Array.isArray(value) && value.every(isString)
  if (type === 'string') {
    const isOne = !Object.hasOwn(rest, 'enum') || listOf(rest['enum']).includes(value)
    return isString(value) && isOne && new RegExp(text(pattern)).test(value)
  }
  const isOfType = type === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value)
  return isOfType && !(value! < minimum!) && !(value! > maximum!)
}

/** Who asks and who decides is known from the request; what stands there already is left as it is. */
export function withPeople({ operation, user, old }: Write, object: Map): Map {
  const spec = specOf(object)
  const isNew = operation === 'CREATE'
  const asking = isNew ? user['username'] : own(specOf(old), 'requestedBy')
  const isDecided = !isNew && Object.hasOwn(specOf(old), 'decision')
  const deciding = isDecided ? own(specOf(old), 'decidedBy') : user['username']
  return {
    ...object,
    spec: {
      ...(asking !== undefined && { requestedBy: asking }),
      ...(deciding !== undefined && Object.hasOwn(spec, 'decision') && { decidedBy: deciding }),
      ...spec,
    },
  }
}

/** An exception is asked for in one's own name, ends, and is decided on by somebody else. */
export function judgeException(write: Write, world: World): Verdict {
  const { operation, namespace, object, old } = write
  const spec = specOf(object)
  const isNew = operation === 'CREATE'
  const decision = own(spec, 'decision')
  const decides = !isNew && decision !== undefined && !Object.hasOwn(specOf(old), 'decision')
  if (!isNew && !decides) return allow

  const policy = text(own(spec, 'policyRef'))
  const binding = find(world, 'PolicyBinding', policy, namespace)
  const profile = binding && profileOf(binding, namespace, world)
  const terms = termsOf(profile)
  const holds = [
    isNew ? isHisOwn(write) : mayDecide(write, terms, world),
    // Nobody can tell who may decide where the profile has gone.
    isNew || profile !== 'gone',
    (!isNew && decision !== 'Approved') ||
      (endsInTime(write, terms) && (!binding || terms['allowed'] === true)),
    (!isNew && decision !== 'Approved') || isBorne(spec, binding, profile),
    // A new one that names no binding is refused for what it names.
    isNew
      ? !binding || isJudged(spec, binding, namespace, world)
      : binding || decision !== 'Approved',
  ]
  return { ...(holds.every(Boolean) ? allow : deny), asks: decides || (!binding && policy !== '') }
}

type Profile = Map | 'gone' | undefined

/** The one that the binding names, or the only one there is. */
function profileOf(binding: Map, namespace: string, world: World): Profile {
  const name = own(specOf(binding), 'profileRef')
  if (name !== undefined) return find(world, 'PolicyProfile', text(name), namespace) ?? 'gone'
  const all = findAll(world, 'PolicyProfile', namespace)
  return all.length === 1 ? all[0] : undefined
}

const termsOf = (profile: Profile): Map =>
  isMap(profile)
    ? mapOf(specOf(profile)['exceptions'])
    : { allowed: true, maxDurationDays: 30, requireRiskAcceptance: true }

/** Programs of an organisation are whoever may run them. */
function isHisOwn({ user: { username }, object }: Write): boolean {
  const { requestedBy } = specOf(object)
  const isProgram = text(username).startsWith(`${PROGRAM}kradle-org-`)
  return requestedBy === username && !isProgram && !Object.hasOwn(specOf(object), 'decision')
}

function mayDecide(write: Write, terms: Map, world: World): boolean {
  const { namespace, name, user, object, old } = write
  const username = text(user['username'])
  const requester = text(own(specOf(old), 'requestedBy'))
  const he = userOf(username, namespace, world)
  const isRequester =
    username === requester || (he !== '' && he === userOf(requester, namespace, world))
  const question = {
    verb: 'approve',
    group: 'kradle.a5c.ai',
    resource: 'policyexceptionrequests',
    namespace,
    name,
  }
  return (
    requester !== '' &&
    !isRequester &&
    may(world, user, question) &&
    own(specOf(object), 'decidedBy') === username &&
    Date.parse(text(own(specOf(old), 'expiresAt'))) > Date.now() &&
    isApprover(username, he, terms, namespace, world)
  )
}

/** Whom an account in the cluster stands for; '' where nobody says so. */
const userOf = (username: string, namespace: string, world: World): string =>
  findAll(world, 'IdentityMapping', namespace)
    .map(specOf)
    .filter(({ provider, subject }) => provider === 'kubernetes' && subject === username)
    .map(({ user }) => text(user))[0] ?? ''

/** People may who have the verb, unless some are listed; programs only where they are. */
function isApprover(
  username: string,
  he: string,
  { approvers }: Map,
  namespace: string,
  world: World,
): boolean {
  if (approvers === undefined) return !username.startsWith(PROGRAM)
  return listOf(approvers)
    .map(mapOf)
    .some(({ kind, name }) => {
      if (kind === 'user') return he !== '' && he === name
      const named = text(name)
      if (kind === 'team') {
        const { members, maintainers } = specOf(find(world, 'Team', named, namespace) ?? {})
        return he !== '' && [...listOf(members), ...listOf(maintainers)].includes(he)
      }
      const account = find(world, 'AgentServiceAccount', named, namespace)
      const { serviceAccountName } = specOf(account ?? {})
      return account && username === `${PROGRAM}${namespace}:${text(serviceAccountName)}`
    })
}

/** In time to come, which who decides is asked of the stored one, and not too far ahead. What is no time is neither. */
function endsInTime({ operation, object }: Write, { maxDurationDays }: Map): boolean {
  const left = Date.parse(text(own(specOf(object), 'expiresAt'))) - Date.now()
  return (operation === 'UPDATE' || left > 0) && left <= Number(maxDurationDays) * DAY_MS
}

/** Where something would be refused, somebody says that he bears the risk. */
function isBorne(spec: Map, binding: Map | undefined, profile: Profile): boolean {
  const isAudited = isMap(profile) && specOf(profile)['mode'] === 'audit'
  const isEnforced = binding && specOf(binding)['mode'] === 'enforce' && !isAudited
  if (!isEnforced || termsOf(profile)['requireRiskAcceptance'] === false) return true
  return text(own(spec, 'riskAcceptance')) !== ''
}

/** Nothing is exempt from a policy that would not judge it. */
function isJudged(spec: Map, binding: Map, namespace: string, world: World): boolean {
  const [template] = templatesOf(text(specOf(binding)['templateRef']), namespace, world)
  const kinds = listOf(specOf(template ?? {})['targetKinds'])
  return listOf(own(spec, 'resources')).every(item => kinds.includes(own(mapOf(item), 'kind')!))
}
