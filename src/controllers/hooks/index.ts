import { WebhookSubscription } from '#src/api/hooks-events/v1alpha1.ts'
import { configured } from '#src/lib/configured.ts'
import type { Deployment } from '#src/lib/controller.ts'

/** Who is told of what happens. */
export const hooks: Deployment = {
  name: 'hooks-controller',
  controllers: [configured(WebhookSubscription)],
}
