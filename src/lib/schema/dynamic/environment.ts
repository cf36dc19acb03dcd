import { celEnv, type CelEnv, type CelFunc } from '@bufbuild/cel'
import { strings } from '@bufbuild/cel/ext'
import { env as rules } from '../cel-env.ts'
import { patternOf } from '../pattern.ts'
import { authorization } from './authorizer.ts'
import { guarding } from './guard.ts'
import { plumbing } from './functions.ts'
import { lists } from './lists.ts'
import { optionals } from './optional.ts'
import { quantities } from './quantities.ts'
import { regex } from './regex.ts'

/** Those of rules that hold here, too: what they take is what Go takes. */
const SHARED = ['int', 'double', 'string', 'duration', 'timestamp', '@in']

const functions: readonly CelFunc[] = [
  ...strings,
  ...SHARED.flatMap(name => [...rules.funcs.find(name)!]),
  ...plumbing,
  ...guarding,
  ...optionals,
  ...authorization,
  ...lists,
  ...regex,
  ...quantities,
]

/** The language with functions that somebody else has besides; those of the same name come instead of ours. */
export function environmentWith(more: readonly CelFunc[]): CelEnv {
  const names = new Set(more.map(({ name }) => name))
  return celEnv({
    re2: { compile: patternOf },
    funcs: [...functions.filter(({ name }) => !names.has(name)), ...more],
  })
}

/**
 * The language of admission policies and match conditions: that of rules, over values that have no schema, with
 * optionals and the libraries of Kubernetes.
 */
export const env = environmentWith([])
