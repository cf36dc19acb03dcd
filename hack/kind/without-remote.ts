import { parse, stringify } from 'yaml'

/** Dependencies that would have to be fetched: definitions, which are applied on their own, and what nobody needs here. */
export function withoutRemote(chartYaml: string): string {
  const chart = parse(chartYaml) as { dependencies?: { repository?: string }[] }
  const dependencies = (chart.dependencies ?? []).filter(({ repository }) => !repository)
  return stringify({ ...chart, dependencies })
}
