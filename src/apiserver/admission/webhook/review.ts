import { isFields } from '#src/lib/schema/structural.ts'
import { requestOf } from '../review-request.ts'
import type { Attributes } from '../admission.ts'

/** The review that is sent for a write (admission.k8s.io/v1). */
export const reviewOf = (attributes: Attributes, uid: string): object => ({
  kind: 'AdmissionReview',
  apiVersion: 'admission.k8s.io/v1',
  request: {
    ...requestOf(attributes, uid),
    object: attributes.object ?? null,
    oldObject: attributes.oldObject ?? null,
  },
})

/** What a webhook said, once it is known to be an answer to what was asked. */
export interface Verdict {
  readonly allowed: boolean
  readonly status: Readonly<Record<string, unknown>> | undefined
  /** The JSON of a patch; '' where there is none. */
  readonly patch: string
  readonly patchType: string
  readonly warnings: readonly string[]
}

/** Reads the body of an answer. Throws with what is wrong with it, in the words of kube-apiserver. */
export function readReview(body: string, uid: string, mayPatch: boolean): Verdict {
  if (body === '')
    throw new Error('0-length response with status code: 200 and content type: application/json')
  const review = parsed(body)
  const apiVersion = textIn(review, 'apiVersion')
  const kind = textIn(review, 'kind')
  const isTyped = apiVersion === V1 && kind === 'AdmissionReview'
  if (apiVersion !== '' && kind !== '' && !isTyped)
    throw new Error(
      apiVersion === V1BETA1 && kind === 'AdmissionReview'
        ? 'converting (v1beta1.AdmissionReview) to (v1.AdmissionReview): unknown conversion'
        : `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`,
    )
  const { response } = review
  if (!isFields(response)) throw new Invalid('webhook response was absent')
  const answered = textIn(response, 'uid')
  if (answered !== uid)
    throw new Invalid(
      `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(answered)}`,
    )
  if (!isTyped)
    throw new Invalid(
      `expected webhook response of ${typeText(V1, 'AdmissionReview')}, got ${typeText(apiVersion, kind)}`,
    )
  const { allowed = false, status, warnings } = response
  if (typeof allowed !== 'boolean') throw unreadable('allowed', 'bool')
  return {
    allowed,
    status: isFields(status) ? status : undefined,
    ...patchIn(response, mayPatch),
    warnings: Array.isArray(warnings) ? warnings.filter(each => typeof each === 'string') : [],
  }
}

function patchIn(
  response: Readonly<Record<string, unknown>>,
  mayPatch: boolean,
): Pick<Verdict, 'patch' | 'patchType'> {
  const patch = textIn(response, 'patch')
  const patchType = textIn(response, 'patchType')
  const hasType = response['patchType'] !== undefined && response['patchType'] !== null
  if (!mayPatch && patch) throw new Invalid('validating webhook may not return response.patch')
  if (!mayPatch && hasType)
    throw new Invalid('validating webhook may not return response.patchType')
  if (patch && !hasType)
    throw new Invalid('webhook returned response.patch but not response.patchType')
  if (!patch && hasType)
    throw new Invalid('webhook returned response.patchType but not response.patch')
  if (hasType && patchType === '')
    throw new Invalid('webhook returned invalid response.patchType of ""')
  return { patch: Buffer.from(patch, 'base64').toString('utf8'), patchType }
}

/** An answer that can be read, and is none to what was asked. */
export class Invalid extends Error {}

const V1 = 'admission.k8s.io/v1'
const V1BETA1 = 'admission.k8s.io/v1beta1'

function parsed(body: string): Readonly<Record<string, unknown>> {
  let review: unknown
  try {
    review = JSON.parse(body)
  } catch (error) {
    throw new Error(`couldn't get version/kind; json parse error: ${(error as Error).message}`, {
      cause: error,
    })
  }
  if (!isFields(review))
    throw new Error("couldn't get version/kind; json parse error: not an object")
  return review
}

/** '' where there is none. */
function textIn(fields: Readonly<Record<string, unknown>>, name: string): string {
  const value = fields[name] ?? ''
  if (typeof value !== 'string') throw unreadable(name, 'string')
  return value
}

const unreadable = (field: string, type: string): Error =>
  new Error(`json: cannot unmarshal field ${field} of an AdmissionReview into type ${type}`)

function typeText(apiVersion: string, kind: string): string {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
  return `${group}/${version}, Kind=${kind}`
}
