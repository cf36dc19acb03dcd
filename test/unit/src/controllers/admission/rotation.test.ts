import t from 'tap'
import {
  aliveIn,
  nextStep,
  publishable,
  type ServingSecret,
} from '#src/controllers/admission/rotation.ts'
import { issue } from '#src/lib/certificate-authority.ts'

const start = new Date('2026-11-21T12:00:00Z')
const at = (seconds: number) => new Date(start.getTime() + seconds * 1000)
const issueAt = (seconds: number) => issue({ hosts: ['a'], lifetimeMs: 60_000, now: at(seconds) })

// 60 s of life, dated back by 6 s: due after 38 s, and a new authority has 7.2 s to be seen.
const first = await issueAt(0)
const second = await issueAt(40)
const { certificate, key, ca: bundle } = first
const serving: ServingSecret = { certificate, key, bundle }
const rotating: ServingSecret = {
  ...serving,
  bundle: first.ca + second.ca,
  next: { certificate: second.certificate, key: second.key },
}
const switched: ServingSecret = {
  certificate: second.certificate,
  key: second.key,
  bundle: rotating.bundle,
}
const BROKEN = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'

t.test('issues the first certificate at once', async t => {
  t.strictSame(nextStep(undefined, [], start), { do: 'issue', next: false })
  t.strictSame(nextStep({ ...serving, certificate: 'rubbish' }, [], start), {
    do: 'issue',
    next: false,
  })
})

t.test('waits until two thirds of the life are over', async t => {
  t.strictSame(nextStep(serving, [bundle], start), { do: 'wait', ms: 38_000 })
  t.strictSame(nextStep(serving, [bundle], at(38)), { do: 'issue', next: true })
})

t.test('waits until every configuration carries the new authority', async t => {
  t.strictSame(nextStep(rotating, [], at(50)), { do: 'wait', ms: 1_000 })
  t.strictSame(nextStep(rotating, [rotating.bundle, bundle], at(50)), { do: 'wait', ms: 1_000 })
})

t.test('gives API servers time to see it, then switches', async t => {
  const published = [rotating.bundle, rotating.bundle]
  t.strictSame(nextStep(rotating, published, at(41)), { do: 'wait', ms: 6_200 })
  t.strictSame(nextStep(rotating, published, at(48)), { do: 'switch', secret: switched })
})

t.test('switches at once when the old certificate no longer serves', async t => {
  t.match(nextStep(rotating, [rotating.bundle], at(61)), { do: 'switch' })
})

t.test('drops an authority once it has expired', async t => {
  const step = nextStep(switched, [rotating.bundle], at(61))
  t.match(step, { do: 'trim' })
  t.equal(step.do === 'trim' && step.secret.bundle, second.ca)
  t.strictSame(nextStep(switched, [rotating.bundle], at(50)), { do: 'wait', ms: 10_000 })
})

t.test('starts anew after an absence longer than a life', async t => {
  t.strictSame(nextStep(serving, [bundle], at(3600)), { do: 'issue', next: false })
  t.strictSame(nextStep(rotating, [bundle], at(3600)), { do: 'issue', next: false })
})

t.test(
  'makes the next one again where it is unreadable or the bundle lost its authority',
  async t => {
    const broken = { ...rotating, next: { certificate: 'rubbish', key: '' } }
    t.strictSame(nextStep(broken, [bundle], at(40)), { do: 'issue', next: true })
    const untrusted = { ...serving, bundle: second.ca }
    t.strictSame(nextStep(untrusted, [bundle], at(41)), { do: 'issue', next: true })
    t.strictSame(nextStep(untrusted, [second.ca], at(3600)), { do: 'issue', next: false })
    t.strictSame(nextStep({ ...rotating, bundle }, [bundle], at(41)), { do: 'issue', next: true })
  },
)

t.test('replaces a lost certificate in the same order as one that runs out', async t => {
  const lost = { ...rotating, certificate: '', key: '' }
  const published = [rotating.bundle, rotating.bundle]
  t.strictSame(nextStep(undefined, [bundle, bundle], at(40)), { do: 'issue', next: true })
  t.strictSame(nextStep(lost, [bundle, rotating.bundle], at(41)), { do: 'wait', ms: 1_000 })
  t.strictSame(nextStep(lost, published, at(41)), { do: 'wait', ms: 4_600 })
  t.strictSame(nextStep(lost, published, at(46)), { do: 'switch', secret: switched })
})

t.test('publishes only a bundle that trusts what serves', async t => {
  t.equal(publishable(undefined, start), undefined)
  t.equal(publishable(rotating, start), rotating.bundle)
  t.equal(publishable({ ...rotating, certificate: '', key: '' }, at(40)), rotating.bundle)
  t.equal(publishable({ ...rotating, certificate: BROKEN }, at(40)), rotating.bundle)
  t.equal(publishable(rotating, at(61)), rotating.bundle)
  t.equal(publishable({ ...serving, bundle: second.ca }, at(40)), undefined)
  t.equal(publishable({ ...serving, bundle: BROKEN }, at(40)), undefined)
  t.equal(publishable({ ...serving, certificate: BROKEN }, at(40)), undefined)
})

t.test('keeps every authority that is alive, once', async t => {
  t.equal(aliveIn([bundle, rotating.bundle, BROKEN, ''], at(40)), first.ca + second.ca)
  t.equal(aliveIn([rotating.bundle], at(61)), second.ca)
})
