import { compiled, type Compiled } from '#src/lib/schema/dynamic/compiled.ts'
import { kyverno } from './cel/dialect.ts'
import type { KyvernoPolicy, NamedExpression, PolicyException } from './kyverno.ts'

/** A policy with its exceptions, ready to be asked. */
export interface CompiledPolicy {
  readonly policy: KyvernoPolicy
  readonly exceptions: readonly {
    readonly exception: PolicyException
    readonly conditions: readonly Compiled[]
  }[]
  readonly conditions: readonly Compiled[]
  readonly variables: ReadonlyMap<string, Compiled>
  readonly validations: readonly {
    readonly expression: Compiled
    readonly message: string
    readonly messageExpression: Compiled | undefined
  }[]
  readonly annotations: readonly { readonly key: string; readonly expression: Compiled }[]
}

const BASE = ['object', 'oldObject', 'request', 'namespaceObject', 'json']

/** Compiles a Validating policy with those of the exceptions that name it. Never throws: see compiled(). */
export function compiledPolicy(
  policy: KyvernoPolicy,
  exceptions: readonly PolicyException[],
): CompiledPolicy {
  const of = (source: string, more: readonly string[] = []): Compiled =>
    compiled(source, [...BASE, ...more], kyverno)
  const conditionsOf = (
    conditions: readonly NamedExpression[] = [],
    more: readonly string[] = [],
  ) => conditions.map(({ expression }) => of(expression, more))
  const all = ['exceptions', 'variables']
  const { matchConditions, variables = [], validations = [], auditAnnotations = [] } = policy.spec
  return {
    policy,
    exceptions: exceptions
      .filter(({ spec }) =>
        spec.policyRefs.some(
          ({ name, kind }) => name === policy.metadata.name && kind === policy.kind,
        ),
      )
      .map(exception => ({ exception, conditions: conditionsOf(exception.spec.matchConditions) })),
    conditions: conditionsOf(matchConditions, ['exceptions']),
    variables: new Map(variables.map(({ name, expression }) => [name, of(expression, all)])),
    validations: validations.map(({ expression, message = '', messageExpression }) => ({
      expression: of(expression, all),
      message,
      messageExpression: messageExpression ? of(messageExpression, all) : undefined,
    })),
    annotations: auditAnnotations.map(({ key, valueExpression }) => ({
      key,
      expression: of(valueExpression, all),
    })),
  }
}
