import t from 'tap'
import { readDefinitions } from '#src/apiserver/definitions.ts'
import { openApiV3 } from '#src/apiserver/discovery/openapi-v3.ts'
import { servedOf, servedReview } from '#src/apiserver/discovery/served.ts'
import { namingReview } from '#test/fixtures/activity/reviews.ts'

// That it is the same as what kube-apiserver publishes is for test/integration/activity-shape.test.ts to say.

const served = [
  ...readDefinitions('test/fixtures/activity').map(servedOf),
  servedReview(namingReview),
]
const document = openApiV3(served)
const ROOT = '/apis/activity.kradle.a5c.ai/v1alpha1'
const GROUP = 'ai.a5c.kradle.activity.v1alpha1'

t.test('refers to nothing that is not in it', async t => {
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]*)"/g)]
  const { schemas } = document['components'] as { schemas: Record<string, unknown> }
  t.ok(refs.length > 0)
  for (const [ref, name] of refs) t.ok(schemas[name!], ref)
  t.ok(schemas[`${GROUP}.NamingReview`])
  t.ok(schemas[`${GROUP}.PlainList`])
  t.notOk(schemas[`${GROUP}.NamingReviewList`])
})

t.test('sends and takes what it says', async t => {
  const self = { schema: { $ref: `#/components/schemas/${GROUP}.Plain` } }
  t.match(document['paths'], {
    [`${ROOT}/namespaces/{namespace}/plains/{name}`]: {
      parameters: [
        { name: 'name', in: 'path', description: 'name of the Plain', schema: { type: 'string' } },
        {
          name: 'namespace',
          in: 'path',
          required: true,
          schema: { type: 'string', uniqueItems: true },
        },
        { name: 'pretty', in: 'query' },
      ],
      put: {
        parameters: [{ name: 'dryRun' }, { name: 'fieldManager' }, { name: 'fieldValidation' }],
        requestBody: {
          content: { 'application/json': self, 'application/yaml': self },
          required: true,
        },
        responses: { 200: { content: { 'application/json': self } }, 401: {} },
      },
      patch: { requestBody: { content: { 'application/apply-patch+yaml': {} } } },
    },
  })
  const paths = document['paths'] as Record<string, Record<string, Record<string, object>>>
  t.notOk('parameters' in paths[`${ROOT}/plains`]!['get']!)
  const { delete: remove, get } = paths[`${ROOT}/namespaces/{namespace}/plains/{name}`]!
  t.notOk('required' in remove!['requestBody']!)
  t.notOk('requestBody' in get!)
})
