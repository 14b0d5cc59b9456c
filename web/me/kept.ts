import { session } from './session.svelte.ts'

/** Where this device keeps what she is writing: two women share a phone, and neither sends the other’s words. */
export const keptAs = (what: string) => `${what}:${session.me?.id ?? ''}`
