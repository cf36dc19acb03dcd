/** What came of checking one manifest. */
export interface Verdict {
  readonly file: string
  /** Where the manifest begins, counted from 1. */
  readonly line: number
  readonly apiVersion: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
  /** `skipped` is what none of Kradle's definitions and rules are about. */
  readonly result: 'accepted' | 'refused' | 'skipped'
  /** Whether it would come new or change what is there. */
  readonly operation: 'CREATE' | 'UPDATE'
  readonly causes: readonly Cause[]
  readonly warnings: readonly string[]
  /** The rights that the writer is taken to have, since nobody was there to be asked; as `verb resource "name"`. */
  readonly assumes: readonly string[]
  /** By which exceptions it comes through policies that would refuse it. */
  readonly notes: readonly string[]
  /** The policies that may have a say and that only Kyverno can ask. */
  readonly unjudged: readonly string[]
}

/** One reason for a refusal. */
export interface Cause {
  /** Who says so: the file itself, its definition, a rule of `webhooks/`, or a policy that is bound. */
  readonly source: 'file' | 'schema' | 'rule' | 'policy'
  /** Dotted path; '' for the whole. */
  readonly field: string
  /** The file of the rule below `webhooks/`, and its number in the rule book. */
  readonly rule?: string
  readonly number?: string
  readonly message: string
}
