import type { Write } from './judge.ts'
import { isMap, listOf, mapOf, metadataOf, own, same, specOf, text, type Map } from './json.ts'
import { allow, deny, type Verdict } from './verdict.ts'
import { find, findAll, type World } from './world.ts'

const asked: Verdict = { ...allow, asks: true }
const refused: Verdict = { ...deny, asks: true }

/** The types that the generator names and Kradle ships, with how they sign deliveries. */
const shipped: Readonly<Record<string, string>> = { github: 'hmac-sha256', jira: 'hmac-sha256' }

/** A provider is of a known type, and its deliveries can be verified. */
export function judgeProvider({ operation, namespace, object, old }: Write, world: World): Verdict {
  const type = text(own(specOf(object), 'providerType'))
  const isShipped = Object.hasOwn(shipped, type)
  const manifests = findAll(world, 'ExternalProviderCapabilityManifest', namespace).map(specOf)
  const ofType = isShipped ? [] : manifests.filter(({ providerType }) => providerType === type)
  const isPlain = type === '' || type === 'custom' || isShipped
  if (operation === 'CREATE' && !isPlain && ofType.length === 0) return refused

  const verdict = operation === 'CREATE' && !isPlain ? asked : allow
  const webhook = own(specOf(object), 'webhook') ?? null
  const isOld = operation === 'UPDATE' && same(webhook, own(specOf(old), 'webhook') ?? null)
  const keys = text(own(mapOf(webhook), 'publicKeysUrl'))
  if (isOld || keys === '' || isMap(own(mapOf(webhook), 'secretRef'))) return verdict
  const name = own(metadataOf(object), 'name')
  const says = [...manifests.filter(({ providerRef }) => providerRef === name), ...ofType]
    .map(({ webhookSignature }) => webhookSignature)
    .find(signature => signature !== undefined)
  return (says ?? shipped[type]) === 'public-key' ? asked : refused
}

type Reach = 'reads' | 'writes' | 'leads'

/** How far Kradle reaches with the providers of the world. */
const reach: Readonly<Record<string, Readonly<Record<string, Reach>>>> = {
  'kradle-org-acme/forge': { issueTracking: 'leads', cicd: 'leads', gitForge: 'leads' },
  'kradle-org-acme/builds': { cicd: 'writes' },
  'kradle-org-acme/house': { issueTracking: 'reads', gitForge: 'writes' },
  'kradle-org-globex/forge': { issueTracking: 'leads' },
}

/** A binding uses what its provider has. */
export function judgeBinding({ operation, namespace, object, old }: Write, world: World): Verdict {
  const interfaces = (of: Map) => mapOf(own(specOf(of), 'interfaces'))
  const changed = ['issueTracking', 'cicd', 'gitForge'].flatMap((name): [string, Map][] => {
    const settings = own(interfaces(object), name)
    if (!isMap(settings) || own(settings, 'enabled') === false) return []
    const before = own(interfaces(old), name) ?? null
    return operation === 'UPDATE' && same(settings, before) ? [] : [[name, settings]]
  })
  const provider = text(own(specOf(object), 'providerRef'))
  if (changed.length === 0 || provider === '') return allow
  if (!find(world, 'ExternalBackendProvider', provider, namespace)) return asked
  const has = reach[`${namespace}/${provider}`]!
  const holds = changed.every(([name, settings]) => {
    const far = has[name]
    const mode = own(settings, 'mode')
    const modes = [mode, ...listOf(own(settings, 'resourceModes')).map(of => mapOf(of)['mode'])]
    if (far === undefined) return false
    if (far === 'reads') return !modes.some(of => of === 'bidirectional' || of === 'kradle-owned')
    return far === 'leads' || mode !== 'kradle-owned'
  })
  return holds ? asked : refused
}
