import t from 'tap'
import { requiredVersion } from '#hack/local/kyverno/required-version.ts'

const goMod = `module example.com/engine

require example.com/one v1.0.0

require (
	example.com/api v0.1.0-rc.1 // indirect
	example.com/api/v2 v2.0.0
)
`

t.test('a required version is found on a line of its own and in a block', async t => {
  t.equal(requiredVersion('example.com/one', goMod), 'v1.0.0')
  t.equal(requiredVersion('example.com/api', goMod), 'v0.1.0-rc.1')
  t.equal(requiredVersion('example.com/api/v2', goMod), 'v2.0.0')
  t.equal(requiredVersion('example.com/other', goMod), undefined)
})
