import deciderIsAnother from './agentapproval/decider-is-another.ts'
import poolAdmitsIt from './agentdispatchrun/pool-admits-it.ts'
import stackIsReady from './agentdispatchrun/stack-is-ready.ts'
import workspaceIsItsOwn from './agentdispatchrun/workspace-is-its-own.ts'
import targetIsAllowed from './kradleartifact/target-is-allowed.ts'
import authorIsFilledIn from './activity-author/author-is-filled-in.ts'
import authorIsTheRequester from './activity-author/author-is-the-requester.ts'
import configMapExists from './agentconfiggrant/configmap-exists.ts'
import keysAreNotSensitive from './agentconfiggrant/keys-are-not-sensitive.ts'
import roleIsHeld from './agentrolebinding/role-is-held.ts'
import secretExists from './agentsecretgrant/secret-exists.ts'
import accountIsFree from './agentserviceaccount/account-is-free.ts'
import approvalModeIsSafe from './agentstack/approval-mode-is-safe.ts'
import mcpServersAdmitIt from './agentstack/mcp-servers-admit-it.ts'
import labelsAdmitSources from './agenttriggerrule/labels-admit-sources.ts'
import recordStays from './artifactdownload/record-stays.ts'
import versionIsOfTheFeed from './artifactdownload/version-is-of-the-feed.ts'
import publisherMayWrite from './artifactversion/publisher-may-write.ts'
import timeIsFilledIn from './artifactversion/time-is-filled-in.ts'
import typeIsTheFeeds from './artifactversion/type-is-the-feeds.ts'
import poolTakesIt from './ci-work/pool-takes-it.ts'
import bindingIsOfTheProvider from './external-activity/binding-is-of-the-provider.ts'
import labelsAgree from './external-activity/labels-agree.ts'
import labelsAreFilledIn from './external-activity/labels-are-filled-in.ts'
import ownerLeads from './external-activity/owner-leads.ts'
import requiredIsDerived from './external-activity/required-is-derived.ts'
import interfacesAreSupported from './externalbackendbinding/interfaces-are-supported.ts'
import typeIsKnown from './externalbackendprovider/type-is-known.ts'
import webhookIsVerified from './externalbackendprovider/webhook-is-verified.ts'
import approvalIsNotWaived from './externalwriteintent/approval-is-not-waived.ts'
import bindingWrites from './externalwriteintent/binding-writes.ts'
import carriesNoSecret from './externalwriteintent/carries-no-secret.ts'
import decisionIsPermitted from './externalwriteintent/decision-is-permitted.ts'
import keyIsFilledIn from './externalwriteintent/key-is-filled-in.ts'
import subjectIsUnique from './identitymapping/subject-is-unique.ts'
import acceptanceIsInTime from './invite/acceptance-is-in-time.ts'
import commentAuthorIsFilledIn from './issue/comment-author-is-filled-in.ts'
import commentsAreTheirAuthors from './issue/comments-are-their-authors.ts'
import followsItsPipeline from './job/follows-its-pipeline.ts'
import trustIsFilledIn from './job/trust-is-filled-in.ts'
import runtimeSupportsFormat from './kradleinferenceservice/runtime-supports-format.ts'
import deletionIsNoticed from './org-scoped/deletion-is-noticed.ts'
import nameIsNormalised from './org-scoped/name-is-normalised.ts'
import namespaceIsBound from './org-scoped/namespace-is-bound.ts'
import objectIsSmall from './org-scoped/object-is-small.ts'
import organizationIsFilledIn from './org-scoped/organization-is-filled-in.ts'
import referencesExist from './org-scoped/references-exist.ts'
import deletionIsConfirmed from './organization/deletion-is-confirmed.ts'
import deletionIsRepaired from './orgnamespacebinding/deletion-is-repaired.ts'
import organizationExists from './orgnamespacebinding/organization-exists.ts'
import forksAreUntrusted from './pipeline/forks-are-untrusted.ts'
import rerunIsOfTheSame from './pipeline/rerun-is-of-the-same.ts'
import namespaceIsThePlatforms from './platform-scoped/namespace-is-the-platforms.ts'
import accountLimitsHold from './pod/account-limits-hold.ts'
import debuggingIsPermitted from './pod/debugging-is-permitted.ts'
import keysAreGranted from './pod/keys-are-granted.ts'
import untrustedIsContained from './pod/untrusted-is-contained.ts'
import deciderOfExceptionIsAnother from './policyexceptionrequest/decider-is-another.ts'
import deciderIsAnApprover from './policyexceptionrequest/decider-is-an-approver.ts'
import expiryIsBounded from './policyexceptionrequest/expiry-is-bounded.ts'
import peopleAreFilledIn from './policyexceptionrequest/people-are-filled-in.ts'
import policyAdmitsIt from './policyexceptionrequest/policy-admits-it.ts'
import requesterIsTheWriter from './policyexceptionrequest/requester-is-the-writer.ts'
import mergeIsReady from './pullrequest/merge-is-ready.ts'
import commitIsFilledIn from './review/commit-is-filled-in.ts'
import reviewerIsAnother from './review/reviewer-is-another.ts'
import writerMayUseTheAccount from './stack-part/writer-may-use-the-account.ts'
import peopleOnlyReplay from './webhookdelivery/people-only-replay.ts'
import replayIsFilledIn from './webhookdelivery/replay-is-filled-in.ts'

/** Everything that may refuse a write; the key is the file, and its name in messages, metrics and docs. */
export const rules = {
  'agentapproval/decider-is-another': deciderIsAnother,
  'agentdispatchrun/pool-admits-it': poolAdmitsIt,
  'agentdispatchrun/stack-is-ready': stackIsReady,
  'agentdispatchrun/workspace-is-its-own': workspaceIsItsOwn,
  'kradleartifact/target-is-allowed': targetIsAllowed,
  'activity-author/author-is-the-requester': authorIsTheRequester,
  'agentconfiggrant/configmap-exists': configMapExists,
  'agentconfiggrant/keys-are-not-sensitive': keysAreNotSensitive,
  'agentrolebinding/role-is-held': roleIsHeld,
  'agentsecretgrant/secret-exists': secretExists,
  'agentserviceaccount/account-is-free': accountIsFree,
  'agentstack/approval-mode-is-safe': approvalModeIsSafe,
  'agentstack/mcp-servers-admit-it': mcpServersAdmitIt,
  'agenttriggerrule/labels-admit-sources': labelsAdmitSources,
  'artifactdownload/record-stays': recordStays,
  'artifactdownload/version-is-of-the-feed': versionIsOfTheFeed,
  'artifactversion/publisher-may-write': publisherMayWrite,
  'artifactversion/type-is-the-feeds': typeIsTheFeeds,
  'ci-work/pool-takes-it': poolTakesIt,
  'external-activity/binding-is-of-the-provider': bindingIsOfTheProvider,
  'external-activity/labels-agree': labelsAgree,
  'external-activity/owner-leads': ownerLeads,
  'externalbackendbinding/interfaces-are-supported': interfacesAreSupported,
  'externalbackendprovider/type-is-known': typeIsKnown,
  'externalbackendprovider/webhook-is-verified': webhookIsVerified,
  'externalwriteintent/approval-is-not-waived': approvalIsNotWaived,
  'externalwriteintent/binding-writes': bindingWrites,
  'externalwriteintent/carries-no-secret': carriesNoSecret,
  'externalwriteintent/decision-is-permitted': decisionIsPermitted,
  'identitymapping/subject-is-unique': subjectIsUnique,
  'invite/acceptance-is-in-time': acceptanceIsInTime,
  'issue/comments-are-their-authors': commentsAreTheirAuthors,
  'job/follows-its-pipeline': followsItsPipeline,
  'kradleinferenceservice/runtime-supports-format': runtimeSupportsFormat,
  'org-scoped/deletion-is-noticed': deletionIsNoticed,
  'org-scoped/name-is-normalised': nameIsNormalised,
  'org-scoped/namespace-is-bound': namespaceIsBound,
  'org-scoped/object-is-small': objectIsSmall,
  'org-scoped/references-exist': referencesExist,
  'organization/deletion-is-confirmed': deletionIsConfirmed,
  'orgnamespacebinding/deletion-is-repaired': deletionIsRepaired,
  'orgnamespacebinding/organization-exists': organizationExists,
  'pipeline/forks-are-untrusted': forksAreUntrusted,
  'pipeline/rerun-is-of-the-same': rerunIsOfTheSame,
  'platform-scoped/namespace-is-the-platforms': namespaceIsThePlatforms,
  'pod/account-limits-hold': accountLimitsHold,
  'pod/debugging-is-permitted': debuggingIsPermitted,
  'pod/keys-are-granted': keysAreGranted,
  'pod/untrusted-is-contained': untrustedIsContained,
  'policyexceptionrequest/decider-is-another': deciderOfExceptionIsAnother,
  'policyexceptionrequest/decider-is-an-approver': deciderIsAnApprover,
  'policyexceptionrequest/expiry-is-bounded': expiryIsBounded,
  'policyexceptionrequest/policy-admits-it': policyAdmitsIt,
  'policyexceptionrequest/requester-is-the-writer': requesterIsTheWriter,
  'pullrequest/merge-is-ready': mergeIsReady,
  'review/reviewer-is-another': reviewerIsAnother,
  'stack-part/writer-may-use-the-account': writerMayUseTheAccount,
  'webhookdelivery/people-only-replay': peopleOnlyReplay,
} as const

/** Everything that may fill in a field. */
export const mutations = {
  'activity-author/author-is-filled-in': authorIsFilledIn,
  'artifactversion/time-is-filled-in': timeIsFilledIn,
  'external-activity/labels-are-filled-in': labelsAreFilledIn,
  'external-activity/required-is-derived': requiredIsDerived,
  'externalwriteintent/key-is-filled-in': keyIsFilledIn,
  'issue/comment-author-is-filled-in': commentAuthorIsFilledIn,
  'job/trust-is-filled-in': trustIsFilledIn,
  'org-scoped/organization-is-filled-in': organizationIsFilledIn,
  'policyexceptionrequest/people-are-filled-in': peopleAreFilledIn,
  'review/commit-is-filled-in': commitIsFilledIn,
  'webhookdelivery/replay-is-filled-in': replayIsFilledIn,
} as const
