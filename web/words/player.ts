import { speak } from './speak.svelte.ts'

export const say = speak({
  zh: {
    picture: '直播画面',
    loading: '正在打开画面',
    stalled: '网络有点慢，正在追上',
    away: '主播信号断了一下，马上回来',
    failed: '画面打不开，正在重试',
    again: '再试一次',
    sound: '打开声音',
    play: '点一下播放',
    toLive: '回到直播',
    replayAgain: '从头再看',
    position: '播放到'
  },
  en: {
    picture: 'Live picture',
    loading: 'Opening the picture',
    stalled: 'Slow network, catching up',
    away: 'The host lost signal and will be right back',
    failed: 'The picture does not open; trying again',
    again: 'Try again',
    sound: 'Turn on sound',
    play: 'Tap to play',
    toLive: 'Back to live',
    replayAgain: 'Watch again',
    position: 'Position'
  }
})
