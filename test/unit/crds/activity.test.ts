import { readFileSync } from 'node:fs'
import t from 'tap'
import { parse } from 'yaml'
import { readDefinitions, storedIn } from '#hack/gen/definitions.ts'
import { everyKind } from '#src/api/kinds.ts'
import { apiVersionOf } from '#src/api/kind.ts'
import type { UnknownObject } from '#src/api/object.ts'
import { compile, type Evaluator } from '#src/lib/schema/evaluator.ts'
import type { Definition } from '#src/lib/schema/definition.ts'
import { activity } from '#test/fixtures/refusals/activity/index.ts'
import { binding, cluster, request } from '#test/fixtures.ts'
import { casesOf, seenInExamples, type Case } from '#test/support/cases/cases.ts'
import { isExpected } from '#test/support/cases/expected.ts'
import { rulesOf, unmatched } from '#test/support/cases/rules.ts'
import { readExamples, type Manifest } from '#test/support/examples.ts'
import { mutated } from '#webhooks/decide.ts'
import { mutations } from '#webhooks/index.ts'
import filledIn from '#webhooks/org-scoped/organization-is-filled-in.ts'
import { registry } from '#webhooks/registry.ts'

// For every kind of activity a table, generated from its definition, as test/integration/definitions.test.ts has one for
// custom resources: what the schema takes, and what it refuses with which words.

const definitions = storedIn('postgres', readDefinitions())
const examples = readExamples('docs/activity-examples')
const seen = seenInExamples(readDefinitions(), new Map([...readExamples().of, ...examples.of]))
const everything = registry({}, mutations)
const filling = registry({}, { 'org-scoped/organization-is-filled-in': filledIn })

t.test('every kind has an example, and every rule a manifest that breaks it', async t => {
  for (const definition of definitions) {
    t.ok(examples.of.has(definition.kind), `${definition.kind}: docs/activity-examples has it`)
    const { rules, refusals } = unmatched(definition, activity[definition.kind] ?? {})
    t.strictSame(rules, [], `${definition.kind}: each of its rules has a refusal`)
    t.strictSame(refusals, [], `${definition.kind}: each of its refusals has a rule`)
  }
  t.comment(`${definitions.flatMap(({ schema }) => rulesOf(schema)).length} rules`)
})

for (const definition of definitions)
  t.test(definition.kind, async t => {
    const example = complete(examples.of.get(definition.kind)!)
    const said = activity[definition.kind] ?? {}
    const { cases, uncovered } = casesOf(definition, example, said, seen)
    t.strictSame(uncovered, [], 'every constraint has a case')
    const { whole, status } = evaluatorsOf(definition.file)
    const wrong = cases.flatMap(one => {
      const says = answerTo(one, one.subresource ? status : whole)
      return isExpected(says, one.expect)
        ? []
        : [{ case: one.name, expected: one.expect, says: says || 'accepted' }]
    })
    t.strictSame(wrong, [], `${cases.length} cases`)
  })

/** What judges an object, and what judges its status: the former leaves a status as it is stored, so the latter has no such subresource. */
function evaluatorsOf(file: string): { whole: Evaluator; status: Evaluator } {
  const definition: Definition = parse(readFileSync(file, 'utf8'))
  const versions = definition.spec.versions.map(version => ({ ...version, subresources: {} }))
  return {
    whole: compile(definition),
    status: compile({ ...definition, spec: { ...definition.spec, versions } }),
  }
}

/** What the schema says to it once the organisation is filled in, '' where it takes it. */
function answerTo({ object, stored = [], subresource }: Case, evaluator: Evaluator): string {
  const last = subresource && stored.length === 0 ? { ...object, status: undefined } : stored.at(-1)
  const old = last && admitted(evaluator, last).object
  const { strict, causes, undecodable } = admitted(evaluator, object, old)
  return [
    ...(undecodable === undefined ? [] : [undecodable]),
    ...(strict.length > 0 ? strict : causes.map(({ field, message }) => `${field}: ${message}`)),
  ].join(', ')
}

/** With all that is filled in: a table is about what was not. */
function complete(example: Manifest): Manifest {
  const kind = everyKind.find(each => each.kind === example.kind)!
  return mutated(request('CREATE', kind, example), cluster(binding()), everything)
}

function admitted(evaluator: Evaluator, sent: object, old?: object) {
  const object = sent as UnknownObject
  const kind = everyKind.find(
    each => each.kind === object.kind && apiVersionOf(each) === object.apiVersion,
  )
  // What no rule could read is for the schema to refuse.
  if (!kind || typeof (object.spec ?? {}) !== 'object' || Array.isArray(object.spec))
    return evaluator.admit(object, old)
  const write = request(old ? 'UPDATE' : 'CREATE', kind, object, old as UnknownObject | undefined)
  return evaluator.admit(mutated(write, cluster(binding()), filling), old)
}
