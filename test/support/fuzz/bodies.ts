import type { Map } from './json.ts'

// What PolicyTemplates say beside their names, by where it can become a policy: whether CEL compiles
// is for an engine to find, so the generator writes no other, and the judge knows these.

type Fate = 'anywhere' | 'platform' | 'nowhere'

export interface Body {
  readonly becomes: Fate
  /** `targetKinds`, `kyverno` and, where there are any, `parameters`. */
  readonly says: Map
}

const pulls = (resource = 'pullrequests'): Map => ({
  resourceRules: [
    {
      apiGroups: ['activity.kradle.a5c.ai'],
      apiVersions: ['v1alpha1'],
      operations: ['CREATE'],
      resources: [resource],
    },
  ],
})

const validating = (expression: string, spec: Map = {}): Map => ({
  type: 'Validating',
  spec: {
    matchConstraints: pulls(),
    validations: [{ expression, message: 'say more' }],
    ...spec,
  },
})

const body = (becomes: Fate, kyverno: Map, parameters?: Map[], target = 'PullRequest'): Body => ({
  becomes,
  says: { targetKinds: [target], kyverno, ...(parameters && { parameters }) },
})

const long = 'size(object.spec.title) > 8'

/** With every type of parameter; none that a binding has to give. */
export const open = body('anywhere', validating('size(object.spec.title) > variables.least'), [
  { name: 'least', type: 'integer', minimum: 1, maximum: 64, default: 8 },
  { name: 'share', type: 'number', minimum: 0, maximum: 1 },
  { name: 'tone', type: 'string', enum: ['kind', 'plain'] },
  { name: 'loud', type: 'boolean' },
  { name: 'words', type: 'array' },
])

/** With one parameter that a binding has to give. */
export const demanding = body(
  'anywhere',
  validating('object.spec.title.startsWith(variables.word)'),
  [{ name: 'word', type: 'string', required: true, pattern: '^[a-z]+$' }],
)

export const plain = body('anywhere', validating(long))

export const bodies: readonly Body[] = [
  plain,
  open,
  demanding,
  body('platform', validating('http.Get("https://example.com").ok')),
  body(
    'platform',
    {
      type: 'Deleting',
      spec: {
        matchConstraints: {
          resourceRules: [
            { apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: ['configmaps'] },
          ],
        },
        conditions: [{ name: 'old', expression: 'object.metadata.name == "old"' }],
        schedule: '0 0 * * *',
      },
    },
    undefined,
    'ConfigMap',
  ),
  // What is open, or speaks of what is not there.
  ...['size(object.spec.title) >', 'size(object.spec.title', 'title.size() > 8'].map(expression =>
    body('nowhere', validating(expression)),
  ),
  body('nowhere', validating('sizeOf(object.spec.title) > 8')),
  body('nowhere', validating('size(object.spec.title) > variables.least')),
  // What judges other kinds than it says, or does nothing, or says what is a binding's to say.
  body('nowhere', validating(long), undefined, 'PullRequests'),
  body('nowhere', validating(long, { matchConstraints: pulls('issues') })),
  body('nowhere', validating(long, { validations: [] })),
  body('nowhere', validating(long, { validationActions: ['Deny'] })),
  body('nowhere', validating(long), [{ name: 'least', type: 'integer', maximum: 7, default: 8 }]),
]
