import type { UserInfo } from '#src/api/admission/v1.ts'
import { apiVersionOf, type Kind } from '#src/api/kind.ts'
import type { UnknownObject } from '#src/api/object.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { decide, mutated } from '#webhooks/decide.ts'
import { reviewsOf, type Registry } from '#webhooks/registry.ts'
import { MalformedRequest, readRequest } from '#webhooks/request.ts'
import type { Access, AccessReview, Request } from '#webhooks/rule.ts'
import type { Verdict as Admitted } from '#src/lib/schema/evaluator.ts'
import type { Schemas } from './schemas.ts'
import type { Cause, Verdict } from './verdict.ts'

/** A manifest that has been read, and where it would go. */
export interface Manifest {
  readonly file: string
  readonly line: number
  readonly kind: Kind
  /** With its namespace. */
  readonly object: UnknownObject
}

/** What a manifest is judged by. */
export interface Means {
  readonly registry: Registry
  readonly schemas: Schemas
  readonly user: UserInfo
}

/** What came of it, or which rights have to be known first. */
export type Judgement =
  | {
      readonly verdict: Omit<Verdict, 'assumes' | 'notes' | 'unjudged'>
      /** What would be stored, with all that was filled in; nothing where it is refused. */
      readonly admitted?: UnknownObject
      readonly asks?: undefined
    }
  | {
      readonly verdict?: undefined
      readonly admitted?: undefined
      readonly asks: readonly AccessReview[]
    }

/**
 * Judges one manifest as the API server would, in its order: what is left out is filled in, then
 * the definition has its say, and only where it has nothing against it the rules. An object that
 * is there already is judged as replaced by the manifest. Pure.
 */
export function judge(
  manifest: Manifest,
  { registry, schemas, user }: Means,
  cluster: Cluster,
  access: Access,
): Judgement {
  const { kind, object } = manifest
  const { name, namespace } = object.metadata
  const old = name ? (cluster.get(kind, name, namespace) as UnknownObject | undefined) : undefined
  const submitted = old ? succeeding(object, old) : object
  const request = requestFor(kind, submitted, old, user)
  // What no rule could read is for the definition to refuse.
  const filled =
    request instanceof MalformedRequest ? submitted : mutated(request, cluster, registry)

  const verdict = (causes: readonly Cause[], warnings: readonly string[] = []) => ({
    verdict: verdictOf(manifest, old !== undefined, causes, warnings),
  })
  const admitted = schemas(kind)?.admit(filled, old)
  const wrong = admitted ? causesOf(admitted) : []
  if (wrong.length > 0) return verdict(wrong)

  const whole = admitted ? (admitted.object as unknown as UnknownObject) : filled
  const judged = requestFor(kind, whole, old, user)
  if (judged instanceof MalformedRequest)
    return verdict([{ source: 'file', field: '', message: judged.message }])
  const asks = reviewsOf(registry.rulesFor(judged), judged, cluster, access)
  if (asks.length > 0) return { asks }
  const { reasons, warnings } = decide(judged, cluster, registry, access)
  const broken = reasons.map(({ rule, number, field, message }): Cause => ({
    source: 'rule',
    field,
    rule,
    number,
    message,
  }))
  return { ...verdict(broken, warnings), ...(broken.length === 0 && { admitted: whole }) }
}

/** What the definition has against an object: that it cannot be read, fields that nobody knows, or what they hold. */
function causesOf({ undecodable, strict, causes }: Admitted): readonly Cause[] {
  const said = (field: string, message: string): Cause => ({ source: 'schema', field, message })
  if (undecodable !== undefined) return [said('', undecodable)]
  // With unknown fields the API server does not get as far as to look at the others.
  if (strict.length > 0) return strict.map(message => said('', message))
  return causes.map(({ field, message }) => said(field, `${field}: ${message}`))
}

/** The manifest with what the API server keeps of the object that is there. */
function succeeding(object: UnknownObject, old: UnknownObject): UnknownObject {
  const { uid, resourceVersion, generation, creationTimestamp } = old.metadata
  const kept = { uid, resourceVersion, generation, creationTimestamp }
  return {
    ...object,
    metadata: { ...(JSON.parse(JSON.stringify(kept)) as object), ...object.metadata },
    ...(old.status && { status: old.status }),
  }
}

/** The write as rules see it, or why they cannot. */
function requestFor(
  { group, version, kind, plural }: Kind,
  object: UnknownObject,
  oldObject: UnknownObject | undefined,
  userInfo: UserInfo,
): Request | MalformedRequest {
  try {
    return readRequest({
      uid: 'check',
      kind: { group, version, kind },
      resource: { group, version, resource: plural },
      operation: oldObject ? 'UPDATE' : 'CREATE',
      name: object.metadata.name,
      ...(object.metadata.namespace !== undefined && { namespace: object.metadata.namespace }),
      userInfo,
      object,
      oldObject: oldObject ?? null,
      dryRun: true,
    })
  } catch (error) {
    if (error instanceof MalformedRequest) return error
    throw error
  }
}

const verdictOf = (
  { file, line, kind, object }: Manifest,
  isThere: boolean,
  causes: readonly Cause[],
  warnings: readonly string[],
): Omit<Verdict, 'assumes' | 'notes' | 'unjudged'> => ({
  file,
  line,
  apiVersion: apiVersionOf(kind),
  kind: kind.kind,
  namespace: object.metadata.namespace ?? '',
  name: object.metadata.name || `${String(object.metadata.generateName)}*`,
  result: causes.length > 0 ? 'refused' : 'accepted',
  operation: isThere ? 'UPDATE' : 'CREATE',
  causes,
  warnings,
})
