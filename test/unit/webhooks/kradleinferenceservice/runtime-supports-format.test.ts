import t from 'tap'
import { KradleInferenceService, KradleServingRuntime } from '#src/api/inference/v1alpha1.ts'
import { cluster, objectOf, request } from '#test/fixtures.ts'
import rule from '#webhooks/kradleinferenceservice/runtime-supports-format.ts'

const namespace = 'kradle-org-acme'
type Format = KradleInferenceService['spec']['predictor']['model']['modelFormat']
const service = (modelFormat: Format, runtime: string | undefined = 'boosted', cpu = '1') =>
  objectOf(KradleInferenceService, {
    metadata: { name: 'churn', namespace },
    spec: {
      organizationRef: 'acme',
      predictor: {
        model: { modelFormat, storageUri: 's3://models/churn', protocolVersion: 'v2', runtime },
        resources: { limits: { cpu } },
      },
    },
  })
const runtime = (
  name: string,
  supportedModelFormats: KradleServingRuntime['spec']['supportedModelFormats'],
  slug = 'acme',
) =>
  objectOf(KradleServingRuntime, {
    metadata: { name, namespace: `kradle-org-${slug}` },
    spec: { organizationRef: slug, supportedModelFormats, containers: [], multiModel: false },
  })
const boosted = runtime('boosted', [
  { name: 'xgboost', version: '1', autoSelect: false },
  { name: 'xgboost', version: '2', autoSelect: true },
  { name: 'lightgbm', autoSelect: false },
])
const create = (format: Format, name?: string) =>
  request('CREATE', KradleInferenceService, service(format, name))

t.test('passes a format that the runtime supports, in a version that it supports', async t => {
  const formats: Format[] = [
    { name: 'xgboost' },
    { name: 'xgboost', version: '2' },
    { name: 'lightgbm' },
    { name: 'lightgbm', version: '4' },
  ]
  for (const format of formats)
    t.strictSame(rule.decide(create(format), cluster(boosted)), [], JSON.stringify(format))
})

t.test('refuses another format, and another version', async t => {
  const field = 'spec.predictor.model.modelFormat'
  t.match(rule.decide(create({ name: 'onnx' }), cluster(boosted)), [
    {
      rule: 'R209',
      field: `${field}.name`,
      value: 'onnx',
      problem: /Runtime "boosted" supports; it supports xgboost, lightgbm$/,
    },
  ])
  t.match(rule.decide(create({ name: 'xgboost', version: '3' }), cluster(boosted)), [
    { field: `${field}.version`, value: '3', problem: /of xgboost .* it supports 1, 2$/ },
  ])
  t.match(rule.decide(create({ name: 'onnx' }), cluster(runtime('boosted', []))), [
    { problem: /it supports none$/ },
  ])
})

t.test('leaves a runtime that is not there to the condition', async t => {
  const elsewhere = runtime('boosted', [], 'globex')
  t.strictSame(rule.decide(create({ name: 'onnx' }), cluster(elsewhere)), [])
  t.strictSame(rule.lookups(create({ name: 'onnx' })), [
    { kind: KradleServingRuntime, name: 'boosted', namespace, fresh: 'on-miss' },
  ])
})

t.test('looks again only where runtime, format or version changes', async t => {
  const decide = (now: KradleInferenceService, before: KradleInferenceService) =>
    rule.decide(request('UPDATE', KradleInferenceService, now, before), cluster(boosted)).length
  const onnx = service({ name: 'onnx' })
  t.equal(decide(service({ name: 'onnx' }, 'boosted', '2'), onnx), 0)
  t.equal(decide(onnx, service({ name: 'onnx' }, 'other')), 1)
  t.equal(decide(onnx, service({ name: 'xgboost' })), 1)
  t.equal(decide(service({ name: 'xgboost', version: '3' }), service({ name: 'xgboost' })), 1)
})

t.test('has nothing to say where no runtime is named or the schema will refuse', async t => {
  const specs: unknown[] = [
    {},
    { predictor: null },
    { predictor: { model: null } },
    { predictor: { model: { runtime: 'boosted' } } },
    { predictor: { model: { runtime: 'boosted', modelFormat: null } } },
    { predictor: { model: { runtime: 7, modelFormat: { name: 'onnx' } } } },
    { predictor: { model: { runtime: '', modelFormat: { name: 'onnx' } } } },
    { predictor: { model: { modelFormat: { name: 'onnx' } } } },
  ]
  for (const spec of specs) {
    const object = { ...service({ name: 'onnx' }), spec } as KradleInferenceService
    const odd = request('CREATE', KradleInferenceService, object)
    t.strictSame(rule.lookups(odd), [], JSON.stringify(spec))
    t.strictSame(rule.decide(odd, cluster(boosted)), [], JSON.stringify(spec))
  }
  const oddVersion = create({ name: 'xgboost', version: 7 as unknown as string })
  t.strictSame(rule.decide(oddVersion, cluster(boosted)), [])
})
