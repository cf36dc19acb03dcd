import { readFileSync } from 'node:fs'
import t from 'tap'
import { parse } from 'yaml'
import { PolicyBinding, PolicyProfile } from '#src/api/policy/v1alpha1.ts'
import { DEFAULT_EXCEPTION_RULES, profileOf } from '#src/policy/profile.ts'
import { cluster, objectOf } from '#test/fixtures.ts'

const profile = (name: string, namespace = 'kradle-org-acme') =>
  objectOf(PolicyProfile, { metadata: { name, namespace }, spec: {} } as never)
const binding = (profileRef?: string) =>
  objectOf(PolicyBinding, {
    metadata: { name: 'titles', namespace: 'kradle-org-acme' },
    spec: { ...(profileRef && { profileRef }) },
  } as never)

t.test('the profile that a binding names', async t => {
  const both = cluster(profile('standard'), profile('strict'))
  t.match(profileOf(binding('strict'), both).profile, { metadata: { name: 'strict' } })
  t.strictSame(profileOf(binding('gone'), both), { missing: 'gone' })
  const foreign = cluster(profile('strict', 'kradle-org-globex'))
  t.strictSame(profileOf(binding('strict'), foreign), { missing: 'strict' })
})

t.test('or the only one', async t => {
  t.match(profileOf(binding(), cluster(profile('standard'))).profile, {
    metadata: { name: 'standard' },
  })
  t.strictSame(profileOf(binding(), cluster(profile('standard'), profile('strict'))), {})
  t.strictSame(profileOf(binding(), cluster()), {})
})

t.test('no profile says what an empty one would', async t => {
  const definition = parse(readFileSync('crds/policy/policyprofiles.yaml', 'utf8'))
  const { exceptions } =
    definition.spec.versions[0].schema.openAPIV3Schema.properties.spec.properties
  for (const [name, { default: value }] of Object.entries<{ default?: unknown }>(
    exceptions.properties,
  ))
    t.strictSame((DEFAULT_EXCEPTION_RULES as Record<string, unknown>)[name], value, name)
})
