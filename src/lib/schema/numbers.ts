const MAX_INT64 = 2n ** 63n - 1n
const MIN_INT64 = -(2n ** 63n)

/** Whether the API server decodes the number as an int64; every other number becomes a float64. */
export function isInt64(value: unknown): value is number {
  if (typeof value !== 'number' || !Number.isInteger(value) || Math.abs(value) >= 1e21) return false
  const int = int64(value)
  return int >= MIN_INT64 && int <= MAX_INT64
}

/** The digits that travel are those JavaScript prints, and beyond 2^53 those are not the exact value. */
export const int64 = (value: number): bigint => BigInt(String(value))

/** A float that stands for an integer without doubt: one that JSON of JavaScript could carry. */
export const isFloatInteger = (value: number): boolean => Number.isSafeInteger(value)
