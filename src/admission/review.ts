import type { AdmissionRequest, AdmissionResponse, AdmissionReview } from '#src/api/admission/v1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { decide, fillIn, isNeverBlocked, type Decision } from '#webhooks/decide.ts'
import { bothOf, noAccess } from '#webhooks/access.ts'
import { lookupsOf, reviewsOf, type Named, type Registry } from '#webhooks/registry.ts'
import { MalformedRequest, readRequest } from '#webhooks/request.ts'
import type { Access, AccessReview, Read, Request, Rule } from '#webhooks/rule.ts'

/**
 * How often rules are asked what they want to know about a requester. The most that one needs:
 * role-is-held asks for `bind`, then for 128 permissions by sixteens, and then for no more.
 */
const MOST_ROUNDS = 10

export type Mode = 'validate' | 'mutate'

/** The answer to a review, with what metrics want to know about it. */
export interface Answer {
  readonly response: AdmissionResponse
  readonly request: Request | undefined
  readonly decision: Decision | undefined
  /** Why there was no decision; the response refuses. Never holds anything of the object. */
  readonly error: unknown
}

/** Where a decision gets what it stands on. Either fails rather than to leave something out. */
export interface Sources {
  /** The cluster with the wanted objects read. */
  readonly view: (reads: readonly Read[]) => Cluster | Promise<Cluster>
  /** What the API server says about the rights of the requester. */
  readonly ask: (user: Request['user'], reviews: readonly AccessReview[]) => Promise<Access>
}

/**
 * Answers one review. Whatever goes wrong, the answer is a refusal: nothing in
 * here may turn an error into an allow.
 */
export async function answer(
  mode: Mode,
  body: unknown,
  registry: Registry,
  sources: Sources,
): Promise<Answer> {
  const uid = uidOf(body)
  let request: Request | undefined
  try {
    request = readRequest(requestOf(body))
    const decision = await judge(mode, request, registry, sources)
    return { request, decision, error: undefined, response: responseOf(mode, uid, decision) }
  } catch (error) {
    const isOurs = !(error instanceof MalformedRequest)
    const message = isOurs
      ? `nothing was decided, so nothing was written: ${describe(error)}; try again`
      : `not a review that can be decided on: ${error.message}`
    return {
      request,
      decision: undefined,
      error,
      response: {
        uid,
        allowed: false,
        status: {
          code: isOurs ? 503 : 400,
          reason: isOurs ? 'ServiceUnavailable' : 'BadRequest',
          message,
        },
      },
    }
  }
}

async function judge(
  mode: Mode,
  request: Request,
  registry: Registry,
  { view, ask }: Sources,
): Promise<Decision> {
  const mutations = registry.mutationsFor(request)
  const rules = mode === 'mutate' ? [] : registry.rulesFor(request)
  // What no rule may block needs no reading either.
  const free = isNeverBlocked(request)
  const cluster = await view(free ? [] : lookupsOf([...mutations, ...rules], request))
  if (mode === 'mutate') return fillIn(request, cluster, registry)
  const access = free ? noAccess : await accessFor(rules, request, cluster, ask)
  return decide(request, cluster, registry, access)
}

/** Asks for the rights of the requester until the rules have heard enough. */
async function accessFor(
  rules: readonly Named<Rule>[],
  request: Request,
  cluster: Cluster,
  ask: Sources['ask'],
): Promise<Access> {
  let access = noAccess
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const reviews = reviewsOf(rules, request, cluster, access)
    if (reviews.length === 0) return access
    access = bothOf(access, await ask(request.user, reviews))
  }
  throw new TooManyQuestions()
}

/** A rule did not have enough after every round; a bug in the rule, never an answer. */
class TooManyQuestions extends Error {
  readonly code = 'TooManyQuestions'
}

/** In `validate` the patch is left out: the API server would refuse the answer. */
function responseOf(mode: Mode, uid: string, decision: Decision): AdmissionResponse {
  const { allowed, reasons, warnings, patch, auditAnnotations } = decision
  return {
    uid,
    allowed,
    ...(!allowed && {
      status: {
        code: 403,
        reason: 'Forbidden',
        message: reasons.map(({ message }) => message).join('\n'),
        details: {
          causes: reasons.map(({ field, message }) => ({
            reason: 'FieldValueForbidden',
            field,
            message,
          })),
        },
      },
    }),
    ...(warnings.length > 0 && { warnings: [...warnings] }),
    ...(mode === 'mutate' &&
      patch.length > 0 && {
        patchType: 'JSONPatch' as const,
        patch: Buffer.from(JSON.stringify(patch)).toString('base64'),
      }),
    ...(Object.keys(auditAnnotations).length > 0 && { auditAnnotations }),
  }
}

function uidOf(body: unknown): string {
  const uid = (body as AdmissionReview | null | undefined)?.request?.uid
  return typeof uid === 'string' ? uid : ''
}

/** Without a uid nobody could tell which request the answer is for. */
function requestOf(body: unknown): AdmissionRequest {
  const request = (body as AdmissionReview | null | undefined)?.request
  if (!request) throw new MalformedRequest('request is missing')
  if (uidOf(body) === '') throw new MalformedRequest('request.uid is missing')
  return request
}

/** The name and code of an error only: its message may quote what was being written. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'an unknown error'
  const { code } = error as Error & { code?: string | number }
  return code === undefined ? error.name : `${error.name} ${code}`
}
