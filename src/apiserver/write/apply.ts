import type { UnknownObject } from '#src/api/object.ts'
import { isFields } from '#src/lib/schema/structural.ts'
import type { ApiRequest } from '../request.ts'
import { badRequest } from '../status-error.ts'
import { attributesOf } from './attributes.ts'
import { checkName, decoded, inNamespace, yamlFaults } from './body.ts'
import { createOnce } from './create.ts'
import { timeOf, type WriteDeps } from './deps.ts'
import { conflict } from './errors.ts'
import { mutated } from './mutate.ts'
import { admissionOptions, type WriteOptions } from './options.ts'
import { withoutVersion, type Replacement } from './replace.ts'
import { goKind } from './go-words.ts'
import { readYaml, type YamlText } from './yaml-text.ts'

/** Server-side apply: merges into what is there, and creates where nothing is. */
export function applyOf(deps: WriteDeps, request: ApiRequest, options: WriteOptions): Replacement {
  const { resource, name, namespace, subresource } = request
  const next = (live: UnknownObject | undefined): UnknownObject => {
    const { value, duplicates } = read(request)
    const merged = deps.fieldManagers(resource).apply(live, value as UnknownObject, {
      manager: options.fieldManager,
      subresource,
      time: timeOf(deps.clock()),
      force: options.force,
    })
    warnOf(request, options, duplicates)
    return decoded(() => resource.evaluator.decode(merged), badRequest).object as UnknownObject
  }
  const checked = (object: UnknownObject): UnknownObject => {
    const inside = inNamespace(object, namespace)
    checkName(inside, name)
    return inside
  }
  return {
    options,
    next: live => checked(next(live)),
    // Nothing is created by way of its status.
    ...(subresource === '' && {
      async create() {
        const merged = next(undefined)
        const { uid } = merged.metadata
        if (uid)
          throw conflict(
            resource.kind,
            name,
            `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
          )
        const object = checked(merged)
        const fieldValidation = request.query.get('fieldValidation')
        const mutatedObject = await mutated(deps.admission, {
          ...attributesOf(
            request,
            'CREATE',
            admissionOptions(options, fieldValidation, 'CREATE'),
            name,
          ),
          object,
          oldObject: undefined,
        })
        // Who may patch alone may not create.
        return createOnce(deps, request, options, withoutVersion(mutatedObject), () =>
          deps.authorizer.authorize(request.user, {
            verb: 'create',
            group: resource.kind.group,
            version: resource.kind.version,
            resource: resource.kind.plural,
            subresource: '',
            namespace,
            name,
            labelSelector: '',
            fieldSelector: '',
          }),
        )
      },
    }),
  }
}

function read({ body }: ApiRequest): YamlText {
  const { value, duplicates } = readYaml(body.toString(), why =>
    badRequest(`error decoding YAML: error converting YAML to JSON: ${why}`),
  )
  if (isFields(value ?? {})) return { value: value ?? {}, duplicates }
  throw badRequest(
    `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${goKind(value)} into Go value of type map[string]interface {}`,
  )
}

function warnOf(
  request: ApiRequest,
  { fieldValidation }: WriteOptions,
  duplicates: readonly string[],
): void {
  if (fieldValidation === 'Ignore') return
  for (const { said, warnings } of yamlFaults(duplicates, 'error converting YAML to JSON: ')) {
    if (fieldValidation === 'Strict') throw badRequest(`error strict decoding YAML: ${said}`)
    for (const warning of warnings) request.warn(warning)
  }
}
