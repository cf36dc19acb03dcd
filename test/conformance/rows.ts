/** One capability of the systems checklist. */
export interface Row {
  readonly number: number
  readonly title: string
  /** Of the rule book; an example of what is refused belongs to the first row that has its rule. */
  readonly rules: readonly string[]
  /** What of it nothing tries yet, as that is not built. */
  readonly notBuilt?: string
}

const row = (number: number, title: string, rules: string, notBuilt?: string): Row => ({
  number,
  title,
  rules: rules.split(',').filter(Boolean).flatMap(range),
  ...(notBuilt !== undefined && { notBuilt }),
})

/** `R1-R7` is all of these. */
function range(text: string): readonly string[] {
  const [first = 0, last = first] = text.split('-').map(rule => Number(rule.slice(1)))
  return Array.from({ length: last - first + 1 }, (_, index) => `R${first + index}`)
}

/** The checklist, in its order. */
export const rows: readonly Row[] = [
  row(1, 'CRD set', 'R1-R7,R226,R227'),
  row(2, 'Aggregated kinds', 'R12-R14,R21,R24,R25'),
  row(3, 'Mutating webhook', 'R27'),
  row(4, 'Validating webhook', '', 'killing and rotating is for a cluster of your own'),
  row(5, 'Names and slugs', 'R8-R11', 'normalising what the HTTP API is sent'),
  row(6, 'Status and conditions', 'R17-R20,R23'),
  row(7, 'Config and secrets hygiene', 'R15,R16,R60'),
  row(8, 'Org bootstrap', 'R30,R31,R41', 'bootstrap by the HTTP API'),
  row(9, 'Org scoping', 'R26,R28,R29,R37-R39'),
  row(10, 'Cross-org references', 'R32-R36,R40'),
  row(11, 'Identity and RBAC', 'R42,R46,R47,R49', 'signing in'),
  row(12, 'Agent accounts and roles', 'R43-R45,R50'),
  row(13, 'Permission review', 'R63,R69,R105', 'dispatch, which asks for it'),
  row(14, 'Secret grants', 'R51-R54,R56,R59,R62,R64-R67'),
  row(15, 'Grant scoping', 'R55,R57', 'asking for the approval by itself'),
  row(16, 'Config grants and capabilities', 'R58,R61,R68', 'capability requirements'),
  row(17, 'Repository and Gitea', 'R48,R80,R82', 'git servers'),
  row(18, 'RefPolicy and BranchProtection', 'R70-R75', 'the hook of a git server'),
  row(19, 'Pull requests, reviews, merge gate', 'R76-R79', 'merging'),
  row(20, 'RunnerPool validation and scaling', 'R190,R196,R198,R222', 'runners'),
  row(21, 'Fork isolation', 'R191-R195', 'Pods of jobs'),
  row(22, 'Pipelines and reruns', 'R187,R197', 'running them'),
  row(23, 'Templates and bindings', 'R199,R200,R204,R205'),
  row(24, 'Policy reports', ''),
  row(25, 'Exceptions with expiry', 'R201-R203'),
  row(26, 'Shipped Kyverno templates', 'R81'),
  row(27, 'Kyverno discovery', ''),
  row(28, 'Stack readiness', 'R124-R130,R133,R221'),
  row(29, 'Adapters, transports, providers', 'R111,R131', 'Jobs of agents'),
  row(30, 'Trigger rules', 'R134-R139,R142,R143,R145', 'triggering'),
  row(31, 'Trigger lifecycle and executions', 'R140,R141,R144', 'triggering'),
  row(32, 'Context bundles and labels', 'R114,R116,R117,R132', 'making bundles'),
  row(33, 'Dispatch state machine', 'R101-R107,R118-R122', 'dispatch'),
  row(34, 'Approval gate', 'R83-R91,R93,R98,R223', 'runs that wait'),
  row(35, 'Callback and deadline', 'R108'),
  row(36, 'Budget', 'R109,R110'),
  row(37, 'Retries and attempts', 'R112,R113,R115', 'trying again'),
  row(38, 'Sessions, transcripts, artifacts', 'R100,R123', 'keeping them'),
  row(39, 'Write-back', 'R92,R94-R97,R99', 'writing back'),
  row(40, 'Workspace lifecycle', 'R146-R149,R156,R157', 'volumes and clones'),
  row(41, 'Trust and cleanup', 'R150-R155', 'cleaning up'),
  row(42, 'Memory import gate', 'R159-R162', 'importing'),
  row(43, 'Memory query, snapshot, update', 'R158,R163-R167', 'querying'),
  row(44, 'Provider and binding validation', 'R168-R171,R173,R188,R189'),
  row(45, 'Inbound webhooks', 'R177,R178', 'receiving'),
  row(46, 'Sync and backfill', 'R184,R185,R224', 'syncing'),
  row(47, 'Write intents', 'R172,R179,R180,R186,R225', 'writing to providers'),
  row(48, 'Conflicts', 'R174,R181-R183', 'finding and solving them'),
  row(49, 'Mirror deletion and tombstones', 'R175,R176', 'tombstones'),
  row(50, 'Outbound webhooks and replay', 'R206,R207', 'sending'),
  row(51, 'HTTP API', 'R22,R219'),
  row(52, 'SSE', ''),
  row(53, 'Audit, notifications, events', 'R218'),
  row(54, 'MCP and CLI', ''),
  row(55, 'Inference', 'R208-R210', 'KServe'),
  row(56, 'Artifact registry', 'R211-R215', 'serving packages'),
  row(57, 'Snapshot, backup, restore', 'R216,R217'),
  row(58, 'GitOps and KubeVela', ''),
  row(59, 'Helm and kind', '', 'installing is for `npm run test:kind`'),
  row(60, 'Web UI', 'R220'),
]

/** The row that an example of a rule belongs to. Throws where there is none. */
export function rowOf(rule: string): Row {
  const found = rows.find(({ rules }) => rules.includes(rule))
  if (!found) throw new Error(`${rule} is in no row of the checklist`)
  return found
}
