import type { UserInfo } from '#src/api/admission/v1.ts'

export const ANONYMOUS = 'system:anonymous'
export const AUTHENTICATED = 'system:authenticated'
export const UNAUTHENTICATED = 'system:unauthenticated'
/** May do everything, by the API server's own word. */
export const MASTERS = 'system:masters'

/** Whoever presented nothing. */
export const anonymous: UserInfo = Object.freeze({
  username: ANONYMOUS,
  groups: Object.freeze([UNAUTHENTICATED]) as string[],
})

/** The same with system:authenticated among the groups, unless one of the two is there. */
export function authenticated(user: UserInfo): UserInfo {
  const groups = user.groups ?? []
  return user.username === ANONYMOUS ||
    groups.includes(AUTHENTICATED) ||
    groups.includes(UNAUTHENTICATED)
    ? user
    : { ...user, groups: [...groups, AUTHENTICATED] }
}
