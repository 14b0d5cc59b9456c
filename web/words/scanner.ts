import { speak } from './speak.svelte.ts'

export const say = speak({
  zh: {
    picture: '相机画面',
    hold: '把二维码放进框里',
    asking: '正在打开相机',
    denied: '相机打不开。请在手机设置里允许本网页用相机，再试一次',
    insecure: '这个网址不能用相机，请用 https 开头的网址打开',
    again: '再试一次'
  },
  en: {
    picture: 'What the camera sees',
    hold: 'Hold the QR code inside the frame',
    asking: 'Opening the camera',
    denied: 'The camera does not open. Allow this page to use it, then try again',
    insecure: 'This address can’t use the camera; open the one that begins with https',
    again: 'Try again'
  }
})
