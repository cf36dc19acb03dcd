import process from 'node:process'
import { policy } from '#src/controllers/policy/index.ts'
import { main } from '#src/lib/main.ts'
import { reportApiFlag, reportApiOf } from '#src/scan/report-api.ts'

await main(flags => policy(reportApiOf(flags['report-api'])), process, {
  /** By which group Kyverno reports: wgpolicyk8s.io or openreports.io. */
  flags: { 'report-api': reportApiFlag },
})
