import t from 'tap'
import type { UnknownObject } from '#src/api/object.ts'
import { compileDynamic } from '#src/lib/schema/dynamic/expression.ts'
import { celValue } from '#src/lib/schema/dynamic/values.ts'
import { targetConditions } from '#src/policy/target.ts'

type Where = Parameters<typeof targetConditions>[0]
type Some = Partial<UnknownObject> | undefined

/** Whether all conditions hold; an error is thrown. */
function holds(
  where: Where,
  operation: string,
  object: Some,
  oldObject?: Some,
  type = 'Validating' as const,
) {
  return targetConditions(where, type).every(({ expression }) => {
    const outcome = compileDynamic(expression, ['object', 'oldObject', 'request']).evaluate({
      // As Kyverno has them: what is not there is empty.
      object: celValue(object ?? {}),
      oldObject: celValue(oldObject ?? {}),
      request: celValue({ operation }),
    })
    if ('error' in outcome) throw new Error(`${expression}: ${outcome.error}`)
    return outcome.value
  })
}
const of = (repository: unknown, labels: Record<string, string> = {}): Some => ({
  metadata: { name: 'x', labels },
  spec: { repository },
})
const app: Where = { target: { repositories: ['app', 'we"b'] } }

t.test('without a target it is everywhere', async t => {
  t.strictSame(targetConditions({}, 'Validating'), [])
  t.strictSame(targetConditions({ match: { matchLabels: {} }, target: {} }, 'Validating'), [])
})

t.test('a repository is told by the spec, else by a label', async t => {
  t.ok(holds(app, 'CREATE', of('app')))
  t.ok(holds(app, 'CREATE', { spec: { repositoryRef: 'we"b' } }))
  t.notOk(holds(app, 'CREATE', of('other', { 'kradle.a5c.ai/repository': 'app' })))
  t.notOk(
    holds(app, 'CREATE', {
      metadata: { name: 'x', labels: { 'kradle.a5c.ai/repository': 'other' } },
    }),
  )
  t.notOk(holds(app, 'CREATE', of({ name: 'app' })))
})

t.test('who does not say is inside, whatever the object looks like', async t => {
  for (const object of [{}, { spec: {} }, { metadata: { name: 'x' } }, { spec: undefined }, of('')])
    t.ok(holds(app, 'CREATE', object as Some), JSON.stringify(object))
  t.ok(holds({ target: { environments: ['prod'], trustTiers: ['untrusted'] } }, 'CREATE', {}))
})

t.test('an empty list is nothing', async t => {
  t.notOk(holds({ target: { repositories: [] } }, 'CREATE', of('app')))
  t.notOk(holds({ target: { environments: [] } }, 'CREATE', {}))
})

t.test('the write that takes an object out is itself judged', async t => {
  t.ok(holds(app, 'UPDATE', of('other'), of('app')))
  t.ok(holds(app, 'UPDATE', of('app'), of('other')))
  t.notOk(holds(app, 'UPDATE', of('other'), of('other')))
})

t.test('of a deletion the object that goes is looked at', async t => {
  t.ok(holds(app, 'DELETE', undefined, of('app')))
  t.notOk(holds(app, 'DELETE', undefined, of('other')))
})

t.test('all that is given has to hold', async t => {
  const both: Where = {
    target: { repositories: ['app'], environments: ['prod'] },
    match: { matchLabels: { tier: 'a"', 'x.io/y': '' } },
  }
  const labels = { 'kradle.a5c.ai/environment': 'prod', tier: 'a"', 'x.io/y': '' }
  t.ok(holds(both, 'CREATE', of('app', labels)))
  t.notOk(holds(both, 'CREATE', of('app', { ...labels, 'kradle.a5c.ai/environment': 'dev' })))
  t.notOk(holds(both, 'CREATE', of('app', { tier: 'a"' })))
  t.notOk(holds(both, 'CREATE', { spec: {} }))
})

t.test('where there is no request the object alone counts', async t => {
  const [condition] = targetConditions(app, 'Deleting')
  t.notMatch(condition!.expression, /request|oldObject/)
})
