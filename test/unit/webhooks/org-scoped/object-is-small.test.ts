import t from 'tap'
import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import { Team } from '#src/api/identity/v1alpha1.ts'
import { SPEC_MAX_BYTES } from '#src/api/names.ts'
import { objectOf, request } from '#test/fixtures.ts'
import rule from '#webhooks/org-scoped/object-is-small.ts'

const EMPTY = JSON.stringify({ prompt: { system: '' } }).length

const stack = (bytes: number, character = 'x') =>
  objectOf(AgentStack, {
    metadata: { name: 'repairer', namespace: 'kradle-org-acme' },
    spec: {
      prompt: { system: character.repeat((bytes - EMPTY) / Buffer.byteLength(character)) },
    },
  } as never)

t.test('is for kinds whose schema leaves room for more', async t => {
  t.ok(rule.kinds.includes(AgentStack))
  t.notOk(rule.kinds.includes(Team), 'its lists have limits that are low enough')
})

t.test('takes 256 KiB, and not a byte more', async t => {
  t.strictSame(rule.decide(request('CREATE', AgentStack, stack(SPEC_MAX_BYTES))), [])
  t.match(rule.decide(request('CREATE', AgentStack, stack(SPEC_MAX_BYTES + 1))), [
    { rule: 'R15', field: 'spec', value: SPEC_MAX_BYTES + 1 },
  ])
  t.match(rule.decide(request('CREATE', AgentStack, stack(SPEC_MAX_BYTES + 4, 'é'))), [
    { rule: 'R15' },
  ])
})

t.test('has another way out for activity', async t => {
  const activity = { ...AgentStack, group: 'activity.kradle.a5c.ai' }
  t.match(rule.decide(request('CREATE', activity, stack(SPEC_MAX_BYTES + 1))), [
    { rule: 'R16', fix: /in object storage/ },
  ])
})

t.test('lets what is too large shrink', async t => {
  const judged = (now: number, before: number) =>
    rule.decide(request('UPDATE', AgentStack, stack(now), stack(before)))
  t.strictSame(judged(SPEC_MAX_BYTES + 1, SPEC_MAX_BYTES + 2), [])
  t.strictSame(judged(SPEC_MAX_BYTES + 2, SPEC_MAX_BYTES + 2), [])
  t.match(judged(SPEC_MAX_BYTES + 2, SPEC_MAX_BYTES + 1), [{ rule: 'R15' }])
})
