import {
  ArtifactAccessPolicy,
  ArtifactFeed,
  ArtifactRegistry,
} from '#src/api/artifacts/v1alpha1.ts'
import { configured } from '#src/lib/configured.ts'
import type { Deployment } from '#src/lib/controller.ts'

/** Where artifacts are kept, and who gets them. */
export const artifact: Deployment = {
  name: 'artifact-controller',
  controllers: [ArtifactAccessPolicy, ArtifactFeed, ArtifactRegistry].map(kind => configured(kind)),
}
