import t from 'tap'
import controller from '#src/controllers/identity/authprovider.ts'
import type { Discovery } from '#src/controllers/identity/discovery.ts'
import { cluster } from '#test/fixtures.ts'
import { authProvider } from '#test/fixtures-identity.ts'

const issuer = 'https://login.example.com'
const look = (discovery: Discovery) => controller.reconcile(authProvider(), cluster(), discovery)

t.test('asks for the issuer of OpenID providers alone', async t => {
  t.strictSame(controller.observe?.(authProvider()), { type: 'discovery', key: issuer })
  t.equal(controller.observe?.(authProvider('x', { spec: { type: 'github' } })), undefined)
  const { spec, ...rest } = authProvider()
  const { issuer: _, ...bare } = spec
  t.equal(controller.observe?.({ ...rest, spec: bare } as never), undefined)
})

t.test('takes other providers as they are', async t => {
  const plan = controller.reconcile(authProvider('x', { spec: { type: 'saml' } }), cluster())
  t.match(plan.status, { phase: 'Ready', conditions: [{ type: 'Ready', status: 'True' }] })
  t.equal(plan.requeueAfter, undefined)
})

const cases: Record<string, [Discovery, object]> = {
  'is ready when it is found': [
    { result: 'Discovered', issuer },
    {
      status: {
        phase: 'Ready',
        fields: { issuer },
        conditions: [
          { type: 'Discovered', status: 'True' },
          { type: 'Ready', status: 'True' },
        ],
      },
      requeueAfter: 600,
    },
  ],
  'is degraded when it is somebody else': [
    { result: 'IssuerMismatch', issuer: 'https://evil.example.com' },
    {
      status: {
        phase: 'Degraded',
        fields: { issuer: 'https://evil.example.com' },
        conditions: [
          {
            status: 'False',
            reason: 'IssuerMismatch',
            message: /"https:\/\/login.*says that it is "https:\/\/evil/,
          },
          { type: 'Ready', status: 'False', reason: 'IssuerMismatch' },
        ],
      },
      requeueAfter: 600,
    },
  ],
  'is degraded when its document is of no use': [
    { result: 'MalformedDocument', why: 'it lacks jwks_uri' },
    {
      status: {
        phase: 'Degraded',
        fields: { issuer: undefined },
        conditions: [{ reason: 'MalformedDocument', message: /it lacks jwks_uri/ }, {}],
      },
      requeueAfter: 600,
    },
  ],
  'waits where it cannot be reached, and looks sooner': [
    { result: 'Unreachable', why: 'it answered 502' },
    {
      status: {
        phase: 'Pending',
        conditions: [{ reason: 'Unreachable', message: /it answered 502/ }, {}],
      },
      requeueAfter: 60,
    },
  ],
}
for (const [name, [discovery, want]] of Object.entries(cases))
  t.test(name, async t => {
    t.match(look(discovery), want)
  })
