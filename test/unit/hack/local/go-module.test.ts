import t from 'tap'
import { artefact } from '#hack/local/artefacts.ts'
import { goModule } from '#hack/local/go-module.ts'
import { versions } from '#hack/versions.ts'

t.test('every staging module is pinned to the published copy of the same release', async t => {
  const upstream = [
    'module k8s.io/kubernetes',
    'go 1.26.0',
    'require k8s.io/api v0.0.0',
    'replace (',
    '\tk8s.io/api => ./staging/src/k8s.io/api',
    '\tk8s.io/apimachinery => ./staging/src/k8s.io/apimachinery',
    '\texample.org/fork => example.org/other v1.0.0',
    ')',
    'replace k8s.io/kms => ./staging/src/k8s.io/kms',
  ].join('\n')
  const pin = versions.kubernetes.replace('v1', 'v0')
  t.equal(
    goModule(artefact('kubectl'), upstream),
    [
      'module kradle.build/kubectl',
      '',
      'go 1.26.0',
      '',
      `require k8s.io/kubernetes ${versions.kubernetes}`,
      `replace k8s.io/api => k8s.io/api ${pin}`,
      `replace k8s.io/apimachinery => k8s.io/apimachinery ${pin}`,
      `replace k8s.io/kms => k8s.io/kms ${pin}`,
      'replace example.org/fork => example.org/other v1.0.0',
      '',
    ].join('\n'),
  )
})

t.test('one without staging needs no pins, and one without a go line gets ours', async t => {
  const module = goModule(artefact('etcd'), 'module go.etcd.io/etcd/server/v3\n')
  t.notMatch(module, 'replace')
  t.match(module, `require go.etcd.io/etcd/server/v3 ${versions.etcd}`)
  t.match(module, /^go 1\.\d+/m)
})
