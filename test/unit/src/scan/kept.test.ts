import t from 'tap'
import { everyKind } from '#src/api/kinds.ts'
import { Team } from '#src/api/identity/v1alpha1.ts'
import { Pod } from '#src/api/core/v1.ts'
import { resourceOf } from '#src/api/kind.ts'
import type { UnknownObject } from '#src/api/object.ts'
import { clusterOf } from '#src/lib/cluster.ts'
import { recorded } from '#src/lib/recorded-cluster.ts'
import { judgedKinds, keptRequest, keptRules } from '#src/scan/kept.ts'
import { binding, now, team } from '#test/fixtures.ts'
import { readExamples } from '#test/support/examples.ts'
import { rules } from '#webhooks/index.ts'
import { lookupsOf } from '#webhooks/registry.ts'
import { allow, rule, type Request, type Rule } from '#webhooks/rule.ts'

const shipped = keptRules(rules)

t.test('an object is asked about as if it came new, and says that nobody writes it', async t => {
  const request = keptRequest(Team, team() as unknown as UnknownObject)
  t.match(request, { operation: 'CREATE', name: 'core', namespace: 'kradle-org-acme', kept: true })
  t.equal(request.oldObject, undefined)
  const { namespace: _, ...metadata } = team().metadata
  t.equal(keptRequest(Team, { ...team(), metadata } as unknown as UnknownObject).namespace, '')
})

t.test(
  'asks the rules that say they may be asked, whatever they are asked about otherwise',
  async t => {
    const of = (background?: 'always' | 'while-open') =>
      rule({
        kinds: [Pod],
        operations: ['UPDATE'],
        subresources: ['exec'],
        enforces: ['R1'],
        ...(background && { background }),
        decide: () => allow,
      })
    const kept = keptRules({ 'a/a': of('always'), 'a/b': of('while-open'), 'a/c': of() })
    const request = keptRequest(Pod, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a' },
    })
    const names = (registry: (typeof kept)['open']) =>
      registry.rulesFor(request).map(({ name }) => name)
    t.strictSame(names(kept.always), ['a/a'])
    t.strictSame(names(kept.open), ['a/a', 'a/b'])
    t.strictSame(judgedKinds(kept), [Pod])
  },
)

t.test('judges every kind of an organisation, and Pods', async t => {
  const kinds = new Set(judgedKinds(shipped).map(resourceOf))
  for (const kind of [...everyKind, Pod]) t.ok(kinds.has(resourceOf(kind)), kind.kind)
  t.equal(kinds.size, judgedKinds(shipped).length)
})

t.test('rules about rights, deletions and subresources are not asked', async t => {
  const named = Object.entries<Rule>(rules)
  for (const [name, each] of named.filter(([, { background }]) => background)) {
    t.notOk('reviews' in each, name)
    t.ok(each.operations.includes('CREATE'), name)
    t.ok(each.subresources?.includes('') ?? true, name)
  }
  for (const [name, each] of named.filter(([, one]) => 'reviews' in one))
    t.equal(each.background, undefined, name)
})

t.test('no rule that is asked looks at who writes', async t => {
  const { of } = readExamples()
  const activity = readExamples('docs/activity-examples')
  const all = [...of.values(), ...activity.of.values(), ...activity.needed]
  const kinds = judgedKinds(shipped)
  let asked = 0
  for (const object of all) {
    const kind = kinds.find(
      each => each.kind === object.kind && object.apiVersion.startsWith(each.group),
    )
    if (!kind) continue
    const request: Request = {
      ...keptRequest(kind, object as unknown as UnknownObject),
      get user(): never {
        throw new Error('asked who writes')
      },
    }
    const { cluster } = recorded(clusterOf([binding(), ...all], now))
    const own = shipped.open.rulesFor(request)
    lookupsOf(own, request)
    for (const { rule: each } of own) {
      each.decide(request, cluster, undefined as never)
      asked++
    }
  }
  t.ok(asked > 200, String(asked))
})
