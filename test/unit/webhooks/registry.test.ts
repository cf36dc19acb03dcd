import t from 'tap'
import { Organization, OrgNamespaceBinding, Team } from '#src/api/identity/v1alpha1.ts'
import { cluster, organization, request, team } from '#test/fixtures.ts'
import { accessOf, noAccess } from '#webhooks/access.ts'
import { called, inProcess, lookupsOf, registry, reviewsOf } from '#webhooks/registry.ts'
import { allow, mutation, rule, type Access, type Read } from '#webhooks/rule.ts'

const read = (fresh: Read['fresh'], name = 'acme'): Read => ({
  kind: OrgNamespaceBinding,
  name,
  namespace: 'kradle-system',
  fresh,
})
const onTeam = (reads: Read[]) =>
  rule({
    kinds: [Team],
    operations: ['CREATE'],
    enforces: ['R1'],
    watches: [OrgNamespaceBinding],
    lookups: () => reads,
    decide: () => allow,
  })
const onMiss = rule({
  kinds: [Team],
  operations: ['DELETE'],
  enforces: ['R1'],
  watches: [OrgNamespaceBinding, Organization],
  live: [Organization],
  lookups: () => [],
  decide: () => allow,
})
const onStatus = rule({
  kinds: [Team],
  operations: ['UPDATE'],
  subresources: ['', 'status'],
  enforces: ['R2'],
  gets: [Organization],
  decide: () => allow,
})
const fill = mutation({
  kinds: [Team],
  operations: ['CREATE'],
  enforces: ['R3'],
  needed: 'true',
  apply: ({ object }) => object,
})
const known = registry(
  {
    'b/cached': onTeam([read('cached'), { kind: Organization, name: 'other', fresh: 'cached' }]),
    'a/live': onTeam([read('live')]),
    'c/status': onStatus,
  },
  { 'd/fill': fill },
)
const names = (list: readonly { name: string }[]) => list.map(({ name }) => name)

t.test(
  'asks the rules of kind, operation and subresource, in the order of their names',
  async t => {
    t.strictSame(names(known.rulesFor(request('CREATE', Team, team()))), ['a/live', 'b/cached'])
    t.strictSame(names(known.mutationsFor(request('CREATE', Team, team()))), ['d/fill'])
    t.strictSame(known.rulesFor(request('DELETE', Team, team())), [])
    t.strictSame(known.mutationsFor(request('DELETE', Team, team())), [])
    t.strictSame(known.rulesFor(request('CREATE', Organization, organization())), [])
    const update = request('UPDATE', Team, team(), team())
    t.strictSame(names(known.rulesFor({ ...update, subresource: 'status' })), ['c/status'])
  },
)

t.test('knows what has to be watched and what is read live', async t => {
  t.strictSame(known.watches, [OrgNamespaceBinding])
  t.strictSame(known.gets, [Organization])
  t.strictSame(known.live, [OrgNamespaceBinding], 'where nothing is said, whatever is watched')
  t.strictSame(registry({ 'a/miss': onMiss }, {}).live, [Organization])
})

t.test('is for some kinds alone, and needs what is for them', async t => {
  const Gadget = { ...Team, group: 'activity.kradle.a5c.ai', plural: 'gadgets' }
  const both = rule({
    kinds: [Team, Gadget],
    operations: ['CREATE'],
    enforces: ['R1'],
    watches: kind => (kind === Team ? [OrgNamespaceBinding] : []),
    gets: kind => (kind === Gadget ? [Gadget] : []),
    decide: () => allow,
  })
  const shipped = { 'a/both': both, 'b/team': onStatus }
  const webhook = registry(shipped, { 'd/fill': fill }, called)
  const server = registry(shipped, { 'd/fill': fill }, inProcess)
  t.strictSame(names(webhook.rules), ['a/both', 'b/team'])
  t.match(webhook, { watches: [OrgNamespaceBinding], gets: [Organization] })
  t.strictSame(names(server.rules), ['a/both'])
  t.strictSame([server.watches, server.gets, server.mutations], [[], [Gadget], []])
  const create = { ...request('CREATE', Team, team()) }
  t.strictSame(names(webhook.rulesFor(create)), ['a/both'])
  t.strictSame(server.rulesFor(create), [])
})

t.test('reads each object once, as freshly as the strictest rule wants it', async t => {
  const create = request('CREATE', Team, team())
  const asked = lookupsOf(known.rulesFor(create), create)
  t.strictSame(
    asked.map(({ name, fresh }) => [name, fresh]),
    [
      ['acme', 'live'],
      ['other', 'cached'],
    ],
  )
  const update = request('UPDATE', Team, team(), team())
  t.strictSame(lookupsOf(known.rulesFor(update), update), [])
})

t.test('asks once what several rules want to know about the requester', async t => {
  const review = (name: string) => ({
    verb: 'use',
    group: 'kradle.a5c.ai',
    resource: 'agentserviceaccounts',
    namespace: 'kradle-org-acme',
    name,
  })
  const asking = (...about: string[]) =>
    rule({
      kinds: [Team],
      operations: ['CREATE'],
      enforces: ['R1'],
      reviews: () => about.map(review),
      decide: () => allow,
    })
  const rules = registry({ 'a/a': asking('x', 'y'), 'b/b': asking('y'), 'c/c': onTeam([]) }, {})
  const create = request('CREATE', Team, team())
  const asked = (access: Access) =>
    reviewsOf(rules.rulesFor(create), create, cluster(), access).map(({ name }) => name)
  t.strictSame(asked(noAccess), ['x', 'y'])
  t.strictSame(asked(accessOf([[review('x'), false]])), ['y'], 'nothing that is known')
})
