import type { Line, Summary } from './line.ts'

/** For programs: one document with every line, those that pass only counted. */
export const jsonReport = (summary: Summary, lines: readonly Line[], cut: number): string =>
  `${JSON.stringify({ summary, cut, results: lines }, undefined, 2)}\n`
