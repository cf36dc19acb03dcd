import { createHash } from 'node:crypto'
import type { Line } from './line.ts'

/** SARIF 2.1.0, as far as it is written here. */
interface Log {
  readonly $schema: string
  readonly version: '2.1.0'
  readonly runs: readonly object[]
}

/**
 * For code scanning: a run with a rule for each policy and number, and a result for each line. Objects are no files, so each
 * has the place where its manifest would be (`kradle-org-acme/Pod/web`), and its name as a logical location. What an
 * exception covers is there as suppressed, with who approved it.
 */
export function sarifReport(lines: readonly Line[]): string {
  const rules = [...Map.groupBy(lines, ruleIdOf)]
  const index = new Map(rules.map(([id], at) => [id, at]))
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'kradle', rules: rules.map(([id, group]) => ruleOf(id, group[0]!)) },
        },
        results: lines.map(line => resultOf(line, index.get(ruleIdOf(line))!)),
        columnKind: 'utf16CodeUnits',
      },
    ],
  }
  return `${JSON.stringify(log, undefined, 2)}\n`
}

const ruleIdOf = ({ policy, rule }: Line): string => (rule ? `${policy}/${rule}` : policy)

function ruleOf(id: string, { policy, severity, binding, source }: Line) {
  const { template = '', remediation = '' } = binding ?? {}
  return {
    id,
    shortDescription: { text: template ? `${policy}, made of template ${template}` : policy },
    ...(remediation && { help: { text: remediation } }),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { source, severity },
  }
}

function resultOf(line: Line, ruleIndex: number) {
  const { object, message, result, source, at, binding, exception, judged, severity } = line
  const path = [object.namespace, object.kind, object.name]
  const { kind, level } = outcomeOf(line)
  return {
    ruleId: ruleIdOf(line),
    ruleIndex,
    kind,
    level,
    message: { text: message || `${result} by ${source}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: path.filter(Boolean).map(encodeURIComponent).join('/') },
        },
        logicalLocations: [
          {
            name: object.name,
            fullyQualifiedName: [object.apiVersion, ...path].filter(Boolean).join('/'),
            kind: 'resource',
          },
        ],
      },
    ],
    partialFingerprints: {
      'kradleObjectRule/v1': createHash('sha256')
        .update(JSON.stringify([object, ruleIdOf(line)]))
        .digest('hex'),
    },
    ...(exception?.holds && {
      suppressions: [
        {
          kind: 'external',
          status: 'accepted',
          justification: `exception "${exception.name}" until ${exception.until}, approved by "${exception.approvedBy}"`,
        },
      ],
    }),
    properties: {
      result,
      severity,
      source,
      ...(at && { at }),
      ...(binding && { binding: binding.name, mode: binding.mode }),
      ...(judged && { judged }),
    },
  }
}

const LEVELS = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
} as const

/** A level is for failures alone; what could not be judged is still open. */
function outcomeOf({ result, severity, exception }: Line) {
  if (result === 'fail') return { kind: 'fail', level: LEVELS[severity] }
  if (result === 'warn') return { kind: 'fail', level: 'note' }
  if (result === 'error') return { kind: 'open', level: 'none' }
  // What is left out for no other reason than an exception is a failure that somebody accepted.
  if (result === 'skip' && exception?.holds) return { kind: 'fail', level: LEVELS[severity] }
  return { kind: result === 'pass' ? 'pass' : 'notApplicable', level: 'none' }
}
