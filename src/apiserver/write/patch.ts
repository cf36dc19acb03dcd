import type { UnknownObject } from '#src/api/object.ts'
import { invalid as invalidValue } from '#src/lib/schema/cause.ts'
import { goJson } from '#src/lib/schema/go-text.ts'
import { isFields, type Fields } from '#src/lib/schema/structural.ts'
import type { ApiRequest, Handler } from '../request.ts'
import { invalid, unsupportedMediaType } from '../status-error.ts'
import { applyOf } from './apply.ts'
import { checkName, decoded, inNamespace, versionOf } from './body.ts'
import { timeOf, type WriteDeps } from './deps.ts'
import { managerOf, writeOptions, type WriteOptions } from './options.ts'
import { jsonPatched, mergePatched } from './patch-operations.ts'
import { replace } from './replace.ts'

const JSON_PATCH = 'application/json-patch+json'
const MERGE_PATCH = 'application/merge-patch+json'
const APPLY_PATCH = 'application/apply-patch+yaml'

/** PATCH of an object, or of its status. */
export const patchHandler =
  (deps: WriteDeps): Handler =>
  async request => {
    const { contentType, name, namespace, resource } = request
    if (![JSON_PATCH, MERGE_PATCH, APPLY_PATCH].includes(contentType))
      throw unsupportedMediaType([JSON_PATCH, MERGE_PATCH, APPLY_PATCH])
    const isApply = contentType === APPLY_PATCH
    const options = writeOptions(request.query, 'PatchOptions', isApply)
    if (isApply) return replace(deps, request, applyOf(deps, request, options))
    return replace(deps, request, {
      options,
      next(live) {
        const managed = deps.fieldManagers(resource).update(live, patched(request, options, live), {
          manager: managerOf(options, request.userAgent),
          subresource: request.subresource,
          time: timeOf(deps.clock()),
        })
        const object = inNamespace(managed, namespace)
        checkName(object, name)
        return object
      },
    })
  }

function patched(request: ApiRequest, options: WriteOptions, live: UnknownObject): UnknownObject {
  const text = request.body.toString()
  const isStrict = options.fieldValidation !== 'Ignore'
  const apply = request.contentType === JSON_PATCH ? jsonPatched : mergePatched
  const { value, strict: ofPatch } = apply(live, text, isStrict)
  const refusal = (why: string): Error =>
    invalid({ group: '', kind: '' }, '', [invalidValue('patch', goJson(value), why)])
  const object = typed(value, refusal)
  const { object: next, strict } = decoded(() => request.resource.evaluator.decode(object), refusal)
  const faults = isStrict ? [...ofPatch, ...strict] : []
  if (faults.length > 0 && options.fieldValidation === 'Strict')
    throw refusal(`strict decoding error: ${faults.join(', ')}`)
  for (const fault of faults) request.warn(fault)
  // Whoever takes it away is told later that the name is missing.
  return { ...next, metadata: next['metadata'] ?? {} } as UnknownObject
}

/** What a patch made has to be an object that says what it is. */
function typed(value: unknown, refusal: (why: string) => Error): Fields {
  versionOf(value, refusal)
  if (!isFields(value) || !value['kind'])
    throw refusal(`Object 'Kind' is missing in '${goJson(value)}'`)
  return value
}
