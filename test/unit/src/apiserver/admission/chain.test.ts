import { pino } from 'pino'
import t from 'tap'
import type { Attributes } from '#src/apiserver/admission/admission.ts'
import { chainOf, type Links } from '#src/apiserver/admission/chain.ts'
import { configurationsOf } from '#src/apiserver/admission/configurations.ts'
import { notReady } from '#src/apiserver/admission/refusal.ts'
import { WebhookTransport } from '#src/apiserver/admission/webhook/transport.ts'
import type { UnknownObject } from '#src/api/object.ts'
import { clusterOf } from '#src/lib/cluster.ts'
import { noAccess } from '#webhooks/access.ts'
import { registry } from '#webhooks/registry.ts'
import { deny, mutation, rule, type Rule } from '#webhooks/rule.ts'
import { allows, attributesFor, thing } from '#test/support/activity-admission/attributes.ts'
import { httpsServer } from '#test/support/activity-admission/https-server.ts'

const asked: string[] = []
/** A path sets the field that it names, and `/no` denies. */
const { url, ca, close } = await httpsServer((request, answer) => {
  let body = ''
  request.setEncoding('utf8').on('data', (part: string) => (body += part))
  request.on('end', () => {
    const path = request.url!.replace(/\?.*/, '')
    asked.push(path)
    const { uid } = (JSON.parse(body) as { request: { uid: string } }).request
    const patch = Buffer.from(JSON.stringify([{ op: 'add', path: `/spec${path}`, value: 1 }]))
    const response = {
      uid,
      allowed: path !== '/no',
      ...(path.startsWith('/set') && { patchType: 'JSONPatch', patch: patch.toString('base64') }),
    }
    answer.end(
      JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response }),
    )
  })
})
const transport = new WebhookTransport()
t.teardown(() => {
  transport.close()
  close()
})

const everything = [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'] }]
const webhooks = (...paths: string[]) => ({
  apiVersion: 'v1',
  kind: 'C',
  metadata: { name: 'c' },
  webhooks: paths.map(path => ({
    name: 'h',
    clientConfig: { url: url + path, caBundle: Buffer.from(ca).toString('base64') },
    rules: everything,
    admissionReviewVersions: ['v1'],
    reinvocationPolicy: 'IfNeeded',
  })),
})
const policy = (kind: string, spec: object = {}) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'p' },
  spec,
})
const binding = {
  apiVersion: 'v1',
  kind: 'B',
  metadata: { name: 'b' },
  spec: { policyName: 'p', validationActions: ['Deny'] },
}
const none = {
  mutatingWebhookConfigurations: [],
  validatingWebhookConfigurations: [],
  validatingPolicies: [],
  validatingBindings: [binding],
  mutatingPolicies: [],
  mutatingBindings: [binding],
}
let looks = 0
const chain = (lists: object = {}, more: Partial<Links> = {}) =>
  chainOf({
    ready: async () => configurationsOf({ ...none, ...lists }),
    namespaces: {
      get: async name => {
        looks++
        return name === 'red'
          ? { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { team: 'red' } } }
          : undefined
      },
    },
    own: undefined,
    reviewAccess: allows,
    transport,
    log: pino({ level: 'silent' }),
    ...more,
  })

const match = {
  kinds: [attributesFor().resource.kind],
  operations: ['CREATE', 'UPDATE', 'DELETE'] as const,
  enforces: [],
}
const own = (decide: Rule['decide']): Links['own'] => ({
  registry: registry(
    { 'thing/is-fine': rule({ ...match, decide }) },
    {
      // Fills in what a webhook asks for, too.
      'thing/is-filled': mutation({
        ...match,
        needed: 'true',
        apply: ({ object }) => {
          const spec = { ...object.spec, filled: 1, ...('set-a' in object.spec && { more: 1 }) }
          return JSON.stringify(spec) === JSON.stringify(object.spec) ? object : { ...object, spec }
        },
      }),
    },
  ),
  view: () => clusterOf([], new Date(0)),
  ask: async () => noAccess,
  readOwn: async () => undefined,
  log: pino({ level: 'silent' }),
})
const same = (object: UnknownObject): UnknownObject => object
const creation = (): Attributes & { object: UnknownObject } => ({
  ...attributesFor(),
  object: thing({ spec: {} }),
})

t.test('with nothing configured nothing happens', async t => {
  const attributes = creation()
  t.equal(await chain().mutate(attributes, same), attributes.object)
  await chain().validate(attributes)
  await t.rejects(chain().mutate({ ...attributes, namespace: 'none' }, same), { code: 404 })
})

t.test('Kradle fills in, then webhooks are asked, then both once more', async t => {
  const lists = { mutatingWebhookConfigurations: [webhooks('/see', '/set-a', '/set-b')] }
  const links = { own: own(() => []) }
  t.match(await chain(lists, links).mutate(creation(), same), {
    spec: { filled: 1, 'set-a': 1, 'set-b': 1, more: 1 },
  })
  // Its own part changed the object again, so all who want to see it do.
  t.same(asked.splice(0), ['/see', '/set-a', '/set-b', '/see', '/set-a', '/set-b'])
  t.match(await chain(lists).mutate(creation(), same), { spec: { 'set-a': 1, 'set-b': 1 } })
  t.same(asked.splice(0), ['/see', '/set-a', '/set-b', '/see', '/set-a'])
})

t.test('mutating policies that match are refused', async t => {
  const lists = { mutatingPolicies: [policy('MutatingAdmissionPolicy')] }
  await t.rejects(chain(lists).mutate(creation(), same), { message: /^policy 'p' with binding/ })
})

t.test('rules, policies, webhooks: the first to deny ends it', async t => {
  const denies = own(() =>
    deny({ rule: 'R1', field: 'spec', value: 1, problem: 'is wrong', fix: 'mend it' }),
  )
  const validations = [{ expression: 'false', message: 'no' }]
  const lists = {
    validatingPolicies: [policy('ValidatingAdmissionPolicy', { validations })],
    validatingWebhookConfigurations: [webhooks('/no')],
  }
  await t.rejects(chain(lists, { own: denies }).validate(creation()), { message: /R1/ })
  await t.rejects(chain(lists).validate(creation()), { message: /ValidatingAdmissionPolicy 'p'/ })
  await t.rejects(chain({ ...lists, validatingPolicies: [] }).validate(creation()), {
    message: /admission webhook "h" denied/,
  })
})

t.test('of DELETE everything is asked', async t => {
  asked.length = 0
  const attributes = attributesFor({ operation: 'DELETE', object: undefined, oldObject: thing() })
  const lists = {
    mutatingWebhookConfigurations: [webhooks('/see')],
    validatingWebhookConfigurations: [webhooks('/look')],
  }
  await chain(lists, { own: own(() => []) }).validate(attributes)
  t.same(asked, ['/see', '/look'])
})

t.test('looks at a namespace once', async t => {
  const selecting = (operator: string) => ({
    ...policy('ValidatingAdmissionPolicy', {
      matchConstraints: {
        namespaceSelector: { matchExpressions: [{ key: 'team', operator, values: ['blue'] }] },
      },
    }),
  })
  looks = 0
  await chain({ validatingPolicies: [selecting('In'), selecting('NotIn')] }).validate(creation())
  t.equal(looks, 1)
})

t.test('fails closed', async t => {
  const ready = () => Promise.reject(notReady())
  await t.rejects(chain({}, { ready }).mutate(creation(), same), { code: 503 })
  await t.rejects(chain({}, { ready }).validate(creation()), { code: 503 })
  const over = { ...creation(), signal: AbortSignal.abort() }
  await t.rejects(chain({}, { ready }).validate(over), { code: 504 })
})
