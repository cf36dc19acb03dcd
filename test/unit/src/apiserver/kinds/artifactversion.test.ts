import t from 'tap'
import { version } from '#src/apiserver/kinds/artifactversion.ts'

const claim = (spec: Record<string, unknown>) =>
  version.claim!(
    {
      apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
      kind: 'X',
      metadata: { name: 'one', namespace: 'kradle-org-acme' },
      spec,
    },
    new Date(0),
  )

t.equal(
  claim({ feedRef: 'npm', name: 'left-pad', version: '1.0.0' }),
  'version 1.0.0 of left-pad in kradle-org-acme/npm',
)
