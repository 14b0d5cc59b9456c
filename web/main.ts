import { mount } from 'svelte'
import './theme.css'
import App from './App.svelte'
import { applySize } from './ui/size.svelte.ts'
import { tongue } from './words/speak.svelte.ts'

applySize()
tongue.choose(tongue.language)
mount(App, { target: document.getElementById('app')! })
