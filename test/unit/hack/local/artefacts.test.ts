import t from 'tap'
import { artefact, artefactNames, versionIn } from '#hack/local/artefacts.ts'
import { settingsFrom } from '#hack/local/settings.ts'
import { versions } from '#hack/versions.ts'

const on = (platform: string, arch: string) =>
  settingsFrom(
    { KRADLE_KUBERNETES_DOWNLOADS: 'http://k', KRADLE_ETCD_DOWNLOADS: 'http://e' },
    '/repo',
    { platform, arch, user: '/me' },
  )

t.test('downloads are where the projects publish them', async t => {
  t.same(artefact('kubectl').download(on('linux', 'x64')), {
    url: `http://k/${versions.kubernetes}/bin/linux/amd64/kubectl`,
    checksums: `http://k/${versions.kubernetes}/bin/linux/amd64/kubectl.sha256`,
  })
  const folder = `etcd-${versions.etcd}-linux-arm64`
  t.same(artefact('etcd').download(on('linux', 'arm64')), {
    url: `http://e/${versions.etcd}/${folder}.tar.gz`,
    checksums: `http://e/${versions.etcd}/SHA256SUMS`,
    member: `${folder}/etcd`,
  })
  t.match(artefact('etcd').download(on('darwin', 'arm64')).url, /darwin-arm64\.zip$/)
})

t.test('each is built from its own module and carries its version', async t => {
  for (const name of artefactNames) {
    const { package: built, module, version, ldflags } = artefact(name)
    t.ok(built.startsWith(module))
    t.equal(ldflags.includes(version), name !== 'etcd', 'etcd has its version in its source')
  }
  t.match(artefact('kube-apiserver').ldflags, /gitMajor=1 .*gitMinor=\d+$/)
})

for (const [output, want] of [
  ['etcd Version: 3.6.8\nGit SHA: Not provided', 'v3.6.8'],
  ['Kubernetes v1.36.3\n', 'v1.36.3'],
  ['Client Version: v1.36.3\nKustomize Version: v5.8.0', 'v1.36.3'],
  ['Client Version: v1.32.4-dispatcher', 'v1.32.4-dispatcher'],
  ['kind v0.33.0 go1.26.6 linux/amd64\n', 'v0.33.0'],
  ['version.BuildInfo{Version:"v3.22.0", GitCommit:"", GoVersion:"go1.26.6"}', 'v3.22.0'],
  ['version.BuildInfo{Version:"v3.22.0+gabc", GitCommit:"abc"}', 'v3.22.0'],
  ['command not found', undefined],
] as const) {
  t.equal(versionIn(output), want, output)
}
