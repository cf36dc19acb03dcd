import { grantedKeys, secretName } from '#hack/bench/pods.ts'
import type { Stand } from '#hack/bench/stand.ts'
import { emptySetup } from './empty.ts'
import { kradleSetup } from './kradle.ts'
import { kyvernoSetup, validatingPolicy } from './kyverno.ts'
import { none } from './native.ts'
import type { ResourceRules, Setup } from './setup.ts'

const rules: ResourceRules = [
  { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'] },
]

const name = 'bench-secret-keys'

/**
 * The same verdict on a Pod's Secret keys, as cheap as Kyverno can give it: what is granted
 * stands in the policy, so that nothing has to be looked up, and ConfigMaps, volume drivers,
 * pull Secrets and the facts of runs are left out.
 */
const secretKeys = validatingPolicy(name, {
  matchConstraints: {
    resourceRules: rules,
    namespaceSelector: { matchExpressions: [{ key: 'kradle.a5c.ai/org', operator: 'Exists' }] },
  },
  // Pods alone: what it makes of it for workloads would not be asked here anyway.
  autogen: { podControllers: { controllers: [] } },
  variables: [
    {
      name: 'containers',
      expression: 'object.spec.containers + object.spec.?initContainers.orValue([])',
    },
    {
      name: 'granted',
      expression: `[${grantedKeys.map(key => `'${secretName}/${key}'`).join(', ')}]`,
    },
  ],
  validations: [
    {
      expression: `variables.containers.all(c, c.?env.orValue([]).all(e,
        !has(e.valueFrom) || !has(e.valueFrom.secretKeyRef) ||
        e.valueFrom.secretKeyRef.name + '/' + e.valueFrom.secretKeyRef.key in variables.granted))`,
      message: 'env uses a key of a Secret that is not granted',
    },
    {
      expression: `variables.containers.all(c,
        c.?envFrom.orValue([]).all(f, !has(f.secretRef)))`,
      message: 'envFrom takes every key of a Secret',
    },
    {
      expression: `object.spec.?volumes.orValue([]).all(v,
        (!has(v.secret) || (has(v.secret.items) && v.secret.items.all(i,
          v.secret.secretName + '/' + i.key in variables.granted))) &&
        (!has(v.projected) || v.projected.?sources.orValue([]).all(s,
          !has(s.secret) || (has(s.secret.items) && s.secret.items.all(i,
            s.secret.name + '/' + i.key in variables.granted)))))`,
      message: 'a volume holds a key of a Secret that is not granted',
    },
  ],
})

/** What is compared for Pods that use keys of a Secret. Call it while Kradle is in force. */
export const podSetups = async ({
  api,
  empty,
  kyverno,
  kradle,
}: Pick<Stand, 'api' | 'empty' | 'kyverno' | 'kradle'>): Promise<readonly Setup[]> => [
  none('two keys'),
  emptySetup(empty, {
    name: 'empty',
    title: 'an empty Node webhook',
    shape: 'two keys',
    rules,
    paths: ['validate'],
  }),
  kyvernoSetup(kyverno, {
    name: 'kyverno',
    title: 'Kyverno, one ValidatingPolicy',
    configuration: [secretKeys],
    shape: 'two keys',
    refusal: new RegExp(`Policy ${name} failed`),
  }),
  await kradleSetup(kradle, api, {
    shapes: ['two keys'],
    reviews: { 'two keys': 1 },
    refusal: /validate\.workloads\.kradle\.a5c\.ai/,
  }),
]
