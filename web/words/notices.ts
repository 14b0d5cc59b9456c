import type { CaseKind } from '../../shared/contracts/cases.ts'
import type { DocumentKind } from '../../shared/contracts/licences.ts'
import type { Notice, NoticeKind } from '../../shared/contracts/notices.ts'
import type { HideReason } from '../../shared/contracts/reviews.ts'
import type { Carrier } from '../../shared/parcel.ts'
import { carriers } from './carriers.ts'
import { hideReasons } from './hide-reasons.ts'
import { speak } from './speak.svelte.ts'
import { aboutWhen, momentOf } from './when.ts'

/** The words of a notice: what happened, and the rest of it in a second line. */
interface Told {
  title: string
  more: string
}

/** What a notice brings, with its moments as words; empty where it brings none. */
interface About {
  word(name: string): string
  when(name: string): string
  /** A moment that nobody knows to the minute. */
  roughly(name: string): string
}

/** What is known, in a row; what is not known leaves no gap. */
const row = (...words: (string | false)[]) => words.filter(Boolean).join(' · ')

const names = speak<{ documents: Record<DocumentKind, string>; cases: Record<CaseKind, string> }>({
  zh: {
    documents: {
      health: '健康证',
      food_licence: '食品经营许可证',
      food_filing: '预包装食品备案',
      authorisation: '授权书',
      guardian_consent: '监护人同意书'
    },
    cases: {
      join: '入会申请',
      transfer: '转支会申请',
      leave: '退会申请',
      document: '交的证件',
      compensation: '坏单包赔'
    }
  },
  en: {
    documents: {
      health: 'health certificate',
      food_licence: 'food licence',
      food_filing: 'pre-packed food filing',
      authorisation: 'authorisation',
      guardian_consent: 'guardian’s consent'
    },
    cases: {
      join: 'request to join',
      transfer: 'transfer',
      leave: 'request to leave',
      document: 'document',
      compensation: 'compensation'
    }
  }
})
const documentOf = ({ word }: About) => names.documents[word('kind') as DocumentKind] ?? word('document')
const caseOf = ({ word }: About, other: string) => names.cases[word('kind') as CaseKind] ?? other

const carrierOf = ({ word }: About) => carriers[word('carrier') as Carrier] ?? ''

const sentences = speak<Record<NoticeKind, (about: About) => Told>>({
  zh: {
    seat_offered: ({ word, when }) => ({
      title: `候补到您了：${word('title')}`,
      more: row(when('startsAt'), word('place'), '不能来请退掉，让给后面的姐妹')
    }),
    class_booked_for_you: ({ word, when }) => ({
      title: `${word('state') === 'waiting' ? '工会替您排了候补' : '工会替您报了名'}：${word('title')}`,
      more: row(when('startsAt'), word('place'))
    }),
    class_moved: ({ word, when }) => ({
      title: `${word('title')}改了`,
      more: row(
        `现在是 ${when('startsAt')}`,
        word('place'),
        `原来是 ${when('wasStartsAt')}`,
        word('wasPlace')
      )
    }),
    class_cancelled: ({ word, when }) => ({
      title: `${word('title')}取消了`,
      more: row(word('reason'), when('startsAt'))
    }),
    class_taken_off: ({ word, when }) => ({
      title: `${word('was') === 'waiting' ? '工会给您退了候补' : '工会给您退了名'}：${word('title')}`,
      more: row(when('startsAt'), word('place'), word('by') && `${word('by')}退的，有疑问请问她`)
    }),
    class_to_teach: ({ word, when }) => ({
      title: `请您上课：${word('title')}`,
      more: row(
        when('startsAt'),
        word('place'),
        Number(word('weeks')) > 1 && `每周一次，共 ${word('weeks')} 次`,
        `${word('by')}排的`
      )
    }),
    class_handed_over: ({ word, when }) => ({
      title: `这堂课换人上了：${word('title')}`,
      more: row(when('startsAt'), `${word('by')}改的，您不用去了`)
    }),
    homework_commented: ({ word }) => ({ title: `${word('by')}点评了您的作业`, more: word('title') }),
    homework_set: ({ word }) => ({ title: `${word('by')}给您留了作业`, more: word('words') }),
    assessed: ({ word }) => ({
      title: word('passed') === 'yes' ? '实操过关了' : '实操的分出来了，再练练',
      more: row(word('title'), `${word('by')}打了 ${word('percent')} 分`)
    }),
    certificate_issued: ({ word }) => ({
      title: `拿到证书了：${word('title')}`,
      more: '点开看证书和二维码'
    }),
    certificate_revoked: ({ word }) => ({ title: `证书撤销了：${word('title')}`, more: word('reason') }),
    mentorship_offered: ({ word }) => ({
      title: '请您签师徒协议',
      more: row(`师傅${word('mentor')}`, `徒弟${word('apprentice')}`)
    }),
    mentorship_closed: ({ word }) => ({
      title: word('graduated') === 'yes' ? '出师了，恭喜' : '这段师徒结束了',
      more: row(`师傅${word('mentor')}`, `徒弟${word('apprentice')}`, word('reason'))
    }),
    mentor_task: ({ word }) => ({ title: `师傅${word('mentor')}给您的任务`, more: word('title') }),
    mentor_task_shown: ({ word }) => ({
      title: `徒弟${word('apprentice')}交了任务，请看看`,
      more: word('title')
    }),
    document_due: (about) => ({
      title:
        Number(about.word('days')) > 0
          ? `您的${documentOf(about)}还有 ${about.word('days')} 天到期`
          : `您的${documentOf(about)}到期了`,
      more: Number(about.word('days')) > 0 ? '请尽快更新' : '更新以前不能开播'
    }),
    document_checked: (about) => ({
      title:
        about.word('good') === 'yes' ? `${documentOf(about)}看过了，可以用` : `${documentOf(about)}没通过`,
      more: about.word('reason')
    }),
    case_decided: (about) => ({
      title: `${caseOf(about, '您办的事')}${about.word('decision') === 'approved' ? '通过了' : '没有通过'}`,
      more: about.word('words')
    }),
    case_asked: (about) => ({
      title: `${caseOf(about, '您办的事')}：工会有话问您`,
      more: about.word('words')
    }),
    show_paused: ({ word }) => ({
      title: `直播暂停了：${word('title')}`,
      more: '师傅走开了两分钟，她回到场控台就能接着播'
    }),
    paid_out: ({ word }) => ({ title: `工会打款了：¥${word('yuan')}`, more: word('payee') }),
    bank_changed: ({ word }) => ({
      title: '您的收款账号换了',
      more: row(word('shown'), '不是您换的，请马上找工会')
    }),
    voucher_redeemed: ({ word, when }) => ({
      title: `券用掉了：${word('title')}`,
      more: row(when('at'), word('gate'), '不是您用的，请马上找店家或工会')
    }),
    voucher_undone: ({ word }) => ({
      title: `券又能用了：${word('title')}`,
      more: row('店家撤销了刚才的核销', word('words'))
    }),
    voucher_expired: ({ word }) => ({ title: `券过期了：${word('title')}`, more: '没用掉，钱自动退给您' }),
    refunded: ({ word }) => ({ title: `退款到账：¥${word('yuan')}`, more: '原路退回，银行可能要几天才到' }),
    compensation_decided: ({ word }) => ({
      title:
        word('decision') === 'approved'
          ? `坏单赔您 ¥${word('yuan')}：${word('title')}`
          : `坏单没有赔：${word('title')}`,
      more: word('words')
    }),
    bad_goods: ({ word }) => ({
      title: `有买家报坏单：${word('title')}`,
      more:
        word('state') === 'granted'
          ? `按规矩赔了 ¥${word('yuan')}，点开看照片`
          : `要赔 ¥${word('yuan')}，工会在看，点开看照片`
    }),
    goods_coming_back: ({ word }) => ({
      title: `有货退回来：${word('title')}`,
      more: '收到了请点“收到退货”'
    }),
    return_refused: ({ word }) => ({ title: '退货没有退成', more: word('words') }),
    reviewed: ({ word }) => ({
      title: `有新评价：${word('title')}`,
      more: row(`${word('stars')} 星`, word('words'))
    }),
    review_replied: ({ word }) => ({ title: `店主回复了您的评价：${word('title')}`, more: word('words') }),
    review_hidden: ({ word }) => ({
      title: `您的评价被隐藏了：${word('title')}`,
      more: row(hideReasons[word('reason') as HideReason] ?? '', word('words'))
    }),
    review_shown: ({ word }) => ({ title: `您的评价又能看到了：${word('title')}`, more: word('words') }),
    review_judged: ({ word }) => ({
      title: `您请工会看的评价${word('decision') === 'hidden' ? '隐藏了' : '照旧留着'}：${word('title')}`,
      more: word('words')
    }),
    sale_stopped: ({ word }) => ({ title: `直播停售了：${word('title')}`, more: word('reason') }),
    goods_taken_off: ({ word }) => ({
      title: `有的货下了小黄车：${word('goods')}`,
      more: row(word('title'), '差了证，点开看看怎么补')
    }),
    stock_offered: ({ word, when }) => ({
      title: `候补到您了：${word('title')}`,
      more: row(
        word('spec'),
        word('qty') === word('wanted') ? `${word('qty')} 份` : `先到 ${word('qty')} 份，都给您留着`,
        `留到 ${when('until')}`
      )
    }),
    stock_lapsed: ({ word }) => ({
      title: `给您留的${word('title')}过时了`,
      more: row(word('spec'), '已经让给后面的人，还想要可以再候补')
    }),
    lot_moved: ({ word, when }) => ({
      title: `预售的${word('title')}改了到岸时间`,
      more: row(`现在是 ${when('landsAt')}`, `原来是 ${when('was')}`)
    }),
    parcel_shipped: (about) => ({
      title: `寄出了：${about.word('title')}`,
      more: row(
        carrierOf(about),
        about.word('number'),
        about.roughly('arrivesAt') && `估计${about.roughly('arrivesAt')}到`
      )
    }),
    parcel_due: ({ word, when }) => ({
      title: `该到了：${word('title')}`,
      more: row('收到请点“收到了”，有坏的当场拍照', when('movesAt') && `不点的话 ${when('movesAt')} 自动收货`)
    }),
    parcel_received: ({ word }) => ({
      title: `自动收货了：${word('title')}`,
      more: '有坏的请尽快点开报坏单；还没到也请点开说一声'
    }),
    lot_lost: ({ word }) => ({
      title: `预售的${word('title')}没能到岸`,
      more: row(word('reason'), word('paid') === 'yes' ? '钱原路退回' : '订单取消了，没有扣钱')
    })
  },
  en: {
    seat_offered: ({ word, when }) => ({
      title: `A seat is yours: ${word('title')}`,
      more: row(when('startsAt'), word('place'), 'if you can’t come, please give it back')
    }),
    class_booked_for_you: ({ word, when }) => ({
      title: `The union ${word('state') === 'waiting' ? 'put you on the waitlist' : 'enrolled you'}: ${word('title')}`,
      more: row(when('startsAt'), word('place'))
    }),
    class_moved: ({ word, when }) => ({
      title: `${word('title')} has moved`,
      more: row(`now ${when('startsAt')}`, word('place'), `was ${when('wasStartsAt')}`, word('wasPlace'))
    }),
    class_cancelled: ({ word, when }) => ({
      title: `${word('title')} is cancelled`,
      more: row(word('reason'), when('startsAt'))
    }),
    homework_commented: ({ word }) => ({
      title: `${word('by')} commented on your homework`,
      more: word('title')
    }),
    class_taken_off: ({ word, when }) => ({
      title: `The union took you off ${word('was') === 'waiting' ? 'the waitlist' : 'the list'}: ${word('title')}`,
      more: row(when('startsAt'), word('place'), word('by') && `by ${word('by')}; ask her if you wonder why`)
    }),
    class_to_teach: ({ word, when }) => ({
      title: `A class for you to teach: ${word('title')}`,
      more: row(
        when('startsAt'),
        word('place'),
        Number(word('weeks')) > 1 && `every week, ${word('weeks')} times`,
        `scheduled by ${word('by')}`
      )
    }),
    class_handed_over: ({ word, when }) => ({
      title: `Somebody else teaches ${word('title')}`,
      more: row(when('startsAt'), `changed by ${word('by')}; you need not come`)
    }),
    homework_set: ({ word }) => ({ title: `Homework from ${word('by')}`, more: word('words') }),
    assessed: ({ word }) => ({
      title:
        word('passed') === 'yes'
          ? 'You passed the practical'
          : 'Your practical was marked; practise once more',
      more: row(word('title'), `${word('by')}: ${word('percent')}%`)
    }),
    certificate_issued: ({ word }) => ({
      title: `You have the certificate: ${word('title')}`,
      more: 'Open it with its QR code'
    }),
    certificate_revoked: ({ word }) => ({
      title: `Certificate revoked: ${word('title')}`,
      more: word('reason')
    }),
    mentorship_offered: ({ word }) => ({
      title: 'A mentorship waits for your signature',
      more: row(`mentor ${word('mentor')}`, `apprentice ${word('apprentice')}`)
    }),
    mentorship_closed: ({ word }) => ({
      title:
        word('graduated') === 'yes' ? 'Graduated: congratulations' : 'This mentorship has come to its end',
      more: row(`mentor ${word('mentor')}`, `apprentice ${word('apprentice')}`, word('reason'))
    }),
    mentor_task: ({ word }) => ({
      title: `A task from your mentor ${word('mentor')}`,
      more: word('title')
    }),
    mentor_task_shown: ({ word }) => ({
      title: `Your apprentice ${word('apprentice')} showed a task`,
      more: word('title')
    }),
    document_due: (about) => ({
      title:
        Number(about.word('days')) > 0
          ? `Your ${documentOf(about)} runs out in ${about.word('days')} days`
          : `Your ${documentOf(about)} has run out`,
      more: Number(about.word('days')) > 0 ? 'Please renew it' : 'No live shows until it is renewed'
    }),
    document_checked: (about) => ({
      title: `Your ${documentOf(about)} ${about.word('good') === 'yes' ? 'is good' : 'was refused'}`,
      more: about.word('reason')
    }),
    case_decided: (about) => ({
      title: `Your ${caseOf(about, 'request')} was ${about.word('decision') === 'approved' ? 'approved' : 'refused'}`,
      more: about.word('words')
    }),
    case_asked: (about) => ({
      title: `Your ${caseOf(about, 'request')}: the union has a question`,
      more: about.word('words')
    }),
    show_paused: ({ word }) => ({
      title: `Your show is paused: ${word('title')}`,
      more: 'Your mentor has been away for two minutes; it goes on when she is back at the desk'
    }),
    paid_out: ({ word }) => ({ title: `The union paid you ¥${word('yuan')}`, more: word('payee') }),
    bank_changed: ({ word }) => ({
      title: 'Your bank account was changed',
      more: row(word('shown'), 'if it was not you, tell the union at once')
    }),
    voucher_redeemed: ({ word, when }) => ({
      title: `Voucher used: ${word('title')}`,
      more: row(when('at'), word('gate'), 'If that was not you, ask the shop or the union at once')
    }),
    voucher_undone: ({ word }) => ({
      title: `Your voucher is good again: ${word('title')}`,
      more: row('The shop took the redemption back', word('words'))
    }),
    voucher_expired: ({ word }) => ({
      title: `Your voucher ran out: ${word('title')}`,
      more: 'It was not used; the money comes back by itself'
    }),
    refunded: ({ word }) => ({ title: `Paid back: ¥${word('yuan')}`, more: 'The bank may take some days' }),
    compensation_decided: ({ word }) => ({
      title:
        word('decision') === 'approved'
          ? `You get ¥${word('yuan')} for ${word('title')}`
          : `Nothing is paid for ${word('title')}`,
      more: word('words')
    }),
    bad_goods: ({ word }) => ({
      title: `A buyer reports bad goods: ${word('title')}`,
      more:
        word('state') === 'granted'
          ? `¥${word('yuan')} was paid by rule; open it for the photos`
          : `¥${word('yuan')} is asked, the union looks at it; open it for the photos`
    }),
    goods_coming_back: ({ word }) => ({
      title: `Goods come back: ${word('title')}`,
      more: 'Say so when you have them'
    }),
    return_refused: ({ word }) => ({ title: 'The return was refused', more: word('words') }),
    reviewed: ({ word }) => ({
      title: `A new review: ${word('title')}`,
      more: row(`${word('stars')} of 5 stars`, word('words'))
    }),
    review_replied: ({ word }) => ({
      title: `Your review of ${word('title')} was answered`,
      more: word('words')
    }),
    review_hidden: ({ word }) => ({
      title: `Your review of ${word('title')} was hidden`,
      more: row(hideReasons[word('reason') as HideReason] ?? '', word('words'))
    }),
    review_shown: ({ word }) => ({
      title: `Your review of ${word('title')} is shown again`,
      more: word('words')
    }),
    review_judged: ({ word }) => ({
      title: `The review of ${word('title')} that you asked about ${word('decision') === 'hidden' ? 'is hidden' : 'stays'}`,
      more: word('words')
    }),
    sale_stopped: ({ word }) => ({ title: `Sale is stopped: ${word('title')}`, more: word('reason') }),
    goods_taken_off: ({ word }) => ({
      title: `Taken off the shelf: ${word('goods')}`,
      more: row(word('title'), 'a licence is missing; open it to see which')
    }),
    stock_offered: ({ word, when }) => ({
      title: `It is your turn: ${word('title')}`,
      more: row(
        word('spec'),
        word('qty') === word('wanted') ? `${word('qty')} for you` : `${word('qty')} so far, all for you`,
        `kept until ${when('until')}`
      )
    }),
    stock_lapsed: ({ word }) => ({
      title: `${word('title')} is no longer kept for you`,
      more: row(word('spec'), 'it went to the next; you can wait again')
    }),
    lot_moved: ({ word, when }) => ({
      title: `${word('title')}, which you bought ahead, lands at another time`,
      more: row(`now ${when('landsAt')}`, `before ${when('was')}`)
    }),
    parcel_shipped: (about) => ({
      title: `On its way: ${about.word('title')}`,
      more: row(
        carrierOf(about),
        about.word('number'),
        about.roughly('arrivesAt') && `about ${about.roughly('arrivesAt')}`
      )
    }),
    parcel_due: ({ word, when }) => ({
      title: `It should be there: ${word('title')}`,
      more: row('Say so when you have it', when('movesAt') && `counts as received on ${when('movesAt')}`)
    }),
    parcel_received: ({ word }) => ({
      title: `Counts as received: ${word('title')}`,
      more: 'If something is bad, or it is not there, open it and say so'
    }),
    lot_lost: ({ word }) => ({
      title: `${word('title')}, which you bought ahead, did not come ashore`,
      more: row(word('reason'), word('paid') === 'yes' ? 'your money goes back' : 'the order is cancelled')
    })
  }
})

/** A notice as a sentence; moments are digits in it until here. */
export const told = ({ kind, about }: Pick<Notice, 'kind' | 'about'>, now: number): Told =>
  sentences[kind]({
    word: (name) => about[name] ?? '',
    when: (name) => (Number(about[name]) > 0 ? momentOf(Number(about[name]), now) : ''),
    roughly: (name) => (Number(about[name]) > 0 ? aboutWhen(Number(about[name]), now) : '')
  })
