import {
  forbidden,
  invalid as invalidValue,
  notSupported,
  required,
  tooLong,
  type Cause,
} from '#src/lib/schema/cause.ts'
import { isTrue } from '../http/request-info.ts'
import { invalid } from '../status-error.ts'

const MAX_MANAGER_BYTES = 128
export const META_VERSION = 'meta.k8s.io/v1'

/** What a create, update or patch is asked with. */
export interface WriteOptions {
  readonly dryRun: boolean
  /** '' where none was given. */
  readonly fieldManager: string
  readonly fieldValidation: 'Ignore' | 'Warn' | 'Strict'
  /** Of a patch that applies. */
  readonly force: boolean
}

/** Reads the query. Throws StatusError 422. */
export function writeOptions(
  query: URLSearchParams,
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
  isApply = false,
): WriteOptions {
  const fieldManager = query.get('fieldManager') ?? ''
  const fieldValidation = query.get('fieldValidation') ?? ''
  const force = kind === 'PatchOptions' ? query.get('force') : null
  const causes = [
    ...(isApply && !fieldManager ? [required('fieldManager', 'is required for apply patch')] : []),
    ...(force !== null && !isApply
      ? [forbidden('force', 'may not be specified for non-apply patch')]
      : []),
    ...managerCauses(fieldManager),
    ...dryRunCauses(query.getAll('dryRun')),
    ...(['', 'Ignore', 'Strict', 'Warn'].includes(fieldValidation)
      ? []
      : [notSupported('fieldValidation', fieldValidation, ['', 'Ignore', 'Strict', 'Warn'])]),
  ]
  if (causes.length > 0) throw invalid({ group: 'meta.k8s.io', kind }, '', causes)
  return {
    dryRun: query.has('dryRun'),
    fieldManager,
    fieldValidation: (fieldValidation || 'Warn') as WriteOptions['fieldValidation'],
    force: isTrue(force),
  }
}

function managerCauses(manager: string): readonly Cause[] {
  const causes =
    Buffer.byteLength(manager) > MAX_MANAGER_BYTES
      ? [tooLong('fieldManager', MAX_MANAGER_BYTES)]
      : []
  let position = 0
  for (const character of manager) {
    if (!isPrintable(character)) {
      const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
      causes.push(
        invalidValue(
          'fieldManager',
          manager,
          `invalid character U+${code} (at position ${position})`,
        ),
      )
    }
    position += Buffer.byteLength(character)
  }
  return causes
}

const isPrintable = (character: string): boolean =>
  /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character)

export const dryRunCauses = (values: readonly string[]): readonly Cause[] =>
  values.every(value => value === 'All') ? [] : [notSupported('dryRun', values, ['All'])]

/** Who writes: who he says he is, or else the first word of his user agent. At most 128 bytes. */
export function managerOf({ fieldManager }: WriteOptions, userAgent: string): string {
  if (fieldManager) return fieldManager
  let manager = ''
  for (const character of userAgent.split('/')[0]!) {
    if (!isPrintable(character)) continue
    if (Buffer.byteLength(manager + character) > MAX_MANAGER_BYTES) break
    manager += character
  }
  return manager
}

/** The options as admission is shown them: a patch comes as what it is to become. */
export const admissionOptions = (
  { dryRun, fieldManager }: WriteOptions,
  fieldValidation: string | null,
  operation: 'CREATE' | 'UPDATE',
): Readonly<Record<string, unknown>> => ({
  kind: operation === 'CREATE' ? 'CreateOptions' : 'UpdateOptions',
  apiVersion: META_VERSION,
  ...(dryRun && { dryRun: ['All'] }),
  ...(fieldManager && { fieldManager }),
  ...(fieldValidation && { fieldValidation }),
})
