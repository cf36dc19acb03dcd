#!/usr/bin/env node
import process from 'node:process'
import { check, usage as checkUsage } from './check.ts'
import { report, usage as reportUsage } from './report.ts'
import { policy, usage as policyUsage } from './policy.ts'

const print = (text: string): void => void process.stdout.write(text)
const [command, ...args] = process.argv.slice(2)

try {
  if (command === 'check') process.exitCode = await check(args, print)
  else if (command === 'policy') process.exitCode = await policy(args, print)
  else if (command === 'report') process.exitCode = await report(args, { print, env: process.env })
  else if (command === undefined || command === '--help' || command === '-h')
    print(`${checkUsage}\n${policyUsage}\n${reportUsage}`)
  else throw new Error(`"${command}" is no command; there are: check, policy, report`)
} catch (error) {
  process.stderr.write(`kradle: ${(error as Error).message}\n`)
  process.exitCode = 2
}
