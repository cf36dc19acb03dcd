import t from 'tap'
import { settingsFrom, thisMachine } from '#hack/local/settings.ts'

const linux = { platform: 'linux', arch: 'x64', user: '/me' }

t.test('without any variable', async t => {
  t.match(settingsFrom({}, '/repo', linux), {
    home: '/repo/.kradle',
    cache: '/me/.cache/kradle',
    os: 'linux',
    arch: 'amd64',
    assets: undefined,
  })
  t.match(settingsFrom({}, '/repo', { ...linux, platform: 'darwin', arch: 'arm64' }), {
    os: 'darwin',
    arch: 'arm64',
  })
})

t.test('every variable counts, an empty one does not', async t => {
  const settings = settingsFrom(
    {
      KRADLE_HOME: '/h',
      KRADLE_CACHE: '/c',
      KUBEBUILDER_ASSETS: '/a',
      KRADLE_KUBERNETES_DOWNLOADS: 'http://k//',
      KRADLE_ETCD_DOWNLOADS: 'http://e/x/',
    },
    '/repo',
    linux,
  )
  t.match(settings, {
    home: '/h',
    cache: '/c',
    assets: '/a',
    kubernetesDownloads: 'http://k',
    etcdDownloads: 'http://e/x',
  })
  t.equal(settingsFrom({ XDG_CACHE_HOME: '/x' }, '/repo', linux).cache, '/x/kradle')
  t.equal(settingsFrom({ KRADLE_HOME: '' }, '/repo', linux).home, '/repo/.kradle')
})

t.test('other machines are named', async t => {
  t.throws(() => settingsFrom({}, '/repo', { ...linux, platform: 'win32' }), {
    message: /win32 x64/,
  })
  t.throws(() => settingsFrom({}, '/repo', { ...linux, arch: 's390x' }), { message: /linux s390x/ })
})

t.equal(settingsFrom({}, '/repo').cache.startsWith(thisMachine.user), true)
