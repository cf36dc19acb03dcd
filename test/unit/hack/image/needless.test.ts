import t from 'tap'
import { isNeedless } from '#hack/image/needless.ts'

for (const [path, want] of [
  ['fastify/lib/route.js', false],
  ['fastify/package.json', false],
  ['fastify/test/route.test.js', true],
  ['fastify/docs/Guides/index.html', true],
  ['fastify/fastify.d.ts', true],
  ['@bufbuild/cel/dist/esm/index.js.map', true],
  ['@bufbuild/cel/dist/esm/index.js', false],
  ['@bufbuild/cel/README.md', true],
  // Code, though of such a name.
  ['yaml/dist/doc/Document.js', false],
  ['a/node_modules/@b/c/tests/x.js', true],
  ['a/node_modules/.bin/c', true],
  ['.package-lock.json', true],
  ['pg/LICENSE.md', false],
  ['pg/NOTICE', false],
] as const)
  t.equal(isNeedless(path), want, path)
