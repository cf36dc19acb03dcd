import { isExpired } from '#src/lib/api-error.ts'

/** Tries anew from the beginning as often as `again` allows; what came of it before counts for nothing. */
export async function untilWhole<T>(read: () => Promise<T>, again = 2): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (again === 0 || !isExpired(error)) throw error
  }
  return untilWhole(read, again - 1)
}
