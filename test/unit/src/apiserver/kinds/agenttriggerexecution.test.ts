import t from 'tap'
import { execution } from '#src/apiserver/kinds/agenttriggerexecution.ts'

const claim = (decision: string, phase?: string) =>
  execution.claim!(
    {
      apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
      kind: 'AgentTriggerExecution',
      metadata: { name: 'one', namespace: 'kradle-org-acme' },
      spec: { triggerRule: 'nightly', sourceEvent: 'ci-failure:Job:test', decision },
      ...(phase && { status: { phase } }),
    },
    new Date(0),
  )

t.equal(claim('dispatched'), 'event ci-failure:Job:test for kradle-org-acme/nightly')
t.equal(claim('dispatched', 'Dispatched'), claim('dispatched'))
t.equal(claim('dispatched', 'Failed'), undefined)
t.equal(claim('rejected'), undefined)
