type Json = Record<string, unknown>

/** As much of RFC 6902 as the webhooks of the tests use, with the words of kube-apiserver's library. */
export function applyPatch(document: unknown, operations: readonly Json[]): unknown {
  const root = structuredClone(document) as Json
  for (const { op, path, value } of operations as { op: string; path: string; value?: unknown }[]) {
    const steps = path
      .split('/')
      .slice(1)
      .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    const last = steps.pop()!
    let at = root
    for (const step of steps) {
      if (typeof at[step] !== 'object' || at[step] === null)
        throw new Error(
          `${op} operation does not apply: doc is missing path: "${path}": missing value`,
        )
      at = at[step] as Json
    }
    if (op === 'test') {
      if (JSON.stringify(at[last]) !== JSON.stringify(value))
        throw new Error(`testing value ${path} failed: test failed`)
    } else if (op === 'remove') {
      if (!(last in at))
        throw new Error(
          `remove operation does not apply: doc is missing key: ${path}: missing value`,
        )
      delete at[last]
    } else if (op === 'add' || op === 'replace') at[last] = value
    else throw new Error(`Unexpected kind: ${op}`)
  }
  return root
}
