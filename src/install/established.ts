import type { KubernetesObject } from '#src/api/object.ts'

/** The part of a CustomResourceDefinition that says how far it has come. */
export interface Definition extends KubernetesObject {
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string
      readonly status: string
      readonly message?: string
    }[]
  }
}

/** Why objects of a definition cannot be written yet, as a clause; undefined where they can. */
export function unestablished(live: Definition | undefined): string | undefined {
  if (!live) return 'it is not there'
  // It takes all of its objects along first; what is applied meanwhile goes too.
  if (live.metadata.deletionTimestamp) return 'it is being deleted'
  const at = (type: string) => live.status?.conditions?.find(each => each.type === type)
  // One that was established before stays so while its new names are somebody else's.
  const names = at('NamesAccepted')
  if (names?.status === 'False') return `its names are not accepted: ${names.message}`
  const established = at('Established')
  if (established?.status === 'True') return undefined
  return `it is not established: ${established?.message ?? 'the API server has not looked at it'}`
}
