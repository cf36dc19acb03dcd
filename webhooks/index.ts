import deletionIsConfirmed from './organization/deletion-is-confirmed.ts'
import deletionIsRepaired from './orgnamespacebinding/deletion-is-repaired.ts'
import organizationExists from './orgnamespacebinding/organization-exists.ts'
import namespaceIsBound from './org-scoped/namespace-is-bound.ts'
import organizationIsFilledIn from './org-scoped/organization-is-filled-in.ts'

/** Everything that may refuse a write; the key is the file, and its name in messages, metrics and docs. */
export const rules = {
  'org-scoped/namespace-is-bound': namespaceIsBound,
  'organization/deletion-is-confirmed': deletionIsConfirmed,
  'orgnamespacebinding/deletion-is-repaired': deletionIsRepaired,
  'orgnamespacebinding/organization-exists': organizationExists,
} as const

/** Everything that may fill in a field. */
export const mutations = {
  'org-scoped/organization-is-filled-in': organizationIsFilledIn,
} as const
