import type { Answer } from '../../shared/contract.ts'
import type { previewImport } from '../../shared/contracts/register.ts'
import { Refusal } from '../../shared/refusal.ts'

type Verdict = Answer<typeof previewImport>['rows'][number]['verdict']

/** Whether a row of a sheet would be written: somebody new, or somebody known with newer words. */
export const canBeWritten = (verdict: Verdict) => verdict === 'new' || verdict === 'known'

/** A preview is good for one writing: once that is refused, the sheet must be chosen again. A lost network refuses nothing. */
export const isSpent = (error: unknown) => error instanceof Refusal
