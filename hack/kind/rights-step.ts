import { command } from '#hack/command.ts'
import { AUDIT_LOG } from './audited.ts'
import { explanationOf } from './rarely-used.ts'
import { accountOf, eventsIn, type AuditEvent } from './audit-events.ts'
import { Findings, Skipped } from './report.ts'
import { compare, rightsOf, textOf, type Comparison } from './rights.ts'
import type { Binding, Role } from './roles.ts'
import type { Stand } from './stand.ts'

/** More than these of an account's rights may not go unused. */
const MOST_UNUSED = 10

/**
 * Compares what every account of Kradle's may do with what it did, as the audit log has it. What went unused has to be
 * little, and each of it known.
 */
export async function rightsUsed(stand: Stand): Promise<readonly string[]> {
  const events = await auditEvents(stand)
  if (events.length === 0) throw new Skipped('the audit log is empty')
  const [roles, bindings] = [
    await listed<Role>(stand, 'roles,clusterroles'),
    await listed<Binding>(stand, 'rolebindings,clusterrolebindings'),
  ]
  const deployments = await listed<{ metadata: { name: string } }>(stand, 'deployments')
  const comparisons = deployments.map(({ metadata: { name } }) =>
    compare(name, rightsOf(name, bindings, roles), events),
  )
  if (comparisons.length === 0) throw new Findings(['there is no Deployment in kradle-system'])
  const lines = comparisons.flatMap(linesOf)
  if (comparisons.some(isAmiss)) throw new Findings(lines)
  return lines
}

const linesOf = ({
  account,
  held,
  unused,
  refused,
  refusedThoughHeld,
}: Comparison): readonly string[] => [
  [
    `${account}: ${held} rights, ${unused.length} unused`,
    ...(refused.length > 0 ? [`${refused.length} refused`] : []),
    ...(refusedThoughHeld.length > 0 ? [`${refusedThoughHeld.length} refused though held`] : []),
  ].join(', '),
  ...unused.map(right => {
    const known = explanationOf(account, textOf(right))
    const why = known ? ` (${known.by}: when ${known.when})` : ' - NOBODY KNOWS WHAT FOR'
    return `  unused: ${textOf(right)}${why}`
  }),
  ...refused.map(request => `  refused: ${request}`),
]

/** Too much goes unused, something of it for no known reason, or a read that is needed was refused. */
const isAmiss = ({ account, unused, refused }: Comparison): boolean =>
  unused.length > MOST_UNUSED ||
  unused.some(right => explanationOf(account, textOf(right)) === undefined) ||
  // Writes are refused by admission too, and what is of an organisation while that comes or goes.
  refused.some(request => /^(?:get|list|watch) (?!.*\/namespaces\/kradle-org-)/.test(request))

/** Of Kradle's accounts. */
export async function auditEvents({ options }: Stand): Promise<AuditEvent[]> {
  const node = `${options.name}-control-plane`
  const log = await command('docker', ['exec', node, 'sh', '-c', `cat ${AUDIT_LOG} || true`])
  return eventsIn(log).filter(event => accountOf(event) !== undefined)
}

async function listed<T>({ kubectl, env }: Stand, kinds: string): Promise<T[]> {
  const where = kinds === 'deployments' ? ['-n', 'kradle-system'] : ['-A']
  const list = await command(kubectl, ['get', kinds, ...where, '-o', 'json'], { env })
  return (JSON.parse(list) as { items: T[] }).items
}
