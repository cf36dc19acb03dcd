import t from 'tap'
import { sbomOf, type Bom } from '#hack/image/sbom.ts'

const of = (name: string) => ({ 'bom-ref': `${name}@1`, type: 'library', name, version: '1' })
const base = {
  node: '24.1.0',
  distribution: 'debian-12',
  packages: [{ name: 'libc6', version: '2.36-9+deb12u1', architecture: 'amd64' }],
}
const npm = (components: readonly string[], more: object = {}): Bom => ({
  specVersion: '1.5',
  metadata: { component: of('kradle'), ...more },
  components: components.map(of),
  dependencies: [{ ref: 'yaml@1' }, { ref: 'kradle@1', dependsOn: ['yaml@1', 'pg@1'] }],
})

t.test('neither order nor time nor the tool that asked shows', async t => {
  const once = sbomOf(npm(['yaml', 'pg'], { timestamp: '2026-01-01', tools: ['npm 11'] }), base)
  t.equal(once, sbomOf(npm(['pg', 'yaml']), base))
  t.match(JSON.parse(once), {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    dependencies: [{ ref: 'kradle@1', dependsOn: ['pg@1', 'yaml@1'] }, { ref: 'yaml@1' }],
  })
})

t.test('other content has another serial number', async t => {
  const serial = (text: string) => (JSON.parse(text) as { serialNumber: string }).serialNumber
  const [one, two] = [serial(sbomOf(npm(['pg']), base)), serial(sbomOf(npm(['yaml']), base))]
  t.match(one, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
  t.not(one, two)
})

t.test('Node and the packages of the base are in it', async t => {
  const { components } = JSON.parse(sbomOf(npm([]), base)) as Bom
  t.strictSame(
    components.map(({ purl }) => purl),
    [
      'pkg:deb/debian/libc6@2.36-9%2Bdeb12u1?arch=amd64&distro=debian-12',
      'pkg:generic/node@24.1.0',
    ],
  )
})
