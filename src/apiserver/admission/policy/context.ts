import type { CelValue } from '@bufbuild/cel'
import type { Namespace } from '#src/api/core/v1.ts'
import { Answers } from '#src/lib/schema/dynamic/answers.ts'
import { authorizer, resourceAuthorizer } from '#src/lib/schema/dynamic/authorizer.ts'
import type { Bindings } from '#src/lib/schema/dynamic/expression.ts'
import { celValue } from '#src/lib/schema/dynamic/values.ts'
import { verdictOf, type ReviewAccess } from '../access.ts'
import type { Attributes } from '../admission.ts'
import { requestOf } from '../review-request.ts'

/** What expressions may speak of. */
export const VARIABLES: readonly string[] = [
  'object',
  'oldObject',
  'request',
  'namespaceObject',
  'params',
]
export const WITH_AUTHORIZER: readonly string[] = [...VARIABLES, 'authorizer']

/** One write as expressions see it: made once, and only where anybody looks. */
export class Context {
  readonly attributes: Attributes
  readonly #answers = new Answers()
  readonly #reviewAccess: ReviewAccess
  #base: Bindings | undefined

  constructor(attributes: Attributes, reviewAccess: ReviewAccess) {
    this.attributes = attributes
    this.#reviewAccess = reviewAccess
  }

  /** The variables; without a namespace `namespaceObject` is null. */
  bindings(namespace: Namespace | undefined): Bindings {
    const { attributes } = this
    this.#base ??= {
      object: celValue(attributes.object),
      oldObject: celValue(attributes.oldObject),
      request: celValue(requestOf(attributes, '')),
      params: null,
    }
    return { ...this.#base, namespaceObject: namespace ? namespaceValue(namespace) : null }
  }

  /** The same with what asks about rights. */
  authorized(bindings: Bindings): Bindings {
    const { resource, subresource, namespace, name } = this.attributes
    const { group, plural } = resource.kind
    const { ask } = this.#answers
    return {
      ...bindings,
      authorizer: authorizer(ask),
      'authorizer.requestResource': resourceAuthorizer(ask, {
        group,
        resource: plural,
        subresource,
        namespace,
        name,
      }),
    }
  }

  /** Evaluates until everything that is asked meanwhile has been answered. Rejects where the request is over. */
  async settled<T>(evaluate: () => T): Promise<T> {
    const { user, signal } = this.attributes
    for (;;) {
      const value = evaluate()
      const more = await this.#answers.fetch(question =>
        verdictOf(this.#reviewAccess, user, question, signal),
      )
      if (!more) return value
    }
  }
}

/** Namespaces without who manages and who owns them. */
function namespaceValue(namespace: Namespace): CelValue {
  const { metadata, ...rest } = namespace
  const { managedFields: _, ownerReferences: __, ...shown } = metadata
  const { spec, status } = rest as { spec?: unknown; status?: unknown }
  return celValue({ metadata: shown, spec: spec ?? {}, status: status ?? {} })
}
