import t from 'tap'
import { activityAddress } from '#src/controllers/admission/activity-address.ts'

const url = 'https://localhost:6444'

t.test('says where the activity API is', async t => {
  t.equal(activityAddress(undefined, undefined), undefined)
  t.equal(activityAddress('off', undefined), undefined)
  t.equal(activityAddress('service', undefined), 'service')
  t.strictSame(activityAddress('url', url), { url })
  t.strictSame(activityAddress(undefined, url), { url })
})

t.test('refuses what makes no sense together', async t => {
  for (const [activity, at, message] of [
    ['on', undefined, '--activity on: must be off, service or url'],
    ['url', undefined, '--activity url: needs --apiserver-url'],
    ['service', url, '--apiserver-url: not with --activity service'],
    ['off', url, '--apiserver-url: not with --activity off'],
    ['url', 'localhost:1', '--apiserver-url localhost:1: must be https://host:port'],
    ['url', 'http://a:1', '--apiserver-url http://a:1: must be https://host:port'],
    ['url', '', '--apiserver-url : must be https://host:port'],
  ] as const)
    t.throws(() => activityAddress(activity, at), { code: 'InvalidFlag', message })
})
