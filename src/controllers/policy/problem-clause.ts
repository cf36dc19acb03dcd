import { shown, type Problem } from '#src/policy/problem.ts'

/** A problem for a condition, such as `spec.parameters.minLength: "ten" is not an integer; write an integer [R205]`. */
export const asClause = ({ field, value, problem, fix, rule }: Problem): string =>
  `${field}:${value === undefined ? '' : ` ${shown(JSON.stringify(value))}`} ${problem}; ${fix} [${rule}]`
