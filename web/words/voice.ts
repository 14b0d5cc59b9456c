import { speak } from './speak.svelte.ts'

export const say = speak({
  zh: {
    recording: '正在录音',
    stop: '停',
    keep: '用这段',
    again: '重录',
    drop: '去掉录音',
    sending: '正在上传录音',
    denied: '麦克风打不开。请在手机设置里允许本网页用麦克风'
  },
  en: {
    recording: 'Recording',
    stop: 'Stop',
    keep: 'Use it',
    again: 'Again',
    drop: 'Remove the recording',
    sending: 'Uploading the recording',
    denied: 'The microphone does not open. Allow this page to use it'
  }
})
