import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { parseArgs } from 'node:util'
import { orgNamespace } from '#src/api/names.ts'
import { loadClient, type Client } from '#src/lib/client.ts'
import { KradleError } from '#src/lib/errors.ts'
import { anew } from '#src/report/anew.ts'
import { pairsOf } from '#src/report/bound.ts'
import { gather, objectOf } from '#src/report/gather.ts'
import { jsonReport } from '#src/report/json.ts'
import { FAILING, type Line } from '#src/report/line.ts'
import { linesOf } from '#src/report/lines.ts'
import { sarifReport } from '#src/report/sarif.ts'
import { listed, summaryOf } from '#src/report/summary.ts'
import { tableReport } from '#src/report/table.ts'
import { ANNOTATION_CUT } from '#src/scan/report-api.ts'

export const usage = `kradle report: what Kyverno and Kradle have found, as it is now

  kradle report [--org <organisation>] [-n <namespace>] [-o table|json|sarif]

      --org         the organisation; left out with -n, all that you may read
  -n, --namespace   the same by its namespace
  -o, --output      table, json or sarif
      --kubeconfig  left out: KUBECONFIG, then ~/.kube/config

It reads policy reports, bindings, templates and exception requests with your rights, and writes nothing. Results that an
exception began or ended after are judged anew.
Exits with 0 where nothing fails, with 1 where something does, with 2 where it could not be read.
`

const options = {
  org: { type: 'string' },
  namespace: { type: 'string', short: 'n' },
  output: { type: 'string', short: 'o', default: 'table' },
  kubeconfig: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** What the process is given. */
interface Surroundings {
  readonly print: (text: string) => void
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Runs `kradle report`; resolves with its exit code. Throws where something cannot be read. */
export async function report(
  args: readonly string[],
  { print, env }: Surroundings,
): Promise<0 | 1> {
  const flags = parse(args)
  if (flags.help) {
    print(usage)
    return 0
  }
  const { output } = flags
  if (output !== 'table' && output !== 'json' && output !== 'sarif')
    throw invalid(`--output ${output}: must be table, json or sarif`)
  if (flags.org !== undefined && flags.namespace !== undefined)
    throw invalid('--org and --namespace both say where to look: give one of them')
  const namespace = flags.org === undefined ? flags.namespace : orgNamespace(flags.org)
  const client = loadClient({ kubeconfig: flags.kubeconfig ?? usual(env), env })
  try {
    const { reports, bindings, templates, requests } = await gather(client, namespace)
    const now = new Date()
    const lines = await settled(
      client,
      linesOf(reports, pairsOf(bindings, templates), requests, now),
      now,
    )
    const summary = summaryOf(reports, lines)
    const cut = reports.reduce(
      (sum, { metadata }) => sum + Number(metadata.annotations?.[ANNOTATION_CUT] ?? 0),
      0,
    )
    const shown = listed(lines)
    if (output === 'json') print(jsonReport(summary, shown, cut))
    else if (output === 'sarif') print(sarifReport(shown))
    else print(tableReport(summary, shown, cut))
    return FAILING.some(result => summary[result] > 0) ? 1 : 0
  } finally {
    client.close()
  }
}

/** Every line as it is now. */
async function settled(
  client: Client,
  drafts: ReturnType<typeof linesOf>,
  now: Date,
): Promise<readonly Line[]> {
  const lines: Line[] = []
  for (const draft of drafts) {
    const object = draft.isStale ? await objectOf(client, draft.line) : undefined
    const line = anew(draft, object, now)
    if (line) lines.push(line)
  }
  return lines
}

/** Where kubectl looks. */
function usual(env: Surroundings['env']): string {
  const [first] = (env['KUBECONFIG'] ?? '').split(delimiter).filter(Boolean)
  return first ?? join(homedir(), '.kube/config')
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values
  } catch (error) {
    throw invalid((error as Error).message)
  }
}

const invalid = (message: string): KradleError => new KradleError('InvalidFlag', message)
