import type { ArtifactVersion } from '#src/api/activity/v1alpha1.ts'
import type { Hooks } from '../write/hooks.ts'

/** A version of a package is published once in a feed (R213). */
export const version: Hooks = {
  claim(object) {
    const { spec, metadata } = object as unknown as ArtifactVersion
    return `version ${spec.version} of ${spec.name} in ${metadata.namespace}/${spec.feedRef}`
  },
}
