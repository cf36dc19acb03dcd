import { PolicyBinding, PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { jsonEqual } from '#src/lib/json-diff.ts'
import { homesOf, named } from '#src/lib/references.ts'
import { isMap, textOf } from '#src/permissions/untyped.ts'
import { parametersOf } from '#src/policy/parameters.ts'
import { allow, deny, rule, type Request } from '#webhooks/rule.ts'

/**
 * A binding gives its template the parameters that it declares, each of the type and within the limits that it says.
 *
 * One that is misspelt would be ignored, and the policy be in force with another value than its author believes. Templates
 * are looked for where references to them are: in the own namespace, else in kradle-system. One that is not there is refused
 * as a reference; parameters that stand already are not looked at again, so that a binding can be suspended whatever became of
 * its template.
 */
export default rule({
  kinds: [PolicyBinding],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R205'],
  watches: [PolicyTemplate],
  lookups: request =>
    isNew(request) && templateOf(request) !== ''
      ? homesOf(PolicyTemplate, request.namespace).map(namespace => ({
          kind: PolicyTemplate,
          name: templateOf(request),
          namespace,
          fresh: 'on-miss',
        }))
      : [],
  decide(request, cluster) {
    if (!isNew(request)) return allow
    const template = named(PolicyTemplate, templateOf(request), request.namespace, cluster)
    if (!template) return allow
    const { parameters } = request.object.spec
    if (parameters !== undefined && !isMap(parameters)) return allow
    return parametersOf(template, parameters).problems.flatMap(deny)
  },
})

const templateOf = ({ object }: Request): string => textOf(object.spec['templateRef'])

function isNew({ object, oldObject }: Request): boolean {
  return !oldObject || !jsonEqual(object.spec['parameters'], oldObject.spec['parameters'])
}
