import { listed } from '#src/lib/conditions.ts'

/** How many items a message on grants and roles names; people look at the first ones. */
const NAMED = 8

/** `a, b and 3 more`. */
export const listing = (items: readonly string[]): string => listed(items, NAMED)
