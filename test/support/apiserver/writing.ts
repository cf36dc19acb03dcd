import type { Attributes } from '#src/apiserver/admission/admission.ts'
import type { Answer, ApiRequest } from '#src/apiserver/request.ts'
import type { WriteDeps } from '#src/apiserver/write/deps.ts'
import { writeHandlers, type WritingVerb } from '#src/apiserver/write/handlers.ts'
import type { UnknownObject } from '#src/api/object.ts'
import { plainDeps, requestOf } from './gadgets.ts'
import { memoryStore, type MemoryStore } from './memory-store.ts'
import { gadget, type Case, type Json } from './write-cases.ts'

/** The writing verbs on a store in memory, with a clock and dice that are known. */
export interface Writing {
  readonly store: MemoryStore
  readonly warnings: string[]
  /** What admission was asked, mutation left out. */
  readonly admitted: Attributes[]
  readonly ask: (request: Omit<Case, 'says'>, change?: Partial<ApiRequest>) => Promise<Answer>
  /** Stores it without more ado. */
  readonly put: (name: string, spec?: Json, metadata?: Json, more?: Json) => Promise<void>
  readonly stored: (name: string) => UnknownObject | undefined
}

export const NOW = '2027-01-15T08:00:00Z'

export function writing(change: Partial<WriteDeps> = {}): Writing {
  const store = memoryStore()
  const warnings: string[] = []
  const admitted: Attributes[] = []
  let uuids = 0
  const deps: WriteDeps = {
    ...plainDeps(store, { uuid: () => `uid-${(uuids += 1)}`, index: () => 0 }),
    clock: () => Date.parse(NOW),
    admission: {
      mutate: ({ object }) => Promise.resolve(object),
      validate: attributes => Promise.resolve(void admitted.push(attributes)),
    },
    ...change,
  }
  const handlers = writeHandlers(deps)
  return {
    store,
    warnings,
    admitted,
    ask(request, more) {
      const { body = '' } = request
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      const asked = { ...requestOf('n', { says: '', ...request }, text, warnings), ...more }
      return handlers[asked.verb as WritingVerb](asked)
    },
    async put(name, spec, metadata, more) {
      const object = gadget(
        name,
        { size: 1, ...spec },
        { namespace: 'n', uid: 'u', generation: 1, ...metadata },
        more,
      )
      await store.write(requestOf('n', { says: '', method: 'POST' }, '').resource, {
        type: 'create',
        object: object as unknown as UnknownObject,
      })
    },
    stored(name) {
      const entry = store.entries.get(`n/${name}`)
      return entry && (JSON.parse(entry.json) as UnknownObject)
    },
  }
}

/** The object of an answer that has one. */
export function objectOf(answer: Answer): UnknownObject {
  if (answer.type === 'entry') return JSON.parse(answer.entry.json) as UnknownObject
  if (answer.type === 'object') return answer.object
  throw new Error(`there is no object in ${answer.type}`)
}
