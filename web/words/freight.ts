import { jinOf } from '../../shared/weight.ts'
import { yuan } from '../../shared/money.ts'
import type { Fault, Reason, Zone } from '../../shared/freight.ts'
import type { Area, Province } from '../../shared/provinces.ts'
import { speak, tongue } from './speak.svelte.ts'
import { dayOf, momentOf } from './when.ts'

const EN: Record<Province | Area, string> = {
  山东: 'Shandong',
  江苏: 'Jiangsu',
  浙江: 'Zhejiang',
  上海: 'Shanghai',
  安徽: 'Anhui',
  福建: 'Fujian',
  江西: 'Jiangxi',
  北京: 'Beijing',
  天津: 'Tianjin',
  河北: 'Hebei',
  山西: 'Shanxi',
  内蒙古: 'Inner Mongolia',
  辽宁: 'Liaoning',
  吉林: 'Jilin',
  黑龙江: 'Heilongjiang',
  河南: 'Henan',
  湖北: 'Hubei',
  湖南: 'Hunan',
  广东: 'Guangdong',
  广西: 'Guangxi',
  海南: 'Hainan',
  重庆: 'Chongqing',
  四川: 'Sichuan',
  贵州: 'Guizhou',
  云南: 'Yunnan',
  西藏: 'Tibet',
  陕西: 'Shaanxi',
  甘肃: 'Gansu',
  青海: 'Qinghai',
  宁夏: 'Ningxia',
  新疆: 'Xinjiang',
  香港: 'Hong Kong',
  澳门: 'Macau',
  台湾: 'Taiwan',
  华东: 'East',
  华北: 'North',
  东北: 'North-east',
  华中: 'Centre',
  华南: 'South',
  西南: 'South-west',
  西北: 'North-west',
  港澳台: 'Hong Kong, Macau, Taiwan'
}

/** A province or an area of the country, in the language that is chosen. */
export const placeName = (name: string) =>
  tongue.language === 'zh' ? name : (EN[name as Province | Area] ?? name)

const list = (names: readonly string[]) => names.map(placeName).join(tongue.language === 'zh' ? '、' : ', ')
export const placeNames = list

/** 960 → 16:00 */
export const clockOf = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

export const say = speak({
  zh: {
    // how it travels
    temps: { ambient: '常温', chilled: '冷藏', frozen: '冷冻' },
    tempHow: {
      ambient: '干货、酱，不怕热',
      chilled: '活的、鲜的，加冰袋保温箱',
      frozen: '冻好的，不能化'
    },
    sendTo: '送到',
    freight: '运费',
    free: '包邮',
    freeFrom: (fen: number) => `满 ¥${yuan(fen)} 包邮`,
    boxed: (name: string, grams: number, unweighed: number) =>
      [name, grams ? `${jinOf(grams)} 斤` : '', unweighed ? `${unweighed} 件` : '']
        .filter(Boolean)
        .join(' · '),
    leavesBefore: (clock: string, at: string) => `${at} ${clock} 前付款，当天发`,
    leaves: (at: string) => `${at}发`,
    arrives: (at: string, hours: number) => `路上约 ${hours} 小时，大约${at}到`,
    estimate: '时间是我们估的，以快递为准',
    warnings: { far: '路远，到了请马上收、马上吃', hot: '那边正热，到了请马上收' },
    unclear: '地址里看不出是哪个省，请在“所在地区”前面写上省份',
    // why not
    why: (reason: Reason, province: string) =>
      ({
        refused: `店家不往${province}发这件货`,
        too_far: `到${province}路上太久，这件货等不了`,
        heat: `${province}现在太热，这件货路上会坏，凉快了再买`,
        storm: `${province}现在天气不好，路不通，什么都送不到，过两天再买`
      })[reason],
    whyTitle: '这件货送不到您那里',
    otherAddress: '换个地址，或者把它拿出来再下单',
    // templates
    title: '运费模板',
    signInFirst: '登录以后，写您店里的运费',
    notHost: '运费模板是给主播的店用的',
    intro: '按地方、按斤两写好运费，下单时自动算。没选模板的货就是包邮。',
    none: '还没有运费模板。照着例子改，两分钟写好',
    begin: '照例子开始',
    examples: { chilled: '鲜活冷链的例子', ambient: '干货常温的例子' },
    exampleNote: '例子里的价钱是演示用的，不是哪家快递的报价。请改成您自己的。',
    add: '加一个模板',
    edit: '改运费模板',
    used: (n: number) => (n ? `${n} 样货在用` : '还没有货用它'),
    name: '模板叫什么',
    nameHint: '例如：冷链、普通快递',
    nameMissing: '先写个名字',
    zoneOf: (n: number) => `第 ${n} 片地方`,
    rest: '其余地方',
    sendsRest: '没写到的地方也发',
    noRest: '没写到的地方都不发',
    chosen: (names: readonly string[]) => (names.length ? list(names) : '还没选'),
    chooseNone: '先选省份，或者去掉这一片',
    first: '头几斤',
    firstFen: '多少钱（元）',
    more: '每多几斤',
    moreFen: '加多少钱（元）',
    freeFromField: '满多少元包邮',
    freeHint: '空着就是不包邮',
    weightWrong: '写成 3 或 1.5 斤这样',
    priceWrong: '写成 8 或 8.5 这样，最多一万',
    addZone: '再加一片地方',
    dropZone: '去掉这一片',
    refusedTitle: '不发的地方',
    refusedNone: '没有',
    cold: '冰和保温箱',
    chilledFen: '冷藏一箱加几元',
    frozenFen: '冷冻一箱加几元',
    cutoff: '每天几点前付款，当天发',
    cutoffHint: '空着就是不保证',
    tryOut: '试算一下',
    tryWeight: '几斤',
    tryWorth: '货值几元',
    tryTemp: '怎么送',
    tryResult: (fen: number, place: string) => `寄到${place}：${fen ? `¥${yuan(fen)}` : '包邮'}`,
    tryNot: (place: string) => `不发往${place}`,
    line: ({ firstGrams, firstFen, moreGrams, moreFen, freeFromFen }: Omit<Zone, 'provinces'>) =>
      `头 ${jinOf(firstGrams)} 斤 ¥${yuan(firstFen)}，每多 ${jinOf(moreGrams)} 斤加 ¥${yuan(moreFen)}` +
      (freeFromFen ? `，满 ¥${yuan(freeFromFen)} 包邮` : ''),
    refusedLine: (names: readonly string[]) => `不发：${list(names)}`,
    coldLine: (chilled: number, frozen: number) =>
      `冷藏加 ¥${yuan(chilled)} 一箱，冷冻加 ¥${yuan(frozen)} 一箱`,
    cutoffLine: (clock: string) => `${clock} 前付款当天发`,
    saved: '运费存好了，新订单按这个算',
    saveDo: '就这么收',
    drop: '扔掉这个模板',
    dropped: '扔掉了',
    faults: ((fault) =>
      ({
        two_rests: '“其余地方”只能有一片',
        nowhere: '这样写哪里都不发，至少留一个地方',
        named_twice: `${'province' in fault ? fault.province : ''}写了两遍，只能在一片里`,
        refused_too: `${'province' in fault ? fault.province : ''}又写了运费又写了不发，请去掉一边`
      })[fault.what]) as (fault: Fault) => string,
    changedElsewhere: '这个模板在别的手机上改过了，请看一眼新的再改',
    seeNew: '看新的（我写的不要了）',
    // the product form
    howSent: '怎么送',
    byFreight: '运费',
    byFree: '包邮（店里出）',
    toTemplates: '写运费模板',
    weight: '一份多重（斤）',
    weightHint: '例如 3',
    weightNote: '不写重量，运费就按件算',
    maxHours: '路上最多等多久',
    anyHours: '多久都行',
    hours: (n: number) => `${n} 小时`,
    reaches: (n: number) => `能送到 ${n} 个省`,
    reachesHow: '按工会估的路上时间算',
    maxCelsius: '天热不发',
    anyHeat: '多热都发',
    degrees: (n: number) => `到 ${n} °C 就不发`,
    validDays: '买了以后几天内有效',
    days: (n: number) => `${n} 天`,
    // weather
    weather: '路上天气',
    weatherNote: '高温、风雪，哪里先别发',
    weatherNow: '现在说着的',
    weatherNone: '路上都好，没有天气通知',
    weatherHow: '说了高温，按每样货自己的“天热不发”拦单；说了路不通，那里什么都先不卖。',
    weatherOnly: '路上天气由场控和工会干部来写',
    weatherSignIn: '登录以后，写路上的天气',
    sayHeat: '太热',
    sayStorm: '路不通',
    celsius: '有多热（°C）',
    celsiusWrong: '写 25 到 60 之间的整数',
    where: '哪些地方',
    whereMissing: '先选地方',
    until: '到哪天为止（含这天）',
    untilWrong: '选今天到三十天以内的日子',
    from: '从哪天起',
    words: '再说一句（可以不写）',
    wordsHint: '例如：台风过境，等路通了补发',
    sayDo: '说出去',
    said: '说出去了，下单时就按这个拦',
    lift: '撤掉',
    liftTitle: '撤掉这条天气？',
    liftHow: '撤掉以后，那里马上又能下单。',
    liftDo: '路好了，撤掉',
    lifted: '撤掉了',
    holds: (from: string, until: string) => `${from} 到 ${until}`,
    notYet: '还没开始',
    noticeTitle: (kind: 'heat' | 'storm', celsius: number) =>
      kind === 'heat' ? `高温 ${celsius} °C` : '路不通',
    roads: '路上要多久',
    ours: '我们估的',
    changedBy: (who: string, when: string) => `${who} ${when}改的`,
    hoursField: (place: string) => `到${place}大约几小时`,
    hoursWrong: '写 1 到 240 之间的整数',
    backToOurs: (n: number) => `用我们估的 ${n} 小时`,
    hoursSaved: '改好了'
  },
  en: {
    temps: { ambient: 'Ambient', chilled: 'Chilled', frozen: 'Frozen' },
    tempHow: {
      ambient: 'Dried goods and sauces',
      chilled: 'Live and fresh, with ice in an insulated box',
      frozen: 'Frozen through, must not thaw'
    },
    sendTo: 'Send to',
    freight: 'Freight',
    free: 'Free',
    freeFrom: (fen: number) => `free from ¥${yuan(fen)}`,
    boxed: (name: string, grams: number, unweighed: number) =>
      [name, grams ? `${jinOf(grams)} jin` : '', unweighed ? `${unweighed} pcs` : '']
        .filter(Boolean)
        .join(' · '),
    leavesBefore: (clock: string, at: string) => `Pay before ${clock} ${at} and it leaves the same day`,
    leaves: (at: string) => `Leaves ${at}`,
    arrives: (at: string, hours: number) => `about ${hours} hours on the road, there about ${at}`,
    estimate: 'Our estimate; the carrier decides',
    warnings: {
      far: 'A long way: take it in and eat it at once',
      hot: 'It is hot there: take it in at once'
    },
    unclear: 'We can’t tell the province of this address. Please write it in front of the region',
    why: (reason: Reason, province: string) =>
      ({
        refused: `The shop does not send this to ${placeName(province)}`,
        too_far: `The road to ${placeName(province)} is too long for this`,
        heat: `It is too hot in ${placeName(province)} now; this would spoil. Buy it when it is cooler`,
        storm: `Nothing gets through to ${placeName(province)} in this weather. Try again in a few days`
      })[reason],
    whyTitle: 'This can’t be sent to you',
    otherAddress: 'Choose another address, or leave it out',
    title: 'Freight templates',
    signInFirst: 'Sign in to write what your shop asks for sending',
    notHost: 'Freight templates are for the shops of hosts',
    intro: 'Prices by place and weight; orders work them out. Goods without a template are sent free.',
    none: 'No template yet. Begin with an example and change it',
    begin: 'Begin with an example',
    examples: { chilled: 'An example for fresh, chilled goods', ambient: 'An example for dried goods' },
    exampleNote: 'Its prices are the demo’s own, no carrier’s. Write yours over them.',
    add: 'Add a template',
    edit: 'Edit the template',
    used: (n: number) => (n ? `${n} of your goods go by it` : 'Nothing goes by it yet'),
    name: 'Name',
    nameHint: 'e.g. Cold chain, Parcel',
    nameMissing: 'Write a name first',
    zoneOf: (n: number) => `Zone ${n}`,
    rest: 'Everywhere else',
    sendsRest: 'Also send to places not named',
    noRest: 'Places not named get nothing',
    chosen: (names: readonly string[]) => (names.length ? list(names) : 'none yet'),
    chooseNone: 'Choose provinces, or remove this zone',
    first: 'The first jin',
    firstFen: 'cost (¥)',
    more: 'Each further jin',
    moreFen: 'add (¥)',
    freeFromField: 'Free from ¥',
    freeHint: 'Empty: never free',
    weightWrong: 'Write it like 3 or 1.5',
    priceWrong: 'Write it like 8 or 8.5, ten thousand at most',
    addZone: 'Add a zone',
    dropZone: 'Remove this zone',
    refusedTitle: 'Not sent to',
    refusedNone: 'none',
    cold: 'Ice and boxes',
    chilledFen: 'A chilled box adds ¥',
    frozenFen: 'A frozen box adds ¥',
    cutoff: 'Paid before this hour, it leaves the same day',
    cutoffHint: 'Empty: no promise',
    tryOut: 'Try it out',
    tryWeight: 'Jin',
    tryWorth: 'Worth ¥',
    tryTemp: 'Kept',
    tryResult: (fen: number, place: string) => `To ${place}: ${fen ? `¥${yuan(fen)}` : 'free'}`,
    tryNot: (place: string) => `Not sent to ${place}`,
    line: ({ firstGrams, firstFen, moreGrams, moreFen, freeFromFen }: Omit<Zone, 'provinces'>) =>
      `first ${jinOf(firstGrams)} jin ¥${yuan(firstFen)}, each ${jinOf(moreGrams)} jin more ¥${yuan(moreFen)}` +
      (freeFromFen ? `, free from ¥${yuan(freeFromFen)}` : ''),
    refusedLine: (names: readonly string[]) => `Not to: ${list(names)}`,
    coldLine: (chilled: number, frozen: number) =>
      `a chilled box adds ¥${yuan(chilled)}, a frozen one ¥${yuan(frozen)}`,
    cutoffLine: (clock: string) => `paid before ${clock}, leaves the same day`,
    saved: 'Saved. New orders go by it',
    saveDo: 'Save',
    drop: 'Throw this template away',
    dropped: 'Thrown away',
    faults: ((fault) =>
      ({
        two_rests: 'There can be only one “everywhere else”',
        nowhere: 'Like this nothing is sent anywhere',
        named_twice: `${'province' in fault ? placeName(fault.province) : ''} is in two zones`,
        refused_too: `${'province' in fault ? placeName(fault.province) : ''} has a price and is refused`
      })[fault.what]) as (fault: Fault) => string,
    changedElsewhere: 'This template was changed on another phone. Look at the new one first',
    seeNew: 'Show the new one (drop mine)',
    howSent: 'How it is sent',
    byFreight: 'Freight',
    byFree: 'Free (the shop pays)',
    toTemplates: 'Write freight templates',
    weight: 'Weight of one (jin)',
    weightHint: 'e.g. 3',
    weightNote: 'Without a weight, freight goes by the piece',
    maxHours: 'Longest on the road',
    anyHours: 'Any time',
    hours: (n: number) => `${n} hours`,
    reaches: (n: number) => `reaches ${n} provinces`,
    reachesHow: 'by the union’s estimates',
    maxCelsius: 'Not sent into heat',
    anyHeat: 'In any heat',
    degrees: (n: number) => `not from ${n} °C on`,
    validDays: 'Good for how long',
    days: (n: number) => `${n} days`,
    weather: 'Weather on the road',
    weatherNote: 'Heat and storms: where not to send',
    weatherNow: 'What holds now',
    weatherNone: 'All roads are fine',
    weatherHow:
      'Heat stops orders by each product’s own rule; where nothing gets through, nothing is sold to until it does.',
    weatherOnly: 'The weather is written by operators and officers',
    weatherSignIn: 'Sign in to write the weather on the road',
    sayHeat: 'Too hot',
    sayStorm: 'Nothing gets through',
    celsius: 'How hot (°C)',
    celsiusWrong: 'A whole number from 25 to 60',
    where: 'Where',
    whereMissing: 'Choose where first',
    until: 'Until which day (included)',
    untilWrong: 'A day from today to thirty days from now',
    from: 'From which day',
    words: 'A word more (not needed)',
    wordsHint: 'e.g. Typhoon; parcels leave when the road is open',
    sayDo: 'Say it',
    said: 'Said. Orders go by it now',
    lift: 'Lift',
    liftTitle: 'Lift this notice?',
    liftHow: 'Orders for there are taken again at once.',
    liftDo: 'The road is fine, lift it',
    lifted: 'Lifted',
    holds: (from: string, until: string) => `${from} to ${until}`,
    notYet: 'not yet',
    noticeTitle: (kind: 'heat' | 'storm', celsius: number) =>
      kind === 'heat' ? `Heat ${celsius} °C` : 'Closed',
    roads: 'How long the road is',
    ours: 'our estimate',
    changedBy: (who: string, when: string) => `changed by ${who}, ${when}`,
    hoursField: (place: string) => `Hours to ${place}`,
    hoursWrong: 'A whole number from 1 to 240',
    backToOurs: (n: number) => `Back to our ${n} hours`,
    hoursSaved: 'Changed'
  }
})

/** When it leaves and when it should be there, in one sentence; `hours` 0: where it goes is not known yet. */
export function travelOf(
  { cutoffMinute, leavesAt, hours }: { cutoffMinute: number; leavesAt: number; hours: number },
  now: number
) {
  const leaves = cutoffMinute
    ? say.leavesBefore(clockOf(cutoffMinute), dayOf(leavesAt, now))
    : say.leaves(momentOf(leavesAt, now))
  if (!hours) return leaves
  const arrives = say.arrives(dayOf(leavesAt + hours * HOUR_MS, now), hours)
  return [leaves, arrives].join(tongue.language === 'zh' ? '，' : ', ')
}

const HOUR_MS = 3_600_000
