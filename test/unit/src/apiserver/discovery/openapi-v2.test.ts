import t from 'tap'
import { readDefinitions } from '#src/apiserver/definitions.ts'
import { openApiV2 } from '#src/apiserver/discovery/openapi-v2.ts'
import { servedOf, servedReview } from '#src/apiserver/discovery/served.ts'
import { namingReview } from '#test/fixtures/activity/reviews.ts'

// That it is the same as what kube-apiserver publishes is for test/integration/activity-shape.test.ts to say.

const served = [
  ...readDefinitions('test/fixtures/activity').map(servedOf),
  servedReview(namingReview),
]
const document = openApiV2(served)
const ROOT = '/apis/activity.kradle.a5c.ai/v1alpha1'
const GROUP = 'ai.a5c.kradle.activity.v1alpha1'

t.test('refers to nothing that is not in it', async t => {
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/(\w+)\/([^"]*)"/g)]
  t.ok(refs.length > 0)
  const parts = document as Record<string, Record<string, unknown>>
  for (const [ref, part, name] of refs) t.ok(parts[part!]?.[name!], ref)
})

t.test('a review has a definition and no list', async t => {
  const definitions = document['definitions'] as Record<string, unknown>
  t.ok(definitions[`${GROUP}.NamingReview`])
  t.ok(definitions[`${GROUP}.PlainList`])
  t.notOk(definitions[`${GROUP}.NamingReviewList`])
})

t.test('sends and takes what it says', async t => {
  t.match(document['paths'], {
    [`${ROOT}/namespaces/{namespace}/plains/{name}`]: {
      parameters: [
        { name: 'name', in: 'path', description: 'name of the Plain', type: 'string' },
        { $ref: '#/parameters/namespace-vgWSWtn3' },
        { $ref: '#/parameters/pretty-tJGM1-ng' },
      ],
      put: {
        consumes: ['application/json', 'application/yaml'],
        parameters: [
          {
            name: 'body',
            in: 'body',
            required: true,
            schema: { $ref: `#/definitions/${GROUP}.Plain` },
          },
          { name: 'dryRun', in: 'query', type: 'string' },
          { $ref: /fieldManager/ },
          { name: 'fieldValidation' },
        ],
        responses: { 200: { schema: {} }, 201: {}, 401: { description: 'Unauthorized' } },
      },
      patch: {
        consumes: /apply-patch/,
        parameters: [{ $ref: '#/parameters/body-78PwaGsr' }],
        'x-kubernetes-action': 'patch',
      },
      delete: { parameters: [{ $ref: '#/parameters/body-2Y1dVQaQ' }] },
      get: { parameters: [{ $ref: /resourceVersion/ }] },
    },
  })
  const paths = document['paths'] as Record<string, { get: object }>
  t.notOk('parameters' in paths[`${ROOT}/plains`]!.get)
})
