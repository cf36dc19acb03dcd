import { resourceOf, type Kind } from '#src/api/kind.ts'
import { quoted } from '#src/lib/schema/go-text.ts'
import { StatusError } from '../status-error.ts'

/** What only a write is refused for, in the words of kube-apiserver (k8s.io/apimachinery/pkg/api/errors). */

/** What the server itself could not do; no reason is given. */
export const failed = (message: string): StatusError => new StatusError(500, '', message)

const detailsOf = (kind: Kind, name: string) => ({
  name,
  group: kind.group,
  kind: kind.plural,
})

export const alreadyExists = (kind: Kind, name: string): StatusError =>
  new StatusError(
    409,
    'AlreadyExists',
    `${resourceOf(kind)} ${quoted(name)} already exists`,
    detailsOf(kind, name),
  )

/** Every name that was made up was taken. */
export const noNameLeft = (kind: Kind, name: string): StatusError =>
  new StatusError(
    409,
    'AlreadyExists',
    `${resourceOf(kind)} ${quoted(name)} already exists, the server was not able to generate a unique name for the object`,
    { ...detailsOf(kind, name), retryAfterSeconds: 1 },
  )

/** Another object holds what one of the kind at most may hold. */
export const claimTaken = (kind: Kind, name: string, holder: string): StatusError =>
  new StatusError(
    409,
    'AlreadyExists',
    `${resourceOf(kind)} ${quoted(name)} already exists under the name ${quoted(holder)}`,
    detailsOf(kind, holder),
  )

export const CHANGED =
  'the object has been modified; please apply your changes to the latest version and try again'

/** `resource` is how the message and the details call it. */
export const conflict = (
  kind: Kind,
  name: string,
  why: string,
  resource = kind.plural,
): StatusError =>
  new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${resource}.${kind.group} ${quoted(name)}: ${why}`,
    { name, group: kind.group, kind: resource },
  )
