/** What Kyverno's CLI made of an object. */
export interface KyvernoSaid {
  readonly result: 'pass' | 'fail' | 'skip' | 'error'
  readonly message: string
}

interface Row {
  readonly RESOURCE: string
  readonly RESULT: string
  readonly REASON: string
  readonly Message?: string
}

/**
 * Reads what `kyverno test -o json --detailed-results` prints: its progress, then a list, then a summary. By the names of
 * objects. Undefined where there is no such list: what it printed is then the reason.
 */
export function readKyverno(
  stdout: string,
  expected: ReadonlyMap<string, string>,
): ReadonlyMap<string, KyvernoSaid> | undefined {
  const [text] = /^\[\]$|^\[\n[^]*?^\]$/m.exec(stdout) ?? []
  if (text === undefined) return undefined
  const rows = JSON.parse(text) as readonly Row[]
  return new Map(
    rows.map(row => {
      const name = row.RESOURCE.split('/').at(-1)!
      return [name, said(row, expected.get(name))] as const
    }),
  )
}

/** The CLI says only whether the result was the expected one, and where it was not, which it was. */
function said({ REASON, Message = '' }: Row, expected: string | undefined): KyvernoSaid {
  if (REASON === 'Ok') return { result: expected as KyvernoSaid['result'], message: Message }
  // What the policy does not match counts as passed to the CLI, whatever was expected.
  if (REASON === 'Excluded') return { result: 'skip', message: '' }
  const [, got] = /got (pass|fail|skip|error)$/.exec(REASON) ?? []
  return {
    result: (got as KyvernoSaid['result'] | undefined) ?? 'error',
    message: got ? Message : `${REASON}: ${Message}`,
  }
}
