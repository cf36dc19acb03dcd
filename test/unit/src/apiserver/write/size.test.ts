import t from 'tap'
import type { UnknownObject } from '#src/api/object.ts'
import { checkSize } from '#src/apiserver/write/size.ts'
import { testResource } from '#test/support/activity-memory.ts'

const object = (labels: Record<string, string> | undefined, text = ''): UnknownObject => ({
  apiVersion: 'test.example/v1',
  kind: 'Note',
  metadata: { name: 'n', ...(labels && { labels }), annotations: { text } },
})
const labels = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`l${i}`, '']))

t.test('stores what has a size that objects have', async () => {
  checkSize(testResource(), object(undefined))
  checkSize(testResource(), object(labels(256), 'x'.repeat(1_000_000)))
})

t.test('and nothing else', async t => {
  t.throws(() => checkSize(testResource(), object(labels(257))), {
    code: 422,
    message: /metadata.labels: Too many: 257: must have at most 256 items/,
  })
  t.throws(() => checkSize(testResource(), object({}, 'x'.repeat(1_600_000))), {
    code: 413,
    message: /^Request entity too large: limit is 1572864, and the object has 16\d{5} bytes$/,
  })
})
