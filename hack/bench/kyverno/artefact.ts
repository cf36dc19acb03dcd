import type { Artefact } from '#hack/local/artefacts.ts'
import { versions } from '#hack/versions.ts'

/** What has to be known to find or build Kyverno's admission controller. It is released as an image only, hence no download. */
export const kyvernoArtefact: Artefact = {
  name: 'kyverno',
  version: versions.kyverno,
  // It has no such flag and says so at once; without any it would begin to serve.
  versionArguments: ['--version'],
  module: 'github.com/kyverno/kyverno',
  package: 'github.com/kyverno/kyverno/cmd/kyverno',
  ldflags: '-s -w',
}
