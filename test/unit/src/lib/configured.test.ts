import t from 'tap'
import { AgentSkill } from '#src/api/agents/v1alpha1.ts'
import { configured } from '#src/lib/configured.ts'
import { cluster } from '#test/fixtures.ts'
import { Thing, thing } from '#test/fixtures-references.ts'

const one = thing('one', { skills: ['linting'] })
const linting = thing('linting', {}, {}, AgentSkill)

t.test('it is ready when everything that it names is there', async t => {
  const things = configured(Thing)
  t.equal(things.name, 'thing')
  t.strictSame(things.writes, [])
  t.match(things.reconcile(one, cluster(linting)).status, {
    phase: 'Ready',
    conditions: [
      { type: 'ReferencesResolved', status: 'True', reason: 'AllResolved' },
      { type: 'Ready', status: 'True', reason: 'AllResolved' },
    ],
  })
  t.match(things.reconcile(one, cluster()), {
    status: {
      phase: 'Pending',
      conditions: [
        { type: 'ReferencesResolved', status: 'False', reason: 'ReferenceMissing' },
        { type: 'Ready', status: 'False', message: /^spec\.skills\[0\]: AgentSkill "linting"/ },
      ],
    },
  })
  t.match(things.reconcile(thing('none'), cluster()).status, { phase: 'Ready' })
})

t.test('a kind may have words of its own for where it stands', async t => {
  const things = configured(Thing, {
    phase: (isReady, before) => `${isReady} after ${before}`,
  })
  t.match(things.reconcile(one, cluster()).status, { phase: 'false after undefined' })
  const before = { ...one, status: { phase: 'InUse' } }
  t.match(things.reconcile(before, cluster(linting)).status, { phase: 'true after InUse' })
})
