import { speak } from './speak.svelte.ts'

/** Photos of papers, wherever they are handed in or looked at. */
export const say = speak({
  zh: {
    photo: (n: number) => `第 ${n} 张照片`,
    add: '拍一张',
    sending: (percent: number) => `正在传 ${percent}%`,
    drop: (n: number) => `去掉第 ${n} 张`
  },
  en: {
    photo: (n: number) => `Photo ${n}`,
    add: 'Take a photo',
    sending: (percent: number) => `Sending ${percent}%`,
    drop: (n: number) => `Drop photo ${n}`
  }
})
