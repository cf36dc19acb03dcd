import t from 'tap'
import { AS_SHIPPED, strictnessOf } from '#src/controllers/admission/strictness.ts'

const shipped = [
  { webhooks: [{ name: 'validate.a' }, { name: 'validate.b' }] },
  { webhooks: [{ name: 'mutate.a' }] },
  {},
].map(rest => ({ apiVersion: 'v1', kind: 'Example', metadata: { name: 'kradle' }, ...rest }))
const none = { 'failure-policy': [], 'timeout-seconds': [], 'exempt-namespace': [] }
const read = (flags: Partial<Record<keyof typeof none, string[]>>) =>
  strictnessOf({ ...none, ...flags }, shipped)

t.test('reads what the operator wants', async t => {
  t.strictSame(read({}), AS_SHIPPED)
  t.strictSame(
    read({
      'failure-policy': ['validate.a=Ignore', 'mutate.a=Fail'],
      'timeout-seconds': ['validate.b=1', 'validate.a=30', 'mutate.a=12'],
      'exempt-namespace': ['kube-system', 'a', 'a'],
    }),
    {
      failurePolicies: new Map([
        ['validate.a', 'Ignore'],
        ['mutate.a', 'Fail'],
      ]),
      timeoutSeconds: new Map([
        ['validate.b', 1],
        ['validate.a', 30],
        ['mutate.a', 12],
      ]),
      exempt: ['a', 'kube-system'],
    },
  )
})

t.test('refuses what nobody can mean', async t => {
  const refused = (flag: keyof typeof none, value: string, message: string) =>
    t.throws(() => read({ [flag]: [value] }), {
      code: 'InvalidFlag',
      message: `--${flag} ${value}: ${message}`,
    })
  const form = 'must be <webhook>=Fail or <webhook>=Ignore'
  for (const value of ['validate.a', 'validate.a=fail', 'validate.a=Fail=x', ''])
    refused('failure-policy', value, form)
  refused('failure-policy', 'c=Fail', 'the webhooks are validate.a, validate.b, mutate.a')
  for (const value of ['validate.a=0', 'validate.a=31', 'validate.a=5s', 'validate.a=1.5'])
    refused('timeout-seconds', value, 'must be <webhook>=<1 to 30>')
  for (const value of ['', '*', 'A', 'a.b', 'a'.repeat(64)])
    refused('exempt-namespace', value, 'must be the name of a namespace')
  refused('exempt-namespace', 'kradle-system', 'decides on all others, and cannot be exempt')
  t.throws(() => read({ 'exempt-namespace': ['kradle-org-acme'] }), {
    message: /is the namespace of an organisation, and cannot be exempt/,
  })
})
