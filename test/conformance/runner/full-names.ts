import { everyKind } from '#src/api/kinds.ts'

/** Verbs after which a resource follows. */
const VERBS: ReadonlySet<string | undefined> = new Set([
  'annotate',
  'delete',
  'describe',
  'get',
  'label',
  'patch',
  'scale',
])

const groups: ReadonlyMap<string, string> = new Map(
  everyKind.flatMap(({ kind, plural, group }) => [
    [kind.toLowerCase(), group],
    [plural, group],
  ]),
)

/** Somebody else may serve Teams and Pipelines in the same cluster: says of Kradle's kinds whose they are. */
export const withGroups = (args: readonly string[]): readonly string[] =>
  args.map((arg, index) =>
    args[0] === 'wait' || (index === 1 && VERBS.has(args[0])) ? fullName(arg) : arg,
  )

/** `team/core` is `team.kradle.a5c.ai/core`. */
function fullName(arg: string): string {
  const [resource = '', ...rest] = arg.split('/')
  const group = groups.get(resource)
  return group === undefined ? arg : [`${resource}.${group}`, ...rest].join('/')
}
