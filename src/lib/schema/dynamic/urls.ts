import type { CelFunc } from '@bufbuild/cel'
export const urls: readonly CelFunc[] = []
