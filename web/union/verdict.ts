import type { Answer } from '../../shared/contract.ts'
import type { previewImport } from '../../shared/contracts/register.ts'

type Verdict = Answer<typeof previewImport>['rows'][number]['verdict']

/** Whether a row of a sheet would be written: somebody new, or somebody known with newer words. */
export const canBeWritten = (verdict: Verdict) => verdict === 'new' || verdict === 'known'
