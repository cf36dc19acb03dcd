import t from 'tap'
import { withGroups } from '#test/conformance/runner/full-names.ts'

t.test('kinds of Kradle have their group, and nothing else has', async t => {
  const cases: readonly (readonly [typed: string, full: string])[] = [
    ['get teams -o name', 'get teams.kradle.a5c.ai -o name'],
    ['get issue slow', 'get issue.activity.kradle.a5c.ai slow'],
    ['delete user user', 'delete user.kradle.a5c.ai user'],
    ['get pods', 'get pods'],
    ['create quota issue', 'create quota issue'],
    ['wait --for=delete team/core', 'wait --for=delete team.kradle.a5c.ai/core'],
    ['', ''],
  ]
  for (const [typed, full] of cases) t.equal(withGroups(typed.split(' ')).join(' '), full)
})
