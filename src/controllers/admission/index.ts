import type { Deployment } from '#src/lib/controller.ts'
import { installation, type Installation } from './installation.ts'

/** What the API server is told about Kradle, and the certificate behind it. */
export const admission = (parts: Installation): Deployment => ({
  name: 'admission-controller',
  controllers: [installation(parts)],
})
