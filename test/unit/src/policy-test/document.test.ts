import t from 'tap'
import { policyTestOf } from '#src/policy-test/document.ts'

const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: {} }
const test = (spec: object, rest: object = {}) => ({
  apiVersion: 'cli.kradle.a5c.ai/v1alpha1',
  kind: 'PolicyTest',
  metadata: { name: 'x' },
  spec: { objects: [{ result: 'pass', object }], ...spec },
  ...rest,
})

t.test('reads a test, with its objects in the namespace of its organisation', async t => {
  t.strictSame(policyTestOf(test({})), {
    name: 'x',
    exceptions: [],
    images: [],
    objects: [
      {
        result: 'pass',
        object: { ...object, metadata: { name: 'p', namespace: 'kradle-org-acme' } },
      },
    ],
  })
  const whole = {
    parameters: { min: 1 },
    target: { repositories: ['app'] },
    match: { matchLabels: { a: 'b' } },
    exceptions: [{ kind: 'Pod', name: 'p', expiresAt: '2099-01-31T00:00:00Z' }],
    images: [{ image: 'node:24' }],
    objects: [
      { result: 'fail', message: 'no', why: 'it is', object, oldObject: { ...object, spec: null } },
    ],
  }
  t.match(policyTestOf(test(whole)), {
    ...whole,
    objects: [{ oldObject: { metadata: { namespace: 'kradle-org-acme' }, spec: null } }],
  })
})

const wrong: Readonly<Record<string, readonly [unknown, string]>> = {
  'no map': ['x', 'the document: is no map'],
  nothing: [undefined, 'the document: is missing'],
  'another kind': [
    test({}, { kind: 'Test' }),
    'is no test; write apiVersion "cli.kradle.a5c.ai/v1alpha1" and kind "PolicyTest"',
  ],
  'another group': [test({}, { apiVersion: 'v1' }), 'is no test; write apiVersion'],
  'a field beside': [test({}, { status: {} }), 'status: is no field of a PolicyTest'],
  'no metadata': [test({}, { metadata: undefined }), 'metadata: is missing'],
  'no name': [test({}, { metadata: {} }), 'metadata.name: is missing'],
  'an empty name': [test({}, { metadata: { name: '' } }), 'metadata.name: is missing'],
  'an unknown field': [test({ object: {} }), 'spec.object: is no field of a PolicyTest'],
  'objects that are no list': [test({ objects: {} }), 'spec.objects: is no list'],
  'no objects': [test({ objects: undefined }), 'spec.objects: is missing'],
  'an empty list': [test({ objects: [] }), 'spec.objects: is empty'],
  'an unknown result': [
    test({ objects: [{ result: 'warn', object }] }),
    'spec.objects[0].result: write one of pass, fail, skip, error, deleted, kept',
  ],
  'a field of an object': [
    test({ objects: [{ result: 'pass', object, results: [] }] }),
    'spec.objects[0].results: is no field',
  ],
  'a message that is none': [
    test({ objects: [{ result: 'fail', object, message: 1 }] }),
    'spec.objects[0].message: is no text',
  ],
  'an object without a kind': [
    test({ objects: [{ result: 'pass', object: { ...object, kind: 1 } }] }),
    'spec.objects[0].object.kind: is missing',
  ],
  'an object without a name': [
    test({ objects: [{ result: 'pass', object: { ...object, metadata: { name: '' } } }] }),
    'spec.objects[0].object.metadata.name: is missing',
  ],
  'an object with a namespace': [
    test({
      objects: [{ result: 'pass', object: { ...object, metadata: { name: 'p', namespace: 'n' } } }],
    }),
    'spec.objects[0].object.metadata.namespace: leave it out',
  ],
  'two of one name': [
    test({
      objects: [
        { result: 'pass', object },
        { result: 'fail', object: { ...object, kind: 'Job' } },
      ],
    }),
    'spec.objects: two of them are named "p"',
  ],
  'an exception of nothing': [
    test({ exceptions: [{ kind: 'Pod', expiresAt: '2099-01-31T00:00:00Z' }] }),
    'spec.exceptions[0].name: is missing',
  ],
  'an exception that ends never': [
    test({ exceptions: [{ kind: 'Pod', name: 'p', expiresAt: 'never' }] }),
    'spec.exceptions[0].expiresAt: "never" is no time',
  ],
  'an exception with more': [
    test({ exceptions: [{ kind: 'Pod', name: 'p', expiresAt: '2099-01-31', for: 'me' }] }),
    'spec.exceptions[0].for: is no field',
  ],
  'images that are none': [test({ images: ['node:24'] }), 'spec.images[0]: is no map'],
  'parameters that are none': [test({ parameters: [] }), 'spec.parameters: is no map'],
}

for (const [name, [value, message]] of Object.entries(wrong))
  t.test(`refuses ${name}`, async t => {
    try {
      policyTestOf(value)
      t.fail('is read')
    } catch (error) {
      t.match(error, { code: 'InvalidPolicyTest' })
      t.ok((error as Error).message.startsWith(message), (error as Error).message)
    }
  })
