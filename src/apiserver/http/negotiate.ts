import { badRequest, notAcceptable, unsupportedMediaType } from '../status-error.ts'
import { goValue } from '#src/lib/schema/go-text.ts'
import type { Verb } from '../request.ts'
import type { IncludeObject, Media } from './forms.ts'

const JSON_TYPE = 'application/json'
const META = 'meta.k8s.io'
const FORMS: ReadonlySet<string> = new Set([
  'Table',
  'PartialObjectMetadata',
  'PartialObjectMetadataList',
])

/** One alternative of an Accept header. */
interface Clause {
  readonly type: string
  readonly subtype: string
  readonly quality: number
  readonly parameters: ReadonlyMap<string, string>
}

/** The form to answer in. Throws StatusError 406 where none that is wanted can be had. */
export function negotiate(accept: string | undefined, query: URLSearchParams): Media {
  if (!accept) return { form: 'object', includeObject: 'Metadata' }
  for (const clause of clausesOf(accept)) {
    const form = formOf(clause)
    if (form) return { form, includeObject: form === 'Table' ? includeObjectOf(query) : 'Metadata' }
  }
  throw notAcceptable(`only the following media types are accepted: ${JSON_TYPE}`)
}

function clausesOf(accept: string): Clause[] {
  const clauses = accept.split(',').flatMap(clauseOf)
  // What is wanted more comes first, then what is named more exactly; otherwise the order of the header stays.
  return clauses.toSorted((a, b) => b.quality - a.quality || specificity(b) - specificity(a))
}

const specificity = ({ type, subtype }: Clause): number =>
  type === '*' ? 0 : subtype === '*' ? 1 : 2

function clauseOf(text: string): Clause[] {
  const [range, ...rest] = text.split(';').map(part => part.trim())
  const [type, subtype = type === '*' ? '*' : '', ...more] = range!.toLowerCase().split('/')
  if (!type || !subtype || more.length > 0) return []
  const parameters = new Map(
    rest.flatMap(part => {
      const [key, value, extra] = part.split('=')
      return value && extra === undefined ? [[key!.trim(), value.trim()] as const] : []
    }),
  )
  const quality = Number(parameters.get('q') ?? 1)
  return [{ type, subtype, quality: Number.isNaN(quality) ? 0 : quality, parameters }]
}

/** undefined where the alternative cannot be served. */
function formOf({ type, subtype, quality, parameters }: Clause): Media['form'] | undefined {
  const isJson = `${type}/${subtype}` === JSON_TYPE
  if (quality <= 0 || !(isJson || (subtype === '*' && (type === '*' || type === 'application'))))
    return undefined
  const stream = parameters.get('stream')
  if ((stream !== undefined && stream !== 'watch') || parameters.has('sv')) return undefined
  const [as, group, version] = ['as', 'g', 'v'].map(key => parameters.get(key))
  if (as === undefined && group === undefined && version === undefined) return 'object'
  return as !== undefined && FORMS.has(as) && group === META && version === 'v1'
    ? (as as Media['form'])
    : undefined
}

function includeObjectOf(query: URLSearchParams): IncludeObject {
  const wanted = query.get('includeObject') || 'Metadata'
  if (wanted === 'Metadata' || wanted === 'Object' || wanted === 'None') return wanted
  throw badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: ${goValue(wanted)}: must be 'Metadata', 'Object', 'None', or empty`,
  )
}

/** Whether the client takes a compressed answer. */
export const acceptsGzip = (header: string | undefined): boolean =>
  (header ?? '').split(',').some(part => part.trim() === 'gzip')

/** What objects and options may be sent as. */
export const BODIES: readonly string[] = [JSON_TYPE, 'application/yaml']
const PATCHES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/apply-patch+yaml',
]

/**
 * The content type of a body without parameters, in lower case; '' where none was sent, which for objects and
 * options means JSON. Throws StatusError 415 where nobody reads it.
 */
export function bodyType(verb: Verb, header: string | undefined, size: number): string {
  const type = (header ?? '').split(';')[0]!.trim().toLowerCase()
  const accepted = verb === 'patch' ? PATCHES : BODIES
  if (accepted.includes(type)) return type
  // Whoever sends nothing need not say what it is.
  if (verb !== 'patch' && (type === '' || size === 0)) return type
  throw unsupportedMediaType(accepted)
}
