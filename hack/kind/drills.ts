/** Files of test/kind, in an order in which each finds what it needs: the last ones take Kradle itself away. */
export const drills: readonly string[] = [
  'image',
  'rolling-update',
  'certificates',
  'postgresql',
  'restore',
  'leader',
  'tampering',
  'policies',
  'webhook-away',
  'upgrade',
  'uninstall',
]
