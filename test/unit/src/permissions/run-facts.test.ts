import fc from 'fast-check'
import t from 'tap'
import { RUN_ANNOTATIONS, RUN_LABELS } from '#src/api/names.ts'
import { factsOf, isForkRef, isOfRun, isUntrusted } from '#src/permissions/run-facts.ts'
import { runMetadata } from '#test/fixtures-grants.ts'

const purposes = (text: string) => [
  ...factsOf({ annotations: { 'kradle.a5c.ai/purposes': text } }).purposes,
]

t.test('reads what the controllers state', async t => {
  const metadata = runMetadata({
    labels: {
      'kradle.a5c.ai/trigger-rule': 'nightly',
      'kradle.a5c.ai/source-kind': 'PullRequest',
      'kradle.a5c.ai/runner-pool': 'pool',
    },
  })
  t.strictSame(factsOf(metadata), {
    run: 'run-1',
    stack: 'repairer',
    repository: 'app',
    triggerRule: 'nightly',
    sourceKind: 'PullRequest',
    runnerPool: 'pool',
    trustTier: 'trusted',
    ref: 'refs/heads/main',
    triggerSource: 'ci',
    purposes: new Map([
      ['model/token', 'model-provider'],
      ['skill/rules', 'skill-config'],
    ]),
  })
})

t.test('what is not there, or is no text, was not stated', async t => {
  const nothing = {
    ...Object.fromEntries(Object.keys(factsOf({})).map(fact => [fact, undefined])),
    purposes: new Map(),
  }
  t.strictSame(factsOf(undefined), nothing)
  t.strictSame(factsOf({ labels: { 'kradle.a5c.ai/repository': 7 }, annotations: [] }), nothing)
})

t.test('purposes that cannot be read are none', async t => {
  t.strictSame(purposes('{"a/b":"c","d/e":1}'), [['a/b', 'c']])
  t.strictSame(purposes('{"a/b":'), [])
  t.strictSame(purposes('["a/b"]'), [])
  t.strictSame(purposes('null'), [])
  t.strictSame(purposes(''), [])
})

t.test('any run label or run annotation makes a Pod one of a run', async t => {
  for (const name of RUN_LABELS) t.equal(isOfRun({ labels: { [name]: '' } }), true, name)
  for (const name of RUN_ANNOTATIONS) t.equal(isOfRun({ annotations: { [name]: '' } }), true, name)
  t.equal(isOfRun({ labels: { 'kradle.a5c.ai/org': 'acme' }, annotations: { ref: 'x' } }), false)
  t.equal(isOfRun(null), false)
})

t.test('only what is said to be trusted is, and a pull request never', async t => {
  const main = 'refs/heads/main'
  t.equal(isUntrusted({ trustTier: 'trusted', ref: main }), false)
  t.equal(isUntrusted({ trustTier: 'trusted', ref: undefined }), false)
  t.equal(isUntrusted({ trustTier: undefined, ref: main }), true)
  t.equal(isUntrusted({ trustTier: 'Trusted', ref: main }), true)
  t.equal(isUntrusted({ trustTier: 'trusted', ref: 'refs/pull/7/head' }), true)
  t.equal(isForkRef('refs/pullover'), false)
})

t.test('never throws', async () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (metadata, text) => {
      purposes(text)
      return typeof isOfRun(metadata) === 'boolean' && factsOf(metadata).purposes instanceof Map
    }),
    { numRuns: 1000, seed: 20261121 },
  )
})
