import t from 'tap'
import { scaleCauses } from '#src/lib/schema/scale.ts'

const scale = {
  specReplicasPath: '.spec.replicas',
  statusReplicasPath: '.status.n.replicas',
  labelSelectorPath: '.status.selector',
}
const said = (object: object): string[] =>
  scaleCauses({ ...object }, scale).map(({ field, message }) => `${field}: ${message}`)

t.test('takes counts and a selector, or none', async t => {
  t.strictSame(said({}), [])
  t.strictSame(
    said({ spec: { replicas: 0 }, status: { n: { replicas: 2147483647 }, selector: 'a' } }),
    [],
  )
  t.strictSame(said({ spec: null, status: { n: null } }), [])
  t.strictSame(scaleCauses({ spec: { replicas: -1 } }, undefined), [])
  const { labelSelectorPath: _, ...counts } = scale
  t.strictSame(scaleCauses({ status: { selector: 1 } }, counts), [])
})

t.test('says what is wrong with them', async t => {
  const rows: [object, string][] = [
    [
      { spec: { replicas: -1 } },
      '.spec.replicas: Invalid value: -1: should be a non-negative integer',
    ],
    [
      { spec: { replicas: 2147483648 } },
      '.spec.replicas: Invalid value: 2147483648: should be less than or equal to 2147483647',
    ],
    [
      { spec: 'x' },
      '.spec.replicas: Invalid value: 0: .spec.replicas accessor error: x is of the type string, expected map[string]interface{}',
    ],
    [
      { spec: { replicas: 1.5 } },
      '.spec.replicas: Invalid value: 0: .spec.replicas accessor error: 1.5 is of the type float64, expected int64',
    ],
    [
      { spec: { replicas: null } },
      '.spec.replicas: Invalid value: 0: .spec.replicas accessor error: <nil> is of the type <nil>, expected int64',
    ],
    [
      { spec: { replicas: true } },
      '.spec.replicas: Invalid value: 0: .spec.replicas accessor error: true is of the type bool, expected int64',
    ],
    [
      { spec: { replicas: [1, 'a', null] } },
      '.spec.replicas: Invalid value: 0: .spec.replicas accessor error: [1 a <nil>] is of the type []interface {}, expected int64',
    ],
    [
      { spec: { replicas: { b: 1, a: {} } } },
      '.spec.replicas: Invalid value: 0: .spec.replicas accessor error: map[a:map[] b:1] is of the type map[string]interface {}, expected int64',
    ],
    [
      { status: { n: 1 } },
      '.status.n.replicas: Invalid value: 0: .status.n.replicas accessor error: 1 is of the type int64, expected map[string]interface{}',
    ],
    [
      { status: { selector: 1 } },
      '.status.selector: Invalid value: "": .status.selector accessor error: 1 is of the type int64, expected string',
    ],
  ]
  for (const [object, expected] of rows) t.strictSame(said(object), [expected])
})
