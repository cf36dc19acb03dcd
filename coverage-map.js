// test/unit/<path>.test.ts covers <path>.ts, completely; other tests measure behaviour, not lines.
// test/unit/tree.test.ts looks at the tree, and those of test/unit/crds at definitions, not at a file of ours.
export default test =>
  test.startsWith('test/unit/') &&
  test !== 'test/unit/tree.test.ts' &&
  !test.startsWith('test/unit/crds/')
    ? test.replace(/^test\/unit\//, '').replace(/\.test\.ts$/, '.ts')
    : null
