import t from 'tap'
import { ExternalWriteIntent } from '#src/api/activity/v1alpha1.ts'
import { IdentityMapping } from '#src/api/identity/v1alpha1.ts'
import { cluster, objectOf } from '#test/fixtures.ts'
import { controller, namespace, write } from '#test/fixtures-activity.ts'
import { accessOf, noAccess } from '#webhooks/access.ts'
import rule from '#webhooks/externalwriteintent/decision-is-permitted.ts'

const decided = { 'spec.decision': 'Approved', 'spec.reason': 'It is what we said.' }
const by = (as: string, requestedBy: string | undefined = 'jane') =>
  write(
    'UPDATE',
    ExternalWriteIntent,
    { ...decided, 'spec.requestedBy': requestedBy },
    { as, before: { 'spec.requestedBy': requestedBy } },
  )
const answered = (allowed: boolean) =>
  accessOf(rule.reviews(by('joe')).map(review => [review, allowed]))

t.test('is for somebody else who may approve', async t => {
  t.match(rule.reviews(by('joe')), [
    { verb: 'approve', resource: 'externalwriteintents', name: 'comment-upload-fails', namespace },
  ])
  t.strictSame(rule.decide(by('joe'), cluster(), answered(true)), [])
  t.match(rule.decide(by('joe'), cluster(), answered(false)), [
    { rule: 'R88', field: 'spec.decision', value: 'Approved', problem: /needs verb "approve"/ },
  ])
})

t.test('is not for who asked, under whichever account', async t => {
  t.match(rule.decide(by('jane'), cluster(), answered(true)), [{ problem: /who asked for it/ }])
  const mapping = (subject: string) =>
    objectOf(IdentityMapping, {
      metadata: { name: subject, namespace },
      spec: { organizationRef: 'acme', user: 'jane', provider: 'kubernetes', subject },
    })
  const both = cluster(mapping('jane'), mapping('joe'))
  t.match(rule.decide(by('joe'), both, answered(true)), [{ problem: /who asked for it/ }])
})

t.test('is not for programs', async t => {
  t.match(rule.decide(by(controller('external-controller')), cluster(), answered(true)), [
    { problem: /a program/ },
  ])
})

t.test('does not come with the intent', async t => {
  const create = write('CREATE', ExternalWriteIntent, decided)
  t.strictSame(rule.reviews(create), [])
  t.match(rule.decide(create, cluster(), noAccess), [{ problem: /before anybody was asked/ }])
})

t.test('has nothing to say where nothing is decided', async t => {
  for (const other of [
    write('CREATE', ExternalWriteIntent),
    write('UPDATE', ExternalWriteIntent, decided, { before: decided }),
  ]) {
    t.strictSame(rule.reviews(other), [])
    t.strictSame(rule.decide(other, cluster(), noAccess), [])
  }
})
