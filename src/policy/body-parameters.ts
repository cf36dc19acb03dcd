import type { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { listOf, mapOf, textOf } from '#src/permissions/untyped.ts'
import { BODY } from './body-fields.ts'
import { misfit, readPattern } from './parameters.ts'
import type { Problem } from './problem.ts'

/** What is wrong with the parameters that a template declares (R205). */
export function parameterProblems({ spec }: PolicyTemplate): readonly Problem[] {
  const taken = listOf(spec.kyverno.spec['variables']).map(each => textOf(mapOf(each)['name']))
  return (spec.parameters ?? []).flatMap((parameter, index) => {
    const field = `spec.parameters[${index}]`
    const problems: Problem[] = []
    const refuse = (at: string, value: unknown, problem: string, fix: string): void => {
      problems.push({ rule: 'R205', field: `${field}.${at}`, value, problem, fix })
    }
    const { name, pattern } = parameter
    if (taken.includes(name))
      refuse(
        'name',
        name,
        `is a variable in ${BODY}.variables, too`,
        'give one of them another name',
      )
    if (RESERVED.has(name)) refuse('name', name, 'is a word of CEL itself', 'use another name')
    if (pattern !== undefined && !readPattern(pattern))
      refuse('pattern', pattern, 'is no regular expression of RE2', 'write one, such as ^[a-z]+$')
    const { default: value } = parameter
    const problem = value === undefined ? undefined : misfit(parameter, value)
    if (problem) refuse('default', value, problem, 'write a value that a binding could give')
    return problems
  })
}

/** What an expression cannot say behind `variables.`. */
const RESERVED: ReadonlySet<string> = new Set(['true', 'false', 'null', 'in'])
