import t from 'tap'
import { ExternalWriteIntent } from '#src/api/activity/v1alpha1.ts'
import { write } from '#test/fixtures-activity.ts'
import rule from '#webhooks/externalwriteintent/carries-no-secret.ts'

const sending = (body: string) =>
  write('CREATE', ExternalWriteIntent, { 'spec.request.body': body })

// Put together here, so that nobody who looks for credentials in this repository finds some.
const credentials: Record<string, string> = {
  'a private key': `-----BEGIN OPENSSH PRIVATE KEY-----`,
  'a token of GitHub': `ghp_${'a1B2'.repeat(10)}`,
  'a finer token of GitHub': `github_pat_${'a1B2'.repeat(10)}`,
  'a token of GitLab': `glpat-${'a1B2'.repeat(5)}`,
  'a token of Slack': `xoxb-1234567890`,
  'a key of AWS': `AKIA${'ABCD'.repeat(4)}`,
  'a key of a model provider': `sk-${'a1B2'.repeat(8)}`,
  'a signed token': `eyJ${'a'.repeat(12)}.eyJ${'b'.repeat(12)}.${'c'.repeat(12)}`,
  'a header': `{"Authorization": "Bearer ${'x'.repeat(12)}"}`,
  'an address with a password': 'https://jane:pa55word@example.com/',
}
for (const [what, body] of Object.entries(credentials))
  t.test(`refuses ${what}, and does not repeat it`, async t => {
    const findings = rule.decide(sending(`before ${body} after`))
    t.match(findings, [{ rule: 'R172', field: 'spec.request.body', value: undefined }])
    t.notOk(JSON.stringify(findings).includes(body))
  })

t.test('looks everywhere', async t => {
  const key = write('CREATE', ExternalWriteIntent, {
    'spec.idempotencyKey': credentials['a token of GitHub'],
    'spec.list': ['x', credentials['a key of AWS']],
  })
  t.match(rule.decide(key), [{ field: 'spec.idempotencyKey' }, { field: 'spec.list[1]' }])
})

t.test('takes plain writing', async t => {
  for (const body of [
    'We should rotate the token, and not write Authorization: Bearer $TOKEN here.',
    'see https://example.com/a@b or mail jane@example.com',
    'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'task-12345678901234567890 and risk-averse-people-like-to-read-this',
  ])
    t.strictSame(rule.decide(sending(body)), [], body)
})
