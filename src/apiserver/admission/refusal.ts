import type { UnknownObject } from '#src/api/object.ts'
import type { StatusDetails } from '#src/lib/api-error.ts'
import { serviceUnavailable, StatusError } from '../status-error.ts'
import type { Attributes } from './admission.ts'

/** What a refusal is about, as far as its words go. */
export type Subject = Pick<Attributes, 'resource' | 'name'> & {
  readonly object?: UnknownObject | undefined
}

export const groupResource = ({ resource }: Pick<Attributes, 'resource'>): string => {
  const { group, plural } = resource.kind
  return group ? `${plural}.${group}` : plural
}

const nameOf = ({ name, object }: Subject): string =>
  name || object?.metadata.name || object?.metadata.generateName || 'Unknown'

const detailsOf = (subject: Subject): StatusDetails & { name: string } => ({
  name: nameOf(subject),
  group: subject.resource.kind.group,
  kind: subject.resource.kind.plural,
})

/** 403 in the words that kube-apiserver has for what admission refuses. */
export const forbidden = (
  subject: Subject,
  message: string,
  causes?: StatusDetails['causes'],
): StatusError =>
  new StatusError(
    403,
    'Forbidden',
    `${groupResource(subject)} "${nameOf(subject)}" is forbidden: ${message}`,
    { ...detailsOf(subject), ...(causes && { causes }) },
  )

/** As `forbidden`, with another reason. */
export function refused(
  subject: Subject,
  message: string,
  reason: { readonly code: number; readonly reason: string },
  causes: NonNullable<StatusDetails['causes']>,
): StatusError {
  const like = forbidden(subject, message, causes)
  return new StatusError(reason.code, reason.reason, like.message, like.details)
}

/** 403 that says no more than this. */
export const plainlyForbidden = (
  subject: Subject,
  message: string,
  causes: NonNullable<StatusDetails['causes']>,
): StatusError => new StatusError(403, 'Forbidden', message, { ...detailsOf(subject), causes })

/** 500: something went wrong that is not the client's doing. */
export const internalError = (message: string): StatusError =>
  new StatusError(500, 'InternalError', `Internal error occurred: ${message}`, {
    causes: [{ message }],
  })

export const timedOut = (): StatusError =>
  new StatusError(504, 'Timeout', 'Timeout: request did not complete within requested timeout', {})

export const notReady = (): StatusError =>
  serviceUnavailable(
    'admission is not yet ready to handle requests: the watches on admission configurations have not seen everything yet',
  )
