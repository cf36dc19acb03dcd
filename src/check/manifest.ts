import { apiVersionOf, type Kind } from '#src/api/kind.ts'
import { everyKind } from '#src/api/kinds.ts'
import { PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { UnknownObject } from '#src/api/object.ts'
import { isFields } from '#src/lib/schema/structural.ts'
import { TEST_API_VERSION } from '#src/policy-test/document.ts'
import type { Registry } from '#webhooks/registry.ts'
import type { Manifested } from './documents.ts'
import type { Manifest } from './judge.ts'
import type { Cause, Verdict } from './verdict.ts'

/** A manifest to be judged, or what can be said about it at once; what is skipped may be something that others name. */
export type Read =
  | { readonly manifest: Manifest; readonly verdict?: undefined; readonly object: UnknownObject }
  | { readonly verdict: Verdict; readonly object?: UnknownObject }

/** Reads a document as an object; `namespace` is where it goes if it does not say so itself. */
export function manifestOf(
  { file, line, value, problem }: Manifested,
  registry: Registry,
  namespace: string | undefined,
): Read {
  const object = isFields(value) ? value : {}
  const { apiVersion, kind: kindName, metadata } = object
  const meta = isFields(metadata) ? metadata : {}
  const said = (result: Verdict['result'], ...causes: readonly Cause[]): Read => ({
    verdict: {
      file,
      line,
      apiVersion: textOf(apiVersion),
      kind: textOf(kindName),
      namespace: textOf(meta['namespace']),
      name: textOf(meta['name']),
      result,
      operation: 'CREATE',
      causes,
      warnings: [],
      assumes: [],
      notes: [],
      unjudged: [],
    },
  })
  const refused = (field: string, message: string): Read =>
    said('refused', { source: 'file', field, message: field ? `${field}: ${message}` : message })

  if (problem !== undefined) return refused('', problem)
  if (!isFields(value))
    return refused('', 'is no object; a manifest has apiVersion, kind and metadata [R1]')
  for (const [field, text] of Object.entries({ apiVersion, kind: kindName }))
    if (typeof text !== 'string' || text === '')
      return refused(field, 'is missing; write what the object is [R1]')

  const kind = kindOf(textOf(apiVersion), textOf(kindName), registry)
  if (!kind) {
    if (apiVersion === TEST_API_VERSION || !/(^|\.)kradle\.a5c\.ai\//.test(textOf(apiVersion)))
      return { ...said('skipped'), ...placed(object, namespace) }
    const same = everyKind.find(known => known.kind === kindName)
    return same
      ? refused(
          'apiVersion',
          `"${textOf(apiVersion)}" is not served; write "${apiVersionOf(same)}" [R2]`,
        )
      : refused(
          'kind',
          `"${textOf(kindName)}" is no kind of Kradle's; see docs/reference/kinds.md [R1]`,
        )
  }
  if (!isFields(metadata)) return refused('metadata', 'is missing; give the object a name [R3]')
  const generated = meta['generateName']
  const { name = '', namespace: own } = meta
  if (
    typeof name !== 'string' ||
    (name === '' && (typeof generated !== 'string' || generated === ''))
  )
    return refused('metadata.name', 'is missing; give the object a name [R3]')
  const home = own ?? (kind.scope === 'platform' ? PLATFORM_NAMESPACE : namespace)
  if (kind.namespaced && (typeof home !== 'string' || home === ''))
    return refused(
      'metadata.namespace',
      'is missing; write the namespace of the organisation, or give --namespace [R6]',
    )
  const whole = {
    ...object,
    metadata: { ...meta, name, ...(kind.namespaced && { namespace: home }) },
  } as UnknownObject
  return { manifest: { file, line, kind, object: whole }, object: whole }
}

/** An object of somebody else's kind, where it goes; nothing where it has no name. */
function placed(
  object: Record<string, unknown>,
  namespace: string | undefined,
): { object?: UnknownObject } {
  const { metadata } = object
  if (!isFields(metadata) || textOf(metadata['name']) === '') return {}
  const home = metadata['namespace'] ?? namespace
  return {
    object: {
      ...object,
      metadata: { ...metadata, ...(home !== undefined && { namespace: home }) },
    } as unknown as UnknownObject,
  }
}

/** A kind of Kradle's, or one that rules are about. */
function kindOf(apiVersion: string, name: string, registry: Registry): Kind | undefined {
  const guarded = [...registry.rules, ...registry.mutations].flatMap(({ rule }) => rule.kinds)
  return [...everyKind, ...guarded].find(
    kind => kind.kind === name && apiVersionOf(kind) === apiVersion,
  )
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
