const SENSITIVE = /password|passwd|secret|token|credential|api[-_.]?key|private[-_.]?key/i

/** Whether the name of a key sounds as if its value were a secret (R61). */
export const isSensitiveKey = (key: string): boolean => SENSITIVE.test(key)
