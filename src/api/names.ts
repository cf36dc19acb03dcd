/** Everything under this prefix on labels and annotations belongs to Kradle. */
export const PREFIX = 'kradle.a5c.ai/'

/** Where the platform's own objects live. */
export const PLATFORM_NAMESPACE = 'kradle-system'

/** Every tenant namespace is this plus the slug of its organisation. */
export const ORG_NAMESPACE_PREFIX = 'kradle-org-'

/** The longest slug: 63 characters of a namespace less the prefix (R11). */
export const SLUG_MAX_LENGTH = 63 - ORG_NAMESPACE_PREFIX.length

export const LABEL_ORG = `${PREFIX}org`
export const LABEL_OWNER_UID = `${PREFIX}owner-uid`
export const LABEL_MANAGED_BY = 'app.kubernetes.io/managed-by'
export const LABEL_PART_OF = 'app.kubernetes.io/part-of'
/**
 * Labels that rules look at, on any kind. A write that changes one of them is not just
 * about metadata.
 */
export const GUARDED_LABELS: readonly string[] = [
  'org',
  'owner-uid',
  'dispatch-run',
  'agent-stack',
  'repository',
  'trigger-rule',
  'source-kind',
  'source-name',
  'runner-pool',
  'service-account',
  'trust-tier',
].map(name => PREFIX + name)

/** The same for annotations. */
export const GUARDED_ANNOTATIONS: readonly string[] = [
  'ref',
  'trigger-source',
  'purposes',
  'confirm-delete',
].map(name => PREFIX + name)

export const ANNOTATION_CONFIRM_DELETE = `${PREFIX}confirm-delete`
export const FINALIZER_ORGANIZATION = `${PREFIX}organization`

/** The namespace of an organisation. */
export const orgNamespace = (slug: string): string => ORG_NAMESPACE_PREFIX + slug

/** The slug that a namespace name carries, or undefined where it carries none. */
export function slugOfNamespace(namespace: string): string | undefined {
  return namespace.startsWith(ORG_NAMESPACE_PREFIX)
    ? namespace.slice(ORG_NAMESPACE_PREFIX.length)
    : undefined
}

/** The Secret with the certificate the webhook server serves. */
export const WEBHOOK_SECRET = 'kradle-webhook-tls'

/** The name of both webhook configurations. */
export const WEBHOOK_CONFIGURATION = 'kradle'

/** The Service in front of the webhook server. */
export const WEBHOOK_SERVICE = 'kradle-webhook'
