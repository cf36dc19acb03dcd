import { celEnv } from '@bufbuild/cel'
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

/**
 * The language of admission policies and match conditions: that of rules, over values that have no schema, with
 * optionals and the libraries of Kubernetes.
 */
export const env = celEnv({
  re2: { compile: patternOf },
  funcs: [
    ...strings,
    ...SHARED.flatMap(name => [...rules.funcs.find(name)!]),
    ...plumbing,
    ...guarding,
    ...optionals,
    ...authorization,
    ...lists,
    ...regex,
    ...quantities,
  ],
})
