// test/unit/<path>.test.ts covers <path>.ts, completely; other tests measure behaviour, not lines.
// test/unit/tree.test.ts looks at the tree, and those of test/unit/crds, charts and docs at what is no code.
export default test =>
  test.startsWith('test/unit/') &&
  test !== 'test/unit/tree.test.ts' &&
  !/^test\/unit\/(crds|charts|docs)\//.test(test)
    ? test.replace(/^test\/unit\//, '').replace(/\.test\.ts$/, '.ts')
    : null
