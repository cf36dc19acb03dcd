import { ExternalWriteIntent } from '#src/api/activity/v1alpha1.ts'
import { ExternalBackendBinding } from '#src/api/external-backends/v1alpha1.ts'
import { isMap, listOf, mapOf, textOf } from '#src/permissions/untyped.ts'
import { allow, deny, rule } from '#webhooks/rule.ts'

/**
 * Nothing is written by a binding that mirrors, nor by an interface that is switched off.
 *
 * A mirror reads: what is deleted here, above all, stays at the provider. Where a kind has a mode of
 * its own, that one counts.
 */
export default rule({
  kinds: [ExternalWriteIntent],
  operations: ['CREATE'],
  enforces: ['R170', 'R175'],
  background: 'while-open',
  watches: [ExternalBackendBinding],
  lookups: ({ object, namespace }) => {
    const name = textOf(object.spec['bindingRef'])
    return name === '' ? [] : [{ kind: ExternalBackendBinding, name, namespace, fresh: 'on-miss' }]
  },
  decide({ object: { spec }, namespace }, cluster) {
    const name = textOf(spec['bindingRef'])
    const binding = name ? cluster.get(ExternalBackendBinding, name, namespace) : undefined
    const used = textOf(spec['interface'])
    if (!binding || used === '') return allow
    const refused = (number: string, problem: string, fix: string) =>
      deny({ rule: number, field: 'spec.bindingRef', value: name, problem, fix })

    const settings = mapOf(binding.spec.interfaces)[used]
    if (!isMap(settings) || settings['enabled'] === false)
      return refused('R170', `does not use interface "${used}"`, 'enable it in the binding first')
    const { kind } = mapOf(spec['resourceRef'])
    const own = listOf(settings['resourceModes'])
      .filter(isMap)
      .find(each => each['kind'] === kind)
    const mode = own?.['mode'] ?? settings['mode']
    if (mode !== 'mirror') return allow
    return refused(
      textOf(spec['operation']).startsWith('delete') ? 'R175' : 'R170',
      `mirrors "${used}", and a mirror only reads`,
      'make the change at the provider, or give the binding another mode',
    )
  },
})
