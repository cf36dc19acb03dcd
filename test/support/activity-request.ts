import type { ApiRequest, Verb } from '#src/apiserver/request.ts'
import { testResource } from './activity-memory.ts'

/** A request for notes, as handlers get it. */
export const activityRequest = (
  verb: Verb,
  query: string | Readonly<Record<string, string>> = '',
  change: Partial<ApiRequest> = {},
): ApiRequest => ({
  verb,
  resource: testResource(),
  subresource: '',
  namespace: 'a',
  name: '',
  query: new URLSearchParams(query),
  user: { username: 'somebody' },
  body: Buffer.alloc(0),
  contentType: '',
  userAgent: 'test',
  signal: new AbortController().signal,
  warn: () => undefined,
  ...change,
})
