import { apiVersionOf } from '#src/api/kind.ts'
import { invalid as invalidValue, notSupported, type Cause } from '#src/lib/schema/cause.ts'
import { isInt64 } from '#src/lib/schema/numbers.ts'
import { isFields, type Fields } from '#src/lib/schema/structural.ts'
import { isTrue } from '../http/request-info.ts'
import type { ApiRequest } from '../request.ts'
import { badRequest, invalid } from '../status-error.ts'
import { bodyType, readJson, TYPE_META } from './body.ts'
import { goKind } from './go-words.ts'
import { dryRunCauses, META_VERSION } from './options.ts'
import { readYaml } from './yaml-text.ts'

export interface DeleteOptions {
  readonly dryRun?: readonly string[]
  readonly gracePeriodSeconds?: number
  readonly orphanDependents?: boolean
  readonly propagationPolicy?: string
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string }
}

const POLICIES = ['Foreground', 'Background', 'Orphan']

/** What a deletion is asked with: in the body, or else in the query. Throws StatusError 400, 415 or 422. */
export function deleteOptions(request: ApiRequest): DeleteOptions {
  const options = request.body.length > 0 ? fromBody(request) : fromQuery(request.query)
  const { orphanDependents, propagationPolicy: policy, dryRun = [] } = options
  const causes: Cause[] = [
    ...(orphanDependents !== undefined && policy !== undefined
      ? [
          invalidValue(
            'propagationPolicy',
            policy,
            'orphanDependents and deletionPropagation cannot be both set',
          ),
        ]
      : []),
    ...(policy !== undefined && !POLICIES.includes(policy)
      ? [notSupported('propagationPolicy', policy, [...POLICIES, 'nil'])]
      : []),
    ...dryRunCauses(dryRun),
  ]
  if (causes.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', causes)
  return options
}

/** The options as admission is shown them. */
export const deleteOptionsObject = (options: DeleteOptions): Readonly<Record<string, unknown>> => ({
  kind: 'DeleteOptions',
  apiVersion: META_VERSION,
  ...options,
})

function fromQuery(query: URLSearchParams): DeleteOptions {
  const seconds = query.get('gracePeriodSeconds')
  const orphans = query.get('orphanDependents')
  const policy = query.get('propagationPolicy')
  const uid = query.get('uid')
  const resourceVersion = query.get('resourceVersion')
  if (seconds !== null && !/^[+-]?\d+$/.test(seconds))
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(seconds)}: invalid syntax`)
  return {
    ...(query.has('dryRun') && { dryRun: query.getAll('dryRun') }),
    ...(seconds !== null && { gracePeriodSeconds: Number(seconds) }),
    ...(orphans !== null && { orphanDependents: isTrue(orphans) }),
    ...(policy !== null && { propagationPolicy: policy }),
    ...((uid || resourceVersion) && {
      preconditions: { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) },
    }),
  }
}

function fromBody(request: ApiRequest): DeleteOptions {
  const value = valueOf(request)
  if (!isFields(value))
    throw badRequest(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${goKind(value)} into Go value of type ${TYPE_META}`,
    )
  const { kind = 'DeleteOptions', apiVersion = META_VERSION } = value
  // Older clients say it in the version of the group.
  const versions: readonly unknown[] = ['v1', META_VERSION, apiVersionOf(request.resource.kind)]
  if (kind !== 'DeleteOptions' || !versions.includes(apiVersion))
    throw badRequest(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`,
    )
  const preconditions = read(value, 'preconditions', isFields, 'v1.Preconditions')
  const uid = read(preconditions ?? {}, 'uid', isText, 'types.UID', 'Preconditions.preconditions')
  const resourceVersion = read(
    preconditions ?? {},
    'resourceVersion',
    isText,
    'string',
    'Preconditions.preconditions',
  )
  const dryRun = read(value, 'dryRun', isTexts, '[]string')
  const seconds = read(value, 'gracePeriodSeconds', isInt64, 'int64')
  const orphans = read(value, 'orphanDependents', isTruth, 'bool')
  const policy = read(value, 'propagationPolicy', isText, 'v1.DeletionPropagation')
  return {
    ...(dryRun && dryRun.length > 0 && { dryRun }),
    ...(seconds !== undefined && { gracePeriodSeconds: seconds }),
    ...(orphans !== undefined && { orphanDependents: orphans }),
    ...(policy !== undefined && { propagationPolicy: policy }),
    ...(preconditions && {
      preconditions: {
        ...(uid !== undefined && { uid }),
        ...(resourceVersion !== undefined && { resourceVersion }),
      },
    }),
  }
}

function valueOf(request: ApiRequest): unknown {
  const text = request.body.toString()
  if (bodyType(request) === 'json')
    return readJson(text, why => badRequest(`couldn't get version/kind; json parse error: ${why}`))
  return readYaml(text, badRequest).value
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isTruth = (value: unknown): value is boolean => typeof value === 'boolean'
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText)

function read<T>(
  fields: Fields,
  name: string,
  is: (value: unknown) => value is T,
  type: string,
  within = 'DeleteOptions',
): T | undefined {
  const value = fields[name] ?? undefined
  if (value === undefined || is(value)) return value
  throw badRequest(
    `json: cannot unmarshal ${goKind(value)} into Go struct field ${within}.${name} of type ${type}`,
  )
}
