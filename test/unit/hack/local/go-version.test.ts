import t from 'tap'
import { goIsRecent, goProblem } from '#hack/local/go-version.ts'

for (const [found, want] of [
  ['go1.26.6', true],
  ['go1.26.8', true],
  ['go1.27', true],
  ['go1.27rc1', true],
  ['go2.0.0', true],
  ['go1.26.5', false],
  ['go1.26', false],
  ['go1.9.7', false],
  ['devel', false],
] as const) {
  t.equal(goIsRecent(found, '1.26.6'), want, found)
}
t.equal(goIsRecent('go1.27rc1', '1.27.0'), false, 'a candidate is older than its release')
t.equal(goIsRecent('go1.27.0', '1.27'), true)

const kubectl = { name: 'kubectl', version: 'v1.36.3' }
t.match(
  goProblem('go1.25.4', '1.26.6', kubectl),
  /needs Go >= 1\.26\.6, found Go 1\.25\.4: .*kubectl v1\.36\.3/,
)
t.match(goProblem(undefined, '1.26.6', kubectl), 'found no Go')
t.notMatch(goProblem(undefined, '1.26.6', kubectl), '\n')
