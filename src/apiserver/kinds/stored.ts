import type { Hooks } from '../write/hooks.ts'

/** An object says where it is stored (R13) and begins with its first phase, before any controller has seen it. */
export const stored = (phase: string | undefined): Hooks => ({
  prepareForCreate: object => ({
    ...object,
    status: { ...(phase !== undefined && { phase }), storage: 'postgres' },
  }),
})
