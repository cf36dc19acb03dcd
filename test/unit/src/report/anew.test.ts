import t from 'tap'
import type { UnknownObject } from '#src/api/object.ts'
import type { PolicyExceptionRequest, PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { anew } from '#src/report/anew.ts'
import type { Drafted } from '#src/report/lines.ts'
import { now } from '#test/fixtures.ts'
import { exemption, line, titleBinding, titleTemplate } from '#test/fixtures-report.ts'

const drafted = (
  exemptions: readonly PolicyExceptionRequest[] = [exemption()],
  template: PolicyTemplate | undefined = titleTemplate(),
  isStale = true,
): Drafted => ({
  line: line(),
  pair: { binding: titleBinding(), template },
  exemptions,
  isStale,
})
const pullRequest = (title: string, namespace = 'kradle-org-acme'): UnknownObject => ({
  apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
  kind: 'PullRequest',
  metadata: { name: 'short', namespace },
  spec: { organizationRef: 'acme', title },
})
const short = pullRequest('Short')

t.test('what nothing happened to since is as it was found', async t => {
  t.strictSame(anew(drafted([exemption()], titleTemplate(), false), short, now), line())
  t.strictSame(anew({ ...drafted(), pair: undefined }, short, now), line())
})

t.test('an exception that began is there at once', async t => {
  t.match(anew(drafted(), short, now), {
    result: 'skip',
    judged: 'anew',
    at: '2026-11-21T12:00:00Z',
  })
  t.match(anew(drafted(), pullRequest('Long enough by itself'), now), { result: 'pass' })
  const { resources: _, ...spec } = exemption().spec
  t.match(anew(drafted([{ ...exemption(), spec }]), short, now), { result: 'fail' })
})

t.test('one that ended is gone at once', async t => {
  const later = new Date('2026-11-21T13:00:00Z')
  t.match(anew(drafted(), short, later), { result: 'fail', message: /too short/, judged: 'anew' })
  t.match(anew(drafted(), pullRequest('Long enough by itself'), later), { result: 'pass' })
})

t.test('what the policy is about no more is left out', async t => {
  t.equal(anew(drafted(), pullRequest('Short', 'kradle-org-globex'), now), undefined)
})

t.test('what cannot be judged here says so', async t => {
  const waiting = { ...line(), judged: 'not yet' }
  t.strictSame(anew(drafted(), undefined, now), waiting)
  t.strictSame(
    anew({ ...drafted(), pair: { binding: titleBinding(), template: undefined } }, short, now),
    waiting,
  )
  const { spec } = titleTemplate().spec.kyverno
  const mutating = titleTemplate({ kyverno: { type: 'Mutating', spec } })
  t.strictSame(anew(drafted(undefined, mutating), short, now), waiting)
  t.strictSame(
    anew(
      {
        ...drafted(),
        pair: { binding: titleBinding({ suspend: true }), template: titleTemplate() },
      },
      short,
      now,
    ),
    waiting,
  )
})
