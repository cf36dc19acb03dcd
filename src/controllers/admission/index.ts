import type { Deployment } from '#src/lib/controller.ts'
import { installation } from './installation.ts'
import type { Installation } from './installed.ts'

/** What the API server is told about Kradle, and the certificates behind it. */
export const admission = (parts: Installation): Deployment => ({
  name: 'admission-controller',
  controllers: [installation(parts)],
})
