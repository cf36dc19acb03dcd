/** A time as Kubernetes writes it: RFC 3339 in UTC, to the second. */
export const second = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`
