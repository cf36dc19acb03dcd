import type { CelFunc } from '@bufbuild/cel'
export const quantities: readonly CelFunc[] = []
