import type { Step } from '../../shared/contracts/outcomes.ts'
import { speak } from './speak.svelte.ts'

export const say = speak({
  zh: {
    title: '成效板',
    signInFirst: '讲师和工会干部请先登录',
    noRight: '这一页给讲师和工会干部看',
    periods: { ever: '一直以来', year: '今年', month: '近三十天' },
    steps: {
      enrolled: '报名',
      attended: '到课',
      rehearsed: '彩排',
      licensed: '持证',
      first_show: '首播',
      first_1000: '首个一千元',
      successful: '成功主播'
    } satisfies Record<Step, string>,
    meaning: {
      enrolled: '第一次报上一堂课（包括候补），不论后来有没有来',
      attended: '第一次在课上签到；签到被撤销、又没有别的签到，就不算',
      rehearsed: '第一次播完一场彩排',
      licensed: '第一次拿到直播带货的证书',
      first_show: '第一场公开直播有了画面',
      first_1000: '她店里买家实付（减去退款）第一次满 1,000 元',
      successful: '公开直播场数和实付金额都达到工会定的数'
    } satisfies Record<Step, string>,
    people: (n: number) => `${n.toLocaleString('zh-CN')} 人`,
    women: (share: number) => `女性 ${share}%`,
    sexUnknown: '性别未登记',
    classes: '开课',
    attendances: '签到人次',
    certificates: '发证',
    success: (shows: number, yuan: string) => `现在的标准：公开直播 ${shows} 场，实付 ${yuan} 元`,
    counted: '口径',
    table: '看表格',
    plot: '看图',
    step: '步骤',
    number: '人数',
    femaleNumber: '女性',
    xlsx: '下载表格（xlsx）',
    testMoney: '演示：金额包含演示收银台的付款',
    none: '还没有人走到这一步',
    nothing: '这段时间还没有。先排一堂课，让她们来报名。',
    toCalendar: '去排课',
    more: '再看一些',
    branchNone: '没有支会'
  },
  en: {
    title: 'Outcomes',
    signInFirst: 'Trainers and officers, please sign in',
    noRight: 'This page is for trainers and union officers',
    periods: { ever: 'Ever', year: 'This year', month: 'Last 30 days' },
    steps: {
      enrolled: 'Enrolled',
      attended: 'Attended',
      rehearsed: 'Rehearsed',
      licensed: 'Licensed',
      first_show: 'First show',
      first_1000: 'First 1,000 yuan',
      successful: 'Successful host'
    },
    meaning: {
      enrolled: 'Booked a class for the first time (the waitlist counts), whether she came or not',
      attended: 'Checked in to a class for the first time; not if it was taken back and there is no other',
      rehearsed: 'Finished her first rehearsal',
      licensed: 'Got her first live-selling certificate',
      first_show: 'Her first public show had a picture',
      first_1000: 'What buyers paid at her shop (less refunds) came to 1,000 yuan for the first time',
      successful: 'Public shows and money paid both reach what the union has set'
    },
    people: (n: number) => `${n.toLocaleString('en-GB')}`,
    women: (share: number) => `${share}% women`,
    sexUnknown: 'sex not on file',
    classes: 'Classes',
    attendances: 'Attendances',
    certificates: 'Certificates',
    success: (shows: number, yuan: string) => `At present: ${shows} public shows and ${yuan} yuan`,
    counted: 'What is counted',
    table: 'As a table',
    plot: 'As a plot',
    step: 'Step',
    number: 'People',
    femaleNumber: 'Women',
    xlsx: 'Download (xlsx)',
    testMoney: 'Demo: money of the demo cashier is counted',
    none: 'Nobody has come this far yet',
    nothing: 'Nothing in this time yet. Schedule a class, so that they can enrol.',
    toCalendar: 'Schedule',
    more: 'Show more',
    branchNone: 'no branch'
  }
})
