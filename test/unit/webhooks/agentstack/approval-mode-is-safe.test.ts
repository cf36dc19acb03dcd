import t from 'tap'
import { AgentStack, KradleWorkspacePolicy } from '#src/api/agents/v1alpha1.ts'
import { cluster, objectOf, request } from '#test/fixtures.ts'
import rule from '#webhooks/agentstack/approval-mode-is-safe.ts'

const metadata = (name: string) => ({ name, namespace: 'kradle-org-acme' })
const policy = (requiresApproval: boolean) =>
  objectOf(KradleWorkspacePolicy, {
    metadata: metadata('careful'),
    spec: { requiresApproval },
  } as never)
const stack = (approvalMode?: string, workspacePolicyRef?: string) =>
  objectOf(AgentStack, {
    metadata: metadata('repairer'),
    spec: { approvalMode, workspacePolicyRef },
  } as never)
const create = (mode?: string, name?: string) => request('CREATE', AgentStack, stack(mode, name))
const strict = cluster(policy(true))

t.test('refuses a stack that asks nobody under a policy that wants approvals', async t => {
  t.match(rule.lookups?.(create('yolo', 'careful')), [
    { kind: KradleWorkspacePolicy, name: 'careful', fresh: 'on-miss' },
  ])
  t.match(rule.decide(create('yolo', 'careful'), strict), [
    {
      rule: 'R83',
      field: 'spec.approvalMode',
      value: 'yolo',
      problem: /"careful" wants every run/,
    },
  ])
})

t.test('has nothing against anything else', async t => {
  for (const mode of ['prompt', 'deny', undefined])
    t.strictSame(rule.decide(create(mode, 'careful'), strict), [], String(mode))
  t.strictSame(rule.lookups?.(create('prompt', 'careful')), [])
  t.strictSame(rule.decide(create('yolo'), strict), [])
  t.strictSame(rule.decide(create('yolo', 'careful'), cluster(policy(false))), [])
  t.strictSame(rule.decide(create('yolo', 'careful'), cluster()), [])
})

t.test('looks at what is new', async t => {
  const update = (mode: string, before: string, name = 'careful') =>
    rule.decide(request('UPDATE', AgentStack, stack(mode, 'careful'), stack(before, name)), strict)
  t.strictSame(update('yolo', 'yolo'), [])
  t.match(update('yolo', 'prompt'), [{ rule: 'R83' }])
  t.match(update('yolo', 'yolo', 'other'), [{ rule: 'R83' }])
})
