import t from 'tap'
import { listOptions } from '#src/apiserver/read/list-options.ts'
import { activityRequest } from '#test/support/activity-request.ts'

const list = (query: string) => listOptions(activityRequest('list', query))
const watch = (query: string) => listOptions(activityRequest('watch', query))

t.test('understands a query', async t => {
  t.strictSame(list(''), {
    limit: 0,
    timeoutSeconds: 0,
    labels: [],
    fields: [],
    continue: '',
    resourceVersion: '',
    match: '',
    allowWatchBookmarks: false,
    sendInitialEvents: undefined,
  })
  t.match(
    list('limit=500&timeoutSeconds=7&continue=x&labelSelector=a&fieldSelector=metadata.name%3Dn'),
    {
      limit: 500,
      timeoutSeconds: 7,
      continue: 'x',
      labels: [{ key: 'a' }],
      fields: [{ value: 'n' }],
    },
  )
  t.match(list('limit=-1'), { limit: 0 })
  t.match(list('limit=9223372036854774000'), { limit: Number.MAX_SAFE_INTEGER })
  t.match(watch('allowWatchBookmarks=true&sendInitialEvents=0&resourceVersionMatch=NotOlderThan'), {
    allowWatchBookmarks: true,
    sendInitialEvents: false,
    match: 'NotOlderThan',
  })
})

t.test('400 for what cannot be read', async t => {
  const cases: Record<string, string> = {
    'limit=x': 'strconv.ParseInt: parsing "x": invalid syntax',
    'limit=': 'strconv.ParseInt: parsing "": invalid syntax',
    'timeoutSeconds=99999999999999999999':
      'strconv.ParseInt: parsing "99999999999999999999": value out of range',
    'fieldSelector=spec.text%3Dx': 'field label not supported: spec.text',
    'labelSelector=,': "found ',', expected: !, identifier, or 'end of string'",
  }
  for (const [query, message] of Object.entries(cases))
    t.throws(() => list(query), { code: 400, message }, query)
})

t.test('422 for what does not go together in a list', async t => {
  const cases: Record<string, string> = {
    'resourceVersionMatch=Exact':
      'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    'resourceVersionMatch=Exact&resourceVersion=5&continue=x':
      'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided',
    'resourceVersionMatch=Other&resourceVersion=5':
      'resourceVersionMatch: Unsupported value: "Other": supported values: "Exact", "NotOlderThan", ""',
    'resourceVersionMatch=Exact&resourceVersion=0':
      'resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    'sendInitialEvents=false':
      'sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list',
  }
  for (const [query, said] of Object.entries(cases))
    t.throws(
      () => list(query),
      { code: 422, reason: 'Invalid', message: `ListOptions.meta.k8s.io "" is invalid: ${said}` },
      query,
    )
  t.doesNotThrow(() => list('resourceVersionMatch=NotOlderThan&resourceVersion=0'))
})

t.test('422 for what does not go together in a watch', async t => {
  const cases: Record<string, string> = {
    'sendInitialEvents=true':
      'resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    'resourceVersionMatch=NotOlderThan':
      'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&continue=x':
      'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided',
    'sendInitialEvents=true&resourceVersionMatch=Exact':
      '[resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan, resourceVersionMatch: Unsupported value: "Exact": supported values: "NotOlderThan"]',
  }
  for (const [query, said] of Object.entries(cases))
    t.throws(
      () => watch(query),
      { code: 422, message: `ListOptions.meta.k8s.io "" is invalid: ${said}` },
      query,
    )
})

t.test('400 for selectors that every event would be compared with for long', async t => {
  const many = (count: number, part: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => part(i)).join(',')
  const absent = many(257, i => `!a${i}`)
  const values = `a in (${many(4_097, i => `v${i}`)})`
  for (const selector of [absent, values])
    t.throws(() => list(`labelSelector=${encodeURIComponent(selector)}`), {
      code: 400,
      message:
        /^the selectors are too large: at most 256 requirements with 4096 values are served$/,
    })
  t.doesNotThrow(() => list(`labelSelector=${many(256, i => `!a${i}`)}`))
})
