import type { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import type { Problem } from './problem.ts'

export const problemsOf = (_: PolicyTemplate): readonly Problem[] => []
