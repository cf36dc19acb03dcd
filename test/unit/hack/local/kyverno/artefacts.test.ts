import t from 'tap'
import { kyvernoArtefacts, kyvernoNames, leaseName } from '#hack/local/kyverno/artefacts.ts'
import { versions } from '#hack/versions.ts'

t.test(
  'each is built from its own command of the same module, what compiles most first',
  async t => {
    t.strictSame(
      kyvernoArtefacts.map(({ name, package: command }) => [name, command.split('/cmd/')[1]]),
      [
        ['kyverno', 'kyverno'],
        ['kyverno-background-controller', 'background-controller'],
        ['kyverno-reports-controller', 'reports-controller'],
        ['kyverno-cleanup-controller', 'cleanup-controller'],
        ['kubectl-kyverno', 'cli/kubectl-kyverno'],
      ],
    )
    for (const { module, version, package: command } of kyvernoArtefacts) {
      t.ok(command.startsWith(`${module}/`))
      t.equal(version, versions.kyverno)
    }
  },
)

t.strictSame(kyvernoNames.map(leaseName), [
  'kyverno',
  'kyverno-background-controller',
  'kyverno-reports-controller',
  'kyverno-cleanup-controller',
])
