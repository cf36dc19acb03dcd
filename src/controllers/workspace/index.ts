import { KradleWorkspace } from '#src/api/workspaces/v1alpha1.ts'
import { configured } from '#src/lib/configured.ts'
import type { Deployment } from '#src/lib/controller.ts'

/** Where runs keep their files. */
export const workspace: Deployment = {
  name: 'workspace-controller',
  controllers: [
    // Its phases are those of its volume, and move one after the other (R147).
    configured(KradleWorkspace, { phase: (_, before = 'Pending') => before }),
  ],
}
