import { celMethod, CelScalar, type CelFunc, type CelMap } from '@bufbuild/cel'
import { Opaque } from './opaque.ts'

const { BOOL, DYN, STRING } = CelScalar

/** What an expression asks the authorizer about. */
export interface Question {
  /** Whose rights; undefined is the requester. */
  readonly serviceAccount?: { readonly namespace: string; readonly name: string }
  readonly verb: string
  /** A path that is no resource. */
  readonly path?: string
  readonly group: string
  readonly resource: string
  readonly subresource: string
  readonly namespace: string
  readonly name: string
  readonly fieldSelector: string
  readonly labelSelector: string
}

export interface Verdict {
  readonly allowed: boolean
  readonly reason: string
  /** Why there is no answer; '' where there is one. */
  readonly error: string
}

/** Answers at once, or throws; see answers.ts. */
export type Ask = (question: Question) => Verdict

type Step = 'authorizer' | 'path' | 'group' | 'resource'
interface State {
  readonly step: Step
  readonly ask: Ask
  readonly question: Omit<Question, 'verb'>
}

const states = new Opaque<State>()
const verdicts = new Opaque<Verdict>()

const NOTHING = {
  group: '',
  resource: '',
  subresource: '',
  namespace: '',
  name: '',
  fieldSelector: '',
  labelSelector: '',
}

/** The variable `authorizer`. */
export const authorizer = (ask: Ask): CelMap =>
  states.wrap({ step: 'authorizer', ask, question: NOTHING })

/** The variable `authorizer.requestResource`. */
export const resourceAuthorizer = (
  ask: Ask,
  resource: Pick<Question, 'group' | 'resource' | 'subresource' | 'namespace' | 'name'>,
): CelMap => states.wrap({ step: 'resource', ask, question: { ...NOTHING, ...resource } })

/** A function that goes on from one step to the next. */
const step = (
  name: string,
  from: Step,
  to: Step,
  add: (text: string) => Partial<Omit<Question, 'verb'>>,
): CelFunc =>
  celMethod(name, DYN, [STRING], DYN, function (text) {
    const state = states.unwrap(this)
    if (state.step !== from) throw new Error('no such overload')
    return states.wrap({ ...state, step: to, question: { ...state.question, ...add(text) } })
  })

const field = (name: keyof typeof NOTHING): CelFunc =>
  step(name, 'resource', 'resource', text => ({ [name]: text }))

const filled = (what: string, text: string): string => {
  if (text.trim() === '') throw new Error(`${what} must not be empty`)
  return text
}

const NAME = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/
const isAccountName = (name: string): boolean =>
  name.length <= 253 && name.split('.').every(label => NAME.test(label))

/** The library `kubernetes.authz`. */
export const authorization: readonly CelFunc[] = [
  step('path', 'authorizer', 'path', path => ({ path: filled('path', path) })),
  step('group', 'authorizer', 'group', group => ({ group })),
  step('resource', 'group', 'resource', resource => ({ resource: filled('resource', resource) })),
  field('subresource'),
  field('namespace'),
  field('name'),
  field('fieldSelector'),
  field('labelSelector'),
  celMethod('serviceAccount', DYN, [STRING, STRING], DYN, function (namespace, name) {
    const state = states.unwrap(this)
    if (state.step !== 'authorizer') throw new Error('no such overload')
    if (!isAccountName(name)) throw new Error('Invalid service account name')
    if (namespace.length > 63 || !NAME.test(namespace))
      throw new Error('Invalid service account namespace')
    return states.wrap({
      ...state,
      question: { ...state.question, serviceAccount: { namespace, name } },
    })
  }),
  celMethod('check', DYN, [STRING], DYN, function (verb) {
    const { step: at, ask, question } = states.unwrap(this)
    if (at !== 'path' && at !== 'resource') throw new Error('no such overload')
    return verdicts.wrap(ask({ ...question, verb }))
  }),
  celMethod('allowed', DYN, [], BOOL, function () {
    return verdicts.unwrap(this).allowed
  }),
  celMethod('reason', DYN, [], STRING, function () {
    return verdicts.unwrap(this).reason
  }),
  celMethod('errored', DYN, [], BOOL, function () {
    return verdicts.unwrap(this).error !== ''
  }),
  celMethod('error', DYN, [], STRING, function () {
    return verdicts.unwrap(this).error
  }),
]
