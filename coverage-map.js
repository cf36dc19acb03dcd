// test/unit/<path>.test.ts covers <path>.ts, completely; other tests measure behaviour, not lines.
// test/unit/tree.test.ts looks at the tree, not at a file.
export default test =>
  test.startsWith('test/unit/') && test !== 'test/unit/tree.test.ts'
    ? test.replace(/^test\/unit\//, '').replace(/\.test\.ts$/, '.ts')
    : null
