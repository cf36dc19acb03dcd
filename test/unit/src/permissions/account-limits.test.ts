import t from 'tap'
import { brokenLimits } from '#src/permissions/account-limits.ts'
import { account } from '#test/fixtures-grants.ts'

const facts = { repository: 'app', runnerPool: 'pool' }

t.test('an account without limits takes everything', async t => {
  t.strictSame(brokenLimits(account(), { repository: undefined, runnerPool: undefined }), [])
})

t.test('facts have to be among what is allowed', async t => {
  const limited = account({ allowedRepositories: ['app'], allowedRunnerPools: ['pool'] })
  t.strictSame(brokenLimits(limited, facts), [])
  t.strictSame(brokenLimits(limited, { repository: 'web', runnerPool: undefined }), [
    { fact: 'repository', value: 'web', limit: 'allowedRepositories', allowed: ['app'] },
    { fact: 'runnerPool', value: undefined, limit: 'allowedRunnerPools', allowed: ['pool'] },
  ])
})

t.test('an empty list allows nothing', async t => {
  t.match(brokenLimits(account({ allowedRepositories: [] }), facts), [{ fact: 'repository' }])
})
