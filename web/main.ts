import { mount } from 'svelte'
import './theme.css'
import App from './App.svelte'
import { applySize } from './ui/size.svelte.ts'
import { tongue } from './words/speak.svelte.ts'

applySize()
tongue.choose(tongue.language)
mount(App, { target: document.getElementById('app')! })

/** The first page has the phone to itself for so long. */
const QUIET_MS = 2_000
const soon = () =>
  setTimeout(() => void import('./offline/start.ts').then((it) => it.startOffline()), QUIET_MS)
if (document.readyState === 'complete') soon()
else addEventListener('load', soon, { once: true })
