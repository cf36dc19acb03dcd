import t from 'tap'
import { criteriaOf, policyOf } from '#src/apiserver/admission/policy/policy.ts'

const policy = (spec: object, kind = 'ValidatingAdmissionPolicy') =>
  policyOf({ apiVersion: 'v1', kind, metadata: { name: 'p' }, spec })

t.test('compiles', async t => {
  const { problems, ...rest } = policy({
    failurePolicy: 'Ignore',
    matchConditions: [{ name: 'c', expression: 'true' }],
    variables: [{ name: 'v', expression: '1' }],
    validations: [
      {
        expression: 'variables.v == 1',
        message: 'm',
        messageExpression: "'x'",
        reason: 'Forbidden',
      },
      { expression: 'true' },
    ],
    auditAnnotations: [{ key: 'k', valueExpression: "'v'" }],
  })
  t.same(problems, [])
  t.match(rest, {
    name: 'p',
    ignoresFailures: true,
    conditions: [{ source: 'true' }],
    validations: [
      { message: 'm', reason: 'Forbidden', messageExpression: { source: "'x'" } },
      { message: '', reason: 'Invalid', messageExpression: undefined },
    ],
    auditAnnotations: [{ source: "'v'" }],
  })
  t.match(policy({}), { ignoresFailures: false, problems: [] })
})

t.test('says what it cannot evaluate', async t => {
  t.match(policy({}, 'MutatingAdmissionPolicy').problems, [/not carried out/])
  t.match(policy({ paramKind: { kind: 'ConfigMap' } }).problems, [/paramKind/])
  t.match(policy({ validations: [{ expression: 'ip("x") == ip("y")' }] }).problems, [
    /"ip\(.* cannot be evaluated: there is no function or macro 'ip' here/,
  ])
})

t.test('what it is for', async t => {
  t.same(criteriaOf(undefined), { rules: undefined })
  t.same(criteriaOf({ resourceRules: [] }), { rules: undefined })
  const all = { excludeResourceRules: [], namespaceSelector: {}, objectSelector: {} }
  t.same(criteriaOf({ ...all, resourceRules: [{}] }), { ...all, rules: [{}] })
})
