/**
 * What looks like a credential, whatever it stands in: private keys, tokens of well known providers, headers that sign
 * in, and addresses with a password. None of these occurs in plain writing.
 */
const CREDENTIALS: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\b(?:gh[opsur]_[A-Za-z0-9]{36,}|github_pat_\w{22,}|glpat-[\w-]{20,}|xox[abprs]-[\w-]{10,})/,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\bsk-[A-Za-z0-9_-]{20,}/,
  /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/,
  /\bauthorization["']?\s*[:=]\s*["']?(?:basic|bearer|token)\s+\S{8,}/i,
  /\bhttps?:\/\/[^\s/:@]+:[^\s/@]+@/i,
]

/** Whether there is something in a text that looks like a credential. */
export const holdsCredential = (text: string): boolean =>
  CREDENTIALS.some(pattern => pattern.test(text))
