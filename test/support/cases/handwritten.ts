import type { Change } from './change.ts'

/** A manifest that is refused for what no generator can know. */
export interface Refusal {
  /**
   * The CEL rule that refuses it, as `<path>: <how the rule begins>`. Left out where a pattern or
   * another part of the schema does, and the value is one that matters.
   */
  readonly rule?: string
  /** What is changed on the example, or on what is stored. */
  readonly change: Change
  /**
   * For rules on updates: what is stored before, as a change to the example; `{}` is the example
   * itself. Several are stored one after the other, each a change to the one before.
   */
  readonly from?: Change | readonly Change[]
  /** What the answer has to say, the field first. */
  readonly says: RegExp
}

/** What a person has to say about the cases of one kind. */
export interface Handwritten {
  readonly refused?: readonly Refusal[]
  /** Changes to the example with which it is still taken. */
  readonly taken?: readonly Change[]
  /** Fields whose 0, false, [] or {} a rule refuses, and what it says. */
  readonly empty?: Readonly<Record<string, RegExp>>
  /** What else changes where a field is tried that the example does not have; a path stands for all below it. */
  readonly along?: Readonly<Record<string, Change>>
  /** Constraints that cannot be broken alone, as `<path> <what>`, each with the reason. */
  readonly uncovered?: Readonly<Record<string, string>>
}

/** By kind. */
export type HandwrittenKinds = Readonly<Record<string, Handwritten>>
