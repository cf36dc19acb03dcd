import { Selector, View } from '#src/api/web-ui/v1alpha1.ts'
import { configured } from '#src/lib/configured.ts'
import type { Deployment } from '#src/lib/controller.ts'

/** What people look at. */
export const webUi: Deployment = {
  name: 'web-ui-controller',
  controllers: [Selector, View].map(kind => configured(kind)),
}
