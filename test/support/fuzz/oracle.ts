import { applyPatch, type Operation as PatchOperation } from 'rfc6902'
import { BODY_LIMIT, JSON_TYPE, type Case } from './cases.ts'
import { judge } from './judge.ts'
import { isMap, isString, mapOf, metadataOf, same, text, type Json, type Map } from './json.ts'
import type { Verdict } from './verdict.ts'
import type { World } from './world.ts'

export interface Reply {
  readonly status: number
  readonly text: string
}

// The oracle: what is wrong with an answer, or undefined.

export type Outcome = 'allowed' | 'denied' | 'malformed' | 'undecided' | 'rejected'

/** Which way a case went; throws with what should never have been answered. */
export function outcomeOf(sent: Case, reply: Reply, world: World): Outcome {
  const { mode, body, deep } = sent
  const review = read(body)
  const verdict = judge(mode, review, world)
  const { status, text: said } = reply
  const insist = (holds: boolean, what: string) => {
    if (!holds) throw new Error(`${what}: the judge says ${verdict.says}; ${status} ${said}`)
  }
  insist(!said.includes('the rule failed'), 'a rule threw')
  const failed = mode === 'mutate' && status === 500
  if (status !== 200 && !failed) {
    const tooLarge = status === 413 && Buffer.byteLength(body) > BODY_LIMIT
    // Bytes that are no UTF-8 may be turned away before anybody reads them as JSON.
    const rightly = verdict.says === 'unreadable' || Buffer.isBuffer(body)
    const foreign = status === 415 && sent.contentType !== JSON_TYPE
    insist(tooLarge || foreign || (status === 400 && rightly), 'no answer to a review')
    return 'rejected'
  }
  // Where there is no body and no content type either, nothing is parsed: the review is found missing.
  const isNothing = Buffer.byteLength(body) === 0
  insist(verdict.says !== 'unreadable' || isNothing, 'an answer to something that is no JSON')

  const answer = JSON.parse(said) as Map
  insist(answer['apiVersion'] === 'admission.k8s.io/v1', 'apiVersion')
  insist(answer['kind'] === 'AdmissionReview', 'kind')
  const response = mapOf(answer['response'])
  const { uid, allowed, warnings = [], auditAnnotations = {}, patch } = response
  insist(uid === text(mapOf(mapOf(review)['request'])['uid']), 'another uid')
  insist(typeof allowed === 'boolean', 'neither allowed nor refused')
  insist(
    Object.keys(response).every(key => known.has(key)),
    'unknown fields',
  )
  insist(Array.isArray(warnings) && warnings.every(isString), 'warnings are no texts')
  insist(isMap(auditAnnotations) && Object.values(auditAnnotations).every(isString), 'annotations')
  insist((patch !== undefined) === (response['patchType'] === 'JSONPatch'), 'patchType')
  insist(patch === undefined || (mode === 'mutate' && allowed === true), 'a patch out of place')

  if (allowed) {
    insist(!failed, 'an allow with a failure')
    insist(verdict.says === 'allow' || verdict.says === 'either', 'allowed what must not pass')
    const count = (warnings as Json[]).length
    insist(verdict.anyWarnings === true || count === verdict.warnings, 'warnings')
    if (mode === 'mutate') insist(isComplete(sent, patch, verdict), 'a wrong patch')
    return 'allowed'
  }
  const { code, reason, message } = mapOf(response['status'])
  insist(isString(message ?? null) && message !== '' && isString(reason ?? null), 'no reason given')
  insist(failed === (mode === 'mutate' && code !== 403), 'a refusal with the wrong code')
  if (code === 403) {
    insist(verdict.says === 'deny' || verdict.says === 'either', 'refused what may pass')
    return 'denied'
  }
  if (code === 400) {
    insist(verdict.says === 'malformed' || isNothing, 'called malformed what is not')
    return 'malformed'
  }
  insist(code === 503, 'an unknown code')
  insist(deep || verdict.asks === true, 'no verdict where nothing stood in the way')
  return 'undecided'
}

const known = new Set('uid allowed status patch patchType warnings auditAnnotations'.split(' '))

function read(body: string | Buffer): Json | undefined {
  try {
    return JSON.parse(body.toString()) as Json
  } catch {
    return undefined
  }
}

/** The patch applies and yields the object that the judge wants; an empty map and null are the same as none. */
function isComplete({ body }: Case, patch: Json | undefined, { complete }: Verdict): boolean {
  if (complete === undefined) return patch === undefined
  const { request } = JSON.parse(body.toString()) as { request: Map }
  const object = (
    request['operation'] === 'DELETE' ? request['oldObject'] : request['object']
  ) as Map
  const steps = patch
    ? (JSON.parse(Buffer.from(patch as string, 'base64').toString()) as PatchOperation[])
    : []
  if (applyPatch(object, steps).some(error => error !== null)) return false
  return same(withoutEmpty(object), withoutEmpty(complete))
}

function withoutEmpty(object: Map): Map {
  const dropped = (map: Map, keys: readonly string[]) =>
    Object.fromEntries(
      Object.entries(map).filter(
        ([key, value]) => !keys.includes(key) || (value && !isEmpty(value)),
      ),
    )
  return dropped({ ...object, metadata: dropped(metadataOf(object), ['labels', 'annotations']) }, [
    'spec',
  ])
}

const isEmpty = (value: Json): boolean => isMap(value) && Object.keys(value).length === 0
