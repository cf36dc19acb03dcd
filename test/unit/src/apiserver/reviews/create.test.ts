import t from 'tap'
import type { UnknownObject } from '#src/api/object.ts'
import type { Admission, Attributes } from '#src/apiserver/admission/admission.ts'
import { readDefinitions } from '#src/apiserver/definitions.ts'
import { reviewHandler } from '#src/apiserver/reviews/create.ts'
import type { Asked } from '#src/apiserver/reviews/review.ts'
import { activityRequest } from '#test/support/activity-request.ts'

const [, resource] = readDefinitions('crds/reviews')

const question = (change: object = {}) => ({
  apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
  kind: 'RefUpdateReview',
  metadata: {},
  spec: {
    repository: 'app',
    updates: [{ ref: 'main', oldCommit: 'a'.repeat(40), newCommit: 'b'.repeat(40) }],
  },
  ...change,
})

function asking(admission: Partial<Admission> = {}) {
  const asked: Asked[] = []
  const validated: Attributes[] = []
  const warnings: string[] = []
  const handler = reviewHandler(
    ['refupdatereviews'],
    {
      refupdatereviews: async each => {
        asked.push(each)
        return { allowed: true, results: [] }
      },
    },
    {
      mutate: async ({ object }) => object,
      validate: async attributes => void validated.push(attributes),
      ...admission,
    },
  )
  const ask = (body: object, query: Record<string, string> = {}, contentType = '') =>
    handler(
      activityRequest('create', query, {
        resource: resource!,
        body: Buffer.from(JSON.stringify(body)),
        contentType,
        warn: text => void warnings.push(text),
      }),
    )
  return { asked, validated, warnings, ask }
}

t.test('answers in the status, and stores nothing', async t => {
  const { ask, asked, validated } = asking()
  const answer = await ask(question({ status: { allowed: false, results: [] } }))
  t.strictSame(answer, {
    type: 'object',
    code: 201,
    object: question({ metadata: { namespace: 'a' }, status: { allowed: true, results: [] } }),
  })
  t.match(asked, [{ namespace: 'a', user: { username: 'somebody' }, spec: question().spec }])
  t.match(validated, [{ operation: 'CREATE', name: '', dryRun: false, oldObject: undefined }])
  t.notOk(
    'status' in (validated[0]!.object as UnknownObject),
    'what was sent as answer is not seen',
  )
})

t.test('a dry run is no different, and admission knows of it', async t => {
  const { ask, validated } = asking()
  t.match(await ask(question(), { dryRun: 'All' }), { code: 201, object: { status: {} } })
  t.match(validated, [{ dryRun: true, options: { dryRun: ['All'] } }])
})

t.test('admission may change what is asked', async t => {
  const { ask, asked } = asking({
    mutate: async ({ object }, decode) =>
      decode({ ...object, spec: { ...object.spec, repository: 'lib' } }),
  })
  await ask(question())
  t.match(asked, [{ spec: { repository: 'lib' } }])
})

t.test('is as strict as a create', async t => {
  const { ask, asked, warnings } = asking()
  const named = 'must be empty except for namespace'
  const cases: [body: object, query: Record<string, string>, code: number, says: RegExp][] = [
    [question({ metadata: { name: 'x' } }), {}, 422, new RegExp(`metadata: .*${named}`)],
    [question({ metadata: { labels: { a: 'b' } } }), {}, 422, new RegExp(named)],
    [question({ metadata: { generateName: 'x' } }), {}, 422, new RegExp(named)],
    [question({ metadata: { namespace: 'b' } }), {}, 400, /does not match the namespace/],
    [question({ spec: {} }), {}, 422, /^RefUpdateReview.activity.kradle.a5c.ai "" is invalid/],
    [question({ spec: undefined }), {}, 422, /spec: Required value/],
    [question({ spec: { colour: 1 } }), { fieldValidation: 'Strict' }, 400, /"spec.colour"/],
    [question(), { dryRun: 'Some' }, 422, /dryRun/],
    [question({ kind: 'Other' }), {}, 422, /kind/],
  ]
  for (const [body, query, code, message] of cases)
    await t.rejects(ask(body, query), { code, message }, String(message))
  await t.rejects(ask(question(), {}, 'text/plain'), { code: 415 })
  t.strictSame(asked, [])
  await ask(question({ extra: 1 }))
  t.strictSame(warnings.at(-1), 'unknown field "extra"')
})

t.test('what admission refuses is not answered', async t => {
  const { ask, asked } = asking({ validate: () => Promise.reject(new Error('no')) })
  await t.rejects(ask(question()), { message: 'no' })
  t.strictSame(asked, [])
})

t.test('nothing is served that nobody answers', async t => {
  t.throws(() => reviewHandler(['otherreviews'], {}, {} as Admission), {
    message: 'nobody answers otherreviews',
  })
})
