import type { UnknownObject } from '#src/api/object.ts'
import type { Forms, Table } from '../http/forms.ts'
import type { Entry } from '../storage/store.ts'
import { forms as made } from './forms.ts'

const parsed = ({ json }: Entry): UnknownObject => JSON.parse(json) as UnknownObject

/** The forms as the server asks for them: entries are parsed here, and nowhere else on the way out. */
export const forms: Forms = {
  tableOf: (resource, of, includeObject) =>
    (Array.isArray(of)
      ? made.tableListOf(
          resource,
          (of as readonly Entry[]).map(parsed),
          { resourceVersion: '' },
          includeObject,
        )
      : made.tableOf(resource, of as UnknownObject, includeObject)) as Table,
  partialOf: made.partialOf,
}
