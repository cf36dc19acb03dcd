import t from 'tap'
import type { UnknownObject } from '#src/api/object.ts'
import { judge, judging } from '#src/policy/evaluate.ts'
import { exceptionOf } from '#src/policy/exception.ts'
import type { KyvernoPolicy, PolicyException } from '#src/policy/kyverno.ts'
import { render } from '#src/policy/render.ts'
import {
  binding,
  exceptionRequest,
  namespace,
  pullRequests,
  template,
} from '#test/fixtures-policy.ts'
import { now } from '#test/fixtures.ts'

const pullRequest = (title: unknown, metadata: object = {}): UnknownObject => ({
  apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
  kind: 'PullRequest',
  metadata: { name: 'pr-1', namespace, ...metadata },
  spec: { title },
})
const policy = (body: object, spec: object = {}): KyvernoPolicy => {
  const { policy: made, problems } = render({
    template: template(body as Record<string, unknown>),
    binding: binding(),
    profile: undefined,
    now,
  })
  if (!made) throw new Error(JSON.stringify(problems))
  return { ...made, spec: { ...made.spec, ...spec } }
}
const long = { validations: [{ expression: 'size(object.spec.title) > 3', message: 'Too short.' }] }
const exception = (name = 'importer', expiresAt = '2026-12-01T00:00:00Z'): PolicyException =>
  exceptionOf({
    request: exceptionRequest({ expiresAt }, name),
    binding: binding(),
    template: template(),
  })!
const full = (name: string): PolicyException => {
  const { allowedValues: _, ...spec } = exception(name).spec
  return { ...exception(name), spec }
}
const says = (own: KyvernoPolicy, object: UnknownObject, ...exceptions: PolicyException[]) =>
  judge(own, object, exceptions, now)

t.test('passes, fails and cannot tell, in the words of Kyverno', async t => {
  t.strictSame(says(policy(long), pullRequest('A title')), {
    result: 'pass',
    message: 'success',
    exceptions: [],
  })
  t.strictSame(says(policy(long), pullRequest('A')), {
    result: 'fail',
    message: 'Too short. [core: titles]',
    exceptions: [],
  })
  t.strictSame(says(policy(long), pullRequest(undefined)), {
    result: 'error',
    message: 'error: no such key: title',
    exceptions: [],
  })
})

t.test('the first validation that fails is the one that counts', async t => {
  const two = {
    validations: [{ expression: 'size(object.spec.title) > 1' }, { expression: 'false' }],
  }
  t.match(says(policy({}, two), pullRequest('AB')), {
    message: 'CEL expression validation failed at index 1',
  })
  t.match(says(policy({}, two), pullRequest('A')), {
    message: 'CEL expression validation failed at index 0',
  })
  t.match(says(policy({}, { validations: [{ expression: '"x"' }] }), pullRequest('A')), {
    result: 'error',
    message: "error: type conversion error from 'string' to 'bool'",
  })
  t.match(says(policy({}, { validations: undefined }), pullRequest('A')), { result: 'pass' })
})

t.test('messages may be computed', async t => {
  const of = (messageExpression: string) =>
    says(
      policy({}, { validations: [{ expression: 'false', messageExpression }] }),
      pullRequest('A'),
    )?.message
  t.equal(of('"<" + object.spec.title + ">"'), '<A>')
  t.equal(of('object.nothing'), 'failed to evaluate message expression: no such key: nothing')
  t.match(of('1'), /^failed to convert message expression to string: /)
})

t.test('variables are evaluated when they are looked at', async t => {
  const variables = [
    { name: 'broken', expression: 'object.nothing' },
    { name: 'far', expression: 'yaml.parse("a")' },
  ]
  const of = (expression: string) =>
    says(policy({ variables, validations: [{ expression }] }), pullRequest('A'))
  t.match(of('true || variables.broken'), { result: 'pass' })
  t.match(of('variables.broken == 1'), { result: 'error', message: 'error: no such key: nothing' })
  t.match(of('variables.far == 1'), {
    result: 'error',
    message: /^error: only Kyverno can judge this: /,
  })
  t.match(of('yaml.parse("a") == "a"'), {
    result: 'error',
    message: /^error: only Kyverno can judge this: /,
  })
})

t.test('annotations that fail make an error of it', async t => {
  const of = (valueExpression: string, title: string) =>
    says(policy({ ...long, auditAnnotations: [{ key: 'k', valueExpression }] }), pullRequest(title))
  t.match(of('object.spec.title', 'A title'), { result: 'pass' })
  t.match(of('object.x', 'A title'), {
    result: 'error',
    message: "failed to load context: failed to evaluate auditAnnotation 'k': no such key: x",
  })
  t.match(of('object.x', 'A'), { result: 'error', message: /^error: failed to evaluate/ })
  t.match(of('null', 'A title'), { message: /from 'null_type' to 'string'/ })
  t.match(of('1', 'A title'), { message: /from 'bigint' to 'string'/ })
})

t.test('is about what matchConstraints say, in its namespace', async t => {
  const [rule] = pullRequests.resourceRules
  t.equal(says(policy(long), pullRequest('A', { namespace: 'kradle-org-globex' })), undefined)
  t.equal(says(policy(long), { ...pullRequest('A'), kind: 'Issue' }), undefined)
  t.equal(says(policy(long), { ...pullRequest('A'), kind: 'Nothing' }), undefined)
  t.equal(says(policy({}, { matchConstraints: undefined }), pullRequest('A')), undefined)
  const without = { ...pullRequests, excludeResourceRules: [{ ...rule, resourceNames: ['pr-1'] }] }
  t.equal(says(policy({ matchConstraints: without }), pullRequest('A')), undefined)
  const selecting = (objectSelector: object) =>
    policy({ ...long, matchConstraints: { ...pullRequests, objectSelector } })
  t.equal(says(selecting({ matchLabels: { a: 'b' } }), pullRequest('A')), undefined)
  t.match(says(selecting({ matchLabels: { a: 'b' } }), pullRequest('A', { labels: { a: 'b' } })), {
    result: 'fail',
  })
  t.match(says(selecting({}), pullRequest('A')), { result: 'fail' })
  t.equal(judge(policy(long), pullRequest('A'), [], now, { operation: 'DELETE' }), undefined)
  t.match(
    judge(policy(long), pullRequest('A'), [], now, {
      operation: 'UPDATE',
      oldObject: pullRequest('B'),
    }),
    { result: 'fail' },
  )
})

t.test('conditions put it out of force; those that fail as failurePolicy says', async t => {
  const of = (expression: string, failurePolicy = 'Fail') =>
    says(
      policy(
        {
          ...long,
          matchConditions: [
            { name: 'a', expression: 'object.nothing' },
            { name: 'b', expression },
          ],
        },
        { failurePolicy },
      ),
      pullRequest('A'),
    )
  t.equal(of('false'), undefined)
  t.match(of('true'), { result: 'error', message: 'failed to load context: no such key: nothing' })
  t.match(of('1'), {
    message:
      "failed to load context: no such key: nothing; type conversion error from 'bigint' to 'bool'",
  })
  t.equal(of('true', 'Ignore'), undefined)
})

t.test('an exception lets pass what it names, until the second it says', async t => {
  const own = policy(long)
  t.strictSame(says(own, pullRequest('A'), exception()), {
    result: 'pass',
    message: 'success',
    exceptions: ['kradle-acme-importer'],
  })
  t.match(says(own, pullRequest('A', { name: 'pr-2' }), exception()), { result: 'fail' })
  t.match(judge(own, pullRequest('A'), [exception()], new Date('2026-11-30T23:59:59.999Z')), {
    result: 'pass',
  })
  t.match(judge(own, pullRequest('A'), [exception()], new Date('2026-12-01T00:00:00Z')), {
    result: 'fail',
    exceptions: [],
  })
  // Even where nobody has looked at expiresAt.
  const { expiresAt: _, ...spec } = exception().spec
  t.match(
    judge(own, pullRequest('A'), [{ ...exception(), spec }], new Date('2026-12-01T00:00:00Z')),
    { result: 'fail' },
  )
})

t.test(
  'one that nothing depends on is not named, and two allow what the later one does',
  async t => {
    const own = policy(long)
    t.match(says(own, pullRequest('A title'), exception()), { result: 'pass', exceptions: [] })
    const later = exception('later', '2026-12-02T00:00:00Z')
    const at = (time: string) =>
      judge(own, pullRequest('A'), [exception(), later], new Date(time))?.result
    t.equal(at('2026-12-01T12:00:00Z'), 'pass')
    t.equal(at('2026-12-02T00:00:00Z'), 'fail')
  },
)

t.test(
  'one from everything skips, and one that is broken is an error unless another one holds',
  async t => {
    const own = policy(long)
    const broken = {
      ...exception('broken'),
      spec: { ...exception().spec, matchConditions: [{ name: 'x', expression: 'object.nothing' }] },
    }
    t.strictSame(says(own, pullRequest('A'), exception(), full('one')), {
      result: 'skip',
      message:
        'rule is skipped due to policy exception: kradle-system/kradle-acme-importer, kradle-system/kradle-acme-one',
      exceptions: ['kradle-acme-one'],
    })
    t.match(says(own, pullRequest('A'), broken), {
      result: 'error',
      message: 'failed to load context: no such key: nothing',
    })
    t.match(says(own, pullRequest('A'), full('one'), broken), { result: 'skip' })
    const images = { ...full('images'), spec: { ...full('images').spec, images: ['nginx'] } }
    t.match(says(own, pullRequest('A'), images), { result: 'fail' })
  },
)

t.test('judges many objects at different times', async t => {
  const all = judging(policy(long), [exception()])
  t.match(
    [now, new Date('2027-01-01')].map(time => all(pullRequest('A'), time)?.result),
    ['pass', 'fail'],
  )
})
