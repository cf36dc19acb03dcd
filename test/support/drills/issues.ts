import type { Issue } from '#src/api/activity/v1alpha1.ts'
import { orgNamespace } from '#src/api/names.ts'

/** An Issue of an organisation, as somebody makes it. `lot` is a label that stays as it is. */
export const issue = (slug: string, name: string, title: string, lot = '0'): Issue => ({
  apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
  kind: 'Issue',
  metadata: { name, namespace: orgNamespace(slug), labels: { lot } },
  spec: { organizationRef: slug, title, state: 'open', body: 'What is to be done. '.repeat(20) },
})
