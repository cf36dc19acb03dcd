import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { quiet } from '#hack/local/progress.ts'
import { settingsFrom } from '#hack/local/settings.ts'
import { helm, kind, resolveHelm, resolveKind } from '#hack/local/tools.ts'
import { versions } from '#hack/versions.ts'

t.test('each is built from its own module, and helm is told its version', async t => {
  for (const { module, package: command } of [helm, kind]) t.ok(command.startsWith(module))
  t.match(helm.ldflags, `internal/version.version=${versions.helm}`)
})

t.test('one that somebody chose by hand is taken', async t => {
  const says = (text: string) => `#!/bin/sh\necho '${text}'\n`
  const bin = t.testdir({
    helm: says(`version.BuildInfo{Version:"${versions.helm}"}`),
    kind: says(`kind ${versions.kind} go1.26.6 linux/amd64`),
  })
  for (const name of ['helm', 'kind']) chmodSync(join(bin, name), 0o755)
  const settings = settingsFrom({ KUBEBUILDER_ASSETS: bin }, '/repo')
  t.equal(await resolveHelm(settings, quiet), join(bin, 'helm'))
  t.equal(await resolveKind(settings, quiet), join(bin, 'kind'))
})
