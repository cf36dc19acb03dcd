import type { PolicyBinding, PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { patternOf, type Pattern } from '#src/lib/schema/pattern.ts'
import type { ParameterValue } from './literal.ts'
import type { Problem } from './problem.ts'

export type Parameter = NonNullable<PolicyTemplate['spec']['parameters']>[number]

/** The values of all parameters of a template by name, in the template's order; where there are problems, those without one. */
export interface Parameters {
  readonly values: ReadonlyMap<string, ParameterValue>
  readonly problems: readonly Problem[]
}

/** What a parameter is that nobody gives and that has no default: nothing, of its type, so that expressions can be compiled. */
const NOTHING: Readonly<Record<Parameter['type'], ParameterValue>> = {
  string: '',
  integer: 0,
  number: 0,
  boolean: false,
  array: [],
}

/** The values that a binding fills in, or what is wrong with them (R205). Never throws, whatever stands there. */
export function parametersOf(
  template: Pick<PolicyTemplate, 'metadata' | 'spec'>,
  binding: Pick<PolicyBinding, 'spec'>,
): Parameters {
  const declared = template.spec.parameters ?? []
  const given = binding.spec.parameters ?? {}
  const problems: Problem[] = []
  const values = new Map<string, ParameterValue>()
  for (const parameter of declared) {
    const { name } = parameter
    const field = `spec.parameters.${name}`
    const value = Object.hasOwn(given, name) ? given[name] : undefined
    if (value === undefined || value === null) {
      if (parameter.required && parameter.default === undefined)
        problems.push({
          rule: 'R205',
          field,
          value: undefined,
          problem: `is missing; PolicyTemplate "${template.metadata.name}" requires it`,
          fix: `write ${expected(parameter)}`,
        })
      else
        values.set(
          name,
          (parameter.default as ParameterValue | undefined) ?? NOTHING[parameter.type],
        )
      continue
    }
    const problem = misfit(parameter, value)
    if (problem)
      problems.push({ rule: 'R205', field, value, problem, fix: `write ${expected(parameter)}` })
    else values.set(name, value as ParameterValue)
  }
  const names = declared.map(({ name }) => name)
  for (const name of Object.keys(given))
    if (!names.includes(name))
      problems.push({
        rule: 'R205',
        field: `spec.parameters.${name}`,
        value: given[name],
        problem: `is no parameter of PolicyTemplate "${template.metadata.name}"`,
        fix:
          names.length > 0
            ? `use ${names.join(', ')}, or leave it out`
            : 'leave it out: the template has none',
      })
  return { values, problems }
}

/** Why a value is none of this parameter; undefined where it is one. */
export function misfit(parameter: Parameter, value: unknown): string | undefined {
  const { type, enum: allowed, minimum, maximum } = parameter
  if (!IS_OF_TYPE[type](value)) return `is not ${ARTICLE[type]}`
  if (typeof value === 'string') {
    if (allowed && !allowed.includes(value)) return 'is not one of the values of the parameter'
    const pattern = parameter.pattern === undefined ? undefined : readPattern(parameter.pattern)
    if (pattern && !pattern.test(value)) return `does not match ${parameter.pattern}`
  }
  if (typeof value === 'number') {
    if (minimum !== undefined && value < minimum) return `is less than ${minimum}`
    if (maximum !== undefined && value > maximum) return `is greater than ${maximum}`
  }
  return undefined
}

/** A pattern, unless RE2 would not take it: that is a problem of the template. */
export function readPattern(source: string): Pattern | undefined {
  try {
    return patternOf(source)
  } catch {
    return undefined
  }
}

const ARTICLE: Readonly<Record<Parameter['type'], string>> = {
  string: 'a string',
  integer: 'an integer that is kept exactly',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list of strings',
}

const IS_OF_TYPE: Readonly<Record<Parameter['type'], (value: unknown) => boolean>> = {
  string: value => typeof value === 'string',
  integer: value => Number.isSafeInteger(value),
  number: value => typeof value === 'number' && Number.isFinite(value),
  boolean: value => typeof value === 'boolean',
  array: value => Array.isArray(value) && value.every(item => typeof item === 'string'),
}

/** What a binding is to write, in words. */
function expected({ type, enum: allowed, pattern, minimum, maximum }: Parameter): string {
  if (allowed)
    return allowed
      .map(value => JSON.stringify(value))
      .join(', ')
      .replace(/, ([^,]*)$/, ' or $1')
  const limits = [
    ...(pattern === undefined ? [] : [`that matches ${pattern}`]),
    ...(minimum === undefined ? [] : [`of at least ${minimum}`]),
    ...(maximum === undefined ? [] : [`of at most ${maximum}`]),
  ]
  const what = type === 'integer' ? 'an integer' : ARTICLE[type]
  return [what, ...limits].join(' ').replace(/(of at least \S+) of/, '$1 and')
}
