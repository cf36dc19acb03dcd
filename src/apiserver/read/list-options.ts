import { forbidden, notSupported, type Cause } from '#src/lib/schema/cause.ts'
import { quoted } from '#src/lib/schema/go-text.ts'
import { isTrue } from '../http/request-info.ts'
import type { RequestInfo } from '../request.ts'
import { badRequest, invalid } from '../status-error.ts'
import { checkFields, parseFieldSelector } from './field-selector.ts'
import { parseLabelSelector } from './label-selector.ts'
import type { Selectors } from './match.ts'

/** The query of a list, a watch or a deletecollection (metav1.ListOptions), understood. */
export interface ListOptions extends Selectors {
  /** 0 is no limit. */
  readonly limit: number
  readonly continue: string
  /** As it was sent; whether it is a number is for the verb to say. */
  readonly resourceVersion: string
  readonly match: string
  readonly allowWatchBookmarks: boolean
  readonly sendInitialEvents: boolean | undefined
  /** 0 where none is given. */
  readonly timeoutSeconds: number
}

const KIND = { group: 'meta.k8s.io', kind: 'ListOptions' }
const MATCHES = ['Exact', 'NotOlderThan']

/** Throws StatusError 400 or 422 in kube-apiserver's words. */
export function listOptions({ query, resource, verb }: RequestInfo): ListOptions {
  const flag = (key: string): boolean | undefined =>
    query.has(key) ? isTrue(query.get(key)) : undefined
  const options: ListOptions = {
    limit: wholeNumber(query.get('limit')),
    timeoutSeconds: wholeNumber(query.get('timeoutSeconds')),
    labels: parseLabelSelector(query.get('labelSelector') ?? ''),
    fields: parseFieldSelector(query.get('fieldSelector') ?? ''),
    continue: query.get('continue') ?? '',
    resourceVersion: query.get('resourceVersion') ?? '',
    match: query.get('resourceVersionMatch') ?? '',
    allowWatchBookmarks: flag('allowWatchBookmarks') ?? false,
    sendInitialEvents: flag('sendInitialEvents'),
  }
  checkSize(options)
  const causes = verb === 'watch' ? watchFaults(options) : listFaults(options)
  if (causes.length > 0) throw invalid(KIND, '', causes)
  checkFields(resource, options.fields)
  return options
}

/**
 * What a selector may ask for: every event is compared with the selectors of all watches, one by one, and PostgreSQL takes
 * no more than 65,535 parameters.
 */
const MOST_REQUIREMENTS = 256
const MOST_VALUES = 4_096

function checkSize({ labels, fields }: ListOptions): void {
  const values = labels.reduce((sum, requirement) => sum + requirement.values.length, 0)
  if (labels.length + fields.length > MOST_REQUIREMENTS || values > MOST_VALUES)
    throw badRequest(
      `the selectors are too large: at most ${MOST_REQUIREMENTS} requirements with ${MOST_VALUES} values are served`,
    )
}

/** As Go reads an int64. What is negative counts as not given. */
function wholeNumber(text: string | null): number {
  if (text === null) return 0
  const parsing = `strconv.ParseInt: parsing ${quoted(text)}`
  if (!/^[+-]?\d+$/.test(text)) throw badRequest(`${parsing}: invalid syntax`)
  const value = Number(text)
  if (Math.abs(value) >= 2 ** 63) throw badRequest(`${parsing}: value out of range`)
  return Math.max(0, Math.min(value, Number.MAX_SAFE_INTEGER))
}

const unless = (said: string, field = 'resourceVersionMatch'): Cause => forbidden(field, said)

function listFaults({
  match,
  resourceVersion,
  sendInitialEvents,
  ...options
}: ListOptions): Cause[] {
  const causes: Cause[] = []
  if (match !== '') {
    if (resourceVersion === '')
      causes.push(unless('resourceVersionMatch is forbidden unless resourceVersion is provided'))
    if (options.continue !== '')
      causes.push(unless('resourceVersionMatch is forbidden when continue is provided'))
    if (!MATCHES.includes(match))
      causes.push(notSupported('resourceVersionMatch', match, [...MATCHES, '']))
    if (match === 'Exact' && resourceVersion === '0')
      causes.push(unless('resourceVersionMatch "exact" is forbidden for resourceVersion "0"'))
  }
  if (sendInitialEvents !== undefined)
    causes.push(unless('sendInitialEvents is forbidden for list', 'sendInitialEvents'))
  return causes
}

function watchFaults({ match, sendInitialEvents, ...options }: ListOptions): Cause[] {
  const causes: Cause[] = []
  if (sendInitialEvents !== undefined && match !== 'NotOlderThan')
    causes.push(unless('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'))
  if (match !== '') {
    if (sendInitialEvents === undefined)
      causes.push(
        unless('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'),
      )
    if (match !== 'NotOlderThan')
      causes.push(notSupported('resourceVersionMatch', match, ['NotOlderThan']))
    if (options.continue !== '')
      causes.push(unless('resourceVersionMatch is forbidden when continue is provided'))
  }
  return causes
}
