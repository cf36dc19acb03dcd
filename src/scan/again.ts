import { isExpired } from '#src/lib/api-error.ts'

/** Tries anew from the beginning as often as `again` allows; what came of it before counts for nothing. */
export async function untilWhole<T>(read: () => Promise<T>, again = 2): Promise<T> {
  for (let tried = 0; ; tried++) {
    try {
      return await read()
    } catch (error) {
      if (tried === again || !isExpired(error)) throw error
    }
  }
}
