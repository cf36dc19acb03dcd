import { PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { listOf, mapOf } from '#src/permissions/untyped.ts'
import { expressionsOf, type BodyExpression } from './body-expressions.ts'
import { BODY, fieldProblems } from './body-fields.ts'
import { kindProblems } from './body-kinds.ts'
import { parameterProblems } from './body-parameters.ts'
import { faultsOf, type Scope } from './cel/check.ts'
import type { PolicyType } from './names.ts'
import { shown, type Problem } from './problem.ts'
import { CONDITION_PREFIX } from './target.ts'

/** Enough to go on with; the rest is looked at again when these are mended. */
const MOST_PROBLEMS = 20

/**
 * What is wrong with a template: fields, kinds and functions that it may not have, and expressions that do not compile.
 * Whose template it is follows from its namespace. What does not fit by type alone is for Kyverno to find. Pure; never
 * throws on an object that its schema admits.
 */
export function problemsOf(template: PolicyTemplate): readonly Problem[] {
  const isPlatform = template.metadata.namespace === PLATFORM_NAMESPACE
  return [
    ...kindProblems(template, isPlatform),
    ...parameterProblems(template),
    ...fieldProblems(template, isPlatform),
    ...nameProblems(template),
    ...expressionsOf(template).flatMap(expression =>
      expressionProblems(expression, template.spec.kyverno.type, isPlatform),
    ),
  ].slice(0, MOST_PROBLEMS)
}

function expressionProblems(
  { field, source, variables, onlyImage }: BodyExpression,
  type: PolicyType,
  isPlatform: boolean,
): Problem[] {
  if (typeof source !== 'string')
    return [
      {
        rule: 'R203',
        field,
        value: source,
        problem: source === undefined ? 'is missing' : 'is no text',
        fix: 'write an expression of CEL',
      },
    ]
  const scope: Scope = {
    type,
    roots: onlyImage ? IMAGE_ROOTS : ROOTS[type],
    variables,
    messages: type === 'Mutating',
    forbidden: isPlatform ? NOTHING : FORBIDDEN,
  }
  return faultsOf(source, scope).map(({ line, column, kind, problem, fix }) => ({
    rule: 'R203',
    field,
    value: shown(source),
    problem:
      kind === 'forbidden'
        ? `may not be compiled: line ${line}, column ${column}: ${problem}`
        : `does not compile: line ${line}, column ${column}: ${problem}`,
    fix,
  }))
}

const SHARED =
  'object oldObject request namespaceObject variables exceptions json yaml http resource globalContext image'.split(
    ' ',
  )

/** What expressions of each type may speak of. */
const ROOTS: Readonly<Record<PolicyType, ReadonlySet<string>>> = {
  Validating: new Set(SHARED),
  Mutating: new Set(SHARED),
  Generating: new Set([...SHARED, 'generator']),
  ImageValidating: new Set([
    ...SHARED.filter(name => name !== 'exceptions'),
    'images',
    'attestors',
    'attestations',
  ]),
  Deleting: new Set(SHARED),
}

/** An image reference is compared before anything else is known. */
const IMAGE_ROOTS: ReadonlySet<string> = new Set(['ref'])

const NOTHING: ReadonlyMap<string, string> = new Map()

const WITH_RIGHTS =
  'reads or writes with the rights of Kyverno, so it is for templates of the platform'
const FETCHES = 'has Kyverno fetch what it names, so it is for templates of the platform'

/** What no organisation's template uses: it would act as Kyverno, differ from time to time, or take what there is of memory. */
const FORBIDDEN: ReadonlyMap<string, string> = new Map([
  ['resource', WITH_RIGHTS],
  ['generator', WITH_RIGHTS],
  ['globalContext', WITH_RIGHTS],
  ['http', FETCHES],
  ['image', FETCHES],
  ['images', FETCHES],
  ['parseImageReference', FETCHES],
  ['random', 'is another value each time, so that no report would agree with what was refused'],
  ['gzip', 'may take all the memory of Kyverno, so it is for templates of the platform'],
])

/** What lists hold has names, each its own, and not one that the policy of a binding has for itself. */
function nameProblems({ spec: { kyverno } }: PolicyTemplate): Problem[] {
  return ['variables', 'matchConditions', 'conditions', 'targetMatchConditions'].flatMap(list => {
    const seen = new Set<unknown>()
    return listOf(kyverno.spec[list]).flatMap((each, index) => {
      const { name } = mapOf(each)
      const problem =
        typeof name !== 'string' ||
        !NAMES[list === 'variables' ? 'variable' : 'condition'].test(name)
          ? 'is no name'
          : seen.has(name)
            ? 'is the name of another one before it'
            : name.startsWith(CONDITION_PREFIX)
              ? `begins like the conditions that a PolicyBinding adds`
              : undefined
      seen.add(name)
      return problem
        ? [
            {
              rule: 'R203',
              field: `${BODY}.${list}[${index}].name`,
              value: name,
              problem,
              fix: 'give it a name of its own, of letters and digits',
            },
          ]
        : []
    })
  })
}

const NAMES = {
  variable: /^[A-Za-z_][A-Za-z0-9_]*$/,
  condition:
    /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,
} as const
