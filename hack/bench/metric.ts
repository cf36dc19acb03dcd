export type Reading = { readonly labels: Readonly<Record<string, string>>; readonly value: number }

/** The readings of one metric, from the text of a /metrics. */
export function readings(metric: string, text: string): readonly Reading[] {
  return text
    .split('\n')
    .filter(line => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `))
    .map(line => ({
      labels: Object.fromEntries(
        [...line.matchAll(label)].map(([, name, value]) => [name!, value!]),
      ),
      value: Number(line.slice(line.lastIndexOf(' ') + 1)),
    }))
}

const label = /(\w+)="((?:[^"\\]|\\.)*)"/g

export const total = (of: readonly Reading[]): number =>
  of.reduce((sum, { value }) => sum + value, 0)
