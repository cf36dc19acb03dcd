import t from 'tap'
import { personaAccesses, personaBinding } from '#hack/local/personas.ts'

const acme = { slug: 'acme', namespace: 'kradle-org-acme' }
const pair = (name: string) => ({ cert: `cert of ${name}`, key: `key of ${name}` })

t.test(
  'binds a person to the role of the persona in the namespace of the organisation',
  async t => {
    t.match(personaBinding(acme, 'viewer'), {
      metadata: { name: 'local-viewer', namespace: 'kradle-org-acme' },
      roleRef: { kind: 'ClusterRole', name: 'kradle-viewer' },
      subjects: [{ kind: 'User', name: 'acme-viewer' }],
    })
  },
)

t.test('gives each persona a context of its own, and the agent that of its account', async t => {
  const accesses = personaAccesses(
    acme,
    { server: 'https://127.0.0.1:1', ca: 'CA' },
    {
      admin: pair('admin'),
      maintainer: pair('maintainer'),
      member: pair('member'),
      viewer: pair('viewer'),
    },
    pair('kubernetes-admin'),
  )
  t.strictSame(
    accesses.map(({ name }) => name),
    ['acme-admin', 'acme-maintainer', 'acme-member', 'acme-viewer', 'acme-agent'],
  )
  t.match(accesses[2], { namespace: 'kradle-org-acme', user: pair('member') })
  t.match(accesses[4], {
    user: {
      ...pair('kubernetes-admin'),
      as: 'system:serviceaccount:kradle-org-acme:agent',
      groups: [
        'system:authenticated',
        'system:serviceaccounts',
        'system:serviceaccounts:kradle-org-acme',
      ],
    },
  })
})
