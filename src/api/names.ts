/** The group of the kinds that are custom resources, and of those that kradle-apiserver serves. */
export const GROUP = 'kradle.a5c.ai'
export const ACTIVITY_GROUP = 'activity.kradle.a5c.ai'

/** Everything under this prefix on labels and annotations belongs to Kradle. */
export const PREFIX = 'kradle.a5c.ai/'

/** Where the platform's own objects live. */
export const PLATFORM_NAMESPACE = 'kradle-system'

/** Every tenant namespace is this plus the slug of its organisation. */
export const ORG_NAMESPACE_PREFIX = 'kradle-org-'

/** The longest slug: 63 characters of a namespace less the prefix (R11). */
export const SLUG_MAX_LENGTH = 63 - ORG_NAMESPACE_PREFIX.length

/** The most that the spec of a configuration object may take as JSON, in bytes of UTF-8 (R15). */
export const SPEC_MAX_BYTES = 256 * 1024

export const LABEL_ORG = `${PREFIX}org`
export const LABEL_OWNER_UID = `${PREFIX}owner-uid`
export const LABEL_MANAGED_BY = 'app.kubernetes.io/managed-by'
export const LABEL_PART_OF = 'app.kubernetes.io/part-of'
/** The process or hook that an object is of. */
export const LABEL_COMPONENT = 'app.kubernetes.io/component'
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

/** What a run says about itself on its Pods: labels. */
export const LABEL_DISPATCH_RUN = `${PREFIX}dispatch-run`
export const LABEL_AGENT_STACK = `${PREFIX}agent-stack`
export const LABEL_REPOSITORY = `${PREFIX}repository`
export const LABEL_TRIGGER_RULE = `${PREFIX}trigger-rule`
export const LABEL_SOURCE_KIND = `${PREFIX}source-kind`
export const LABEL_SOURCE_NAME = `${PREFIX}source-name`
export const LABEL_RUNNER_POOL = `${PREFIX}runner-pool`
export const LABEL_SERVICE_ACCOUNT = `${PREFIX}service-account`
export const LABEL_TRUST_TIER = `${PREFIX}trust-tier`

/** The same as annotations. */
export const ANNOTATION_REF = `${PREFIX}ref`
export const ANNOTATION_TRIGGER_SOURCE = `${PREFIX}trigger-source`
/** JSON: `"<secret>/<key>": "<purpose>"`. */
export const ANNOTATION_PURPOSES = `${PREFIX}purposes`

/** A Pod with any of these is of a run. */
export const RUN_LABELS: readonly string[] = [
  LABEL_DISPATCH_RUN,
  LABEL_AGENT_STACK,
  LABEL_REPOSITORY,
  LABEL_TRIGGER_RULE,
  LABEL_SOURCE_KIND,
  LABEL_SOURCE_NAME,
  LABEL_RUNNER_POOL,
  LABEL_SERVICE_ACCOUNT,
  LABEL_TRUST_TIER,
]

export const RUN_ANNOTATIONS: readonly string[] = [
  ANNOTATION_REF,
  ANNOTATION_TRIGGER_SOURCE,
  ANNOTATION_PURPOSES,
]

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

/** The version of it. */
export const ACTIVITY_VERSION = 'v1alpha1'

/** The APIService by which the API server hands requests for them on. */
export const ACTIVITY_API_SERVICE = `${ACTIVITY_VERSION}.${ACTIVITY_GROUP}`

/** The Secret with the certificate that kradle-apiserver serves. */
export const APISERVER_SECRET = 'kradle-apiserver-certificate'

/** The Service in front of kradle-apiserver. */
export const APISERVER_SERVICE = 'kradle-apiserver'
