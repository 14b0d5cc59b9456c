import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest'
import { isIdNumber } from '../../shared/id-number.ts'
import { readsBoard, STEPS, type Board } from './board.ts'
import { clockOf, dateOf, drags, liesOn, nextWeek, onCalendar, soon, type Times } from './calendar.ts'
import { browserThatSees } from './camera.ts'
import { axe, comes, DESK, enters, isFit, seesMovingPicture, signsIn, toast, type Person } from './person.ts'
import { keepPictures, picture } from './pictures.ts'
import { runVillage, type RunningVillage } from './village.ts'

const OFFICER = '13800000031'
const TRAINER = '13800000021'
/** Hosts who teach as well from today on, while 老陈 holds the class of the demo village. */
const HAIYAN = '13800000001'
const GUILAN = '13800000002'
const BUYER = '13800000101'
const FIRST = { phone: '13900000201', name: '于秀云', masked: '于*云' }
const SECOND = { name: '韩桂珍' }
const THIRD = { phone: '13900000203', name: '苗春香' }
const COURSE = '滩头直播班'
const CLASS_A = '滩头直播班 · 甲班'
const CLASS_B = '滩头直播班 · 乙班'
const TODAY = '滩头直播班 · 今天就练'
const OF_THE_DEMO = '直播带货 · 今天这一堂'
const QUESTIONS = [
  { ask: '开播前先看什么？', options: ['看光在不在脸上', '看邻居在不在家'], right: 0 },
  { ask: '蛤蜊没吐沙，怎么说？', options: ['说吐好了', '照实说，教人怎么吐沙'], right: 1 }
]
const RUBRIC = ['讲清价格', '照实说货']

let village: RunningVillage
let eyes: Awaited<ReturnType<typeof browserThatSees>>
let officer: Person
let trainer: Person
let first: Person
let third: Person
let guest: Person
let brokenAt = ''

/** What the steps leave to those after them. */
let courseId = ''
let classId = ''
let showId = ''
let rehearsalId = ''
let code = ''
let slip: Buffer
let codeAtTheDoor: Buffer
let before: Board

const everybody = () => ({ officer, trainer, first, third, guest })

/** A made-up woman of a district that does not exist. */
const idNumber = Array.from('0123456789X', (sign) => `37990019750505002${sign}`).find(isIdNumber)!

/** Asks the server itself, with her cookies, as her browser would. */
async function asks<T>(
  { page }: Person,
  method: 'GET' | 'POST' | 'PUT',
  url: string,
  data?: object
): Promise<T> {
  const answer = await page.request.fetch(url, { method, data, headers: { origin: village.url } })
  if (!answer.ok()) throw new Error(`${method} ${url}: ${answer.status()} ${await answer.text()}`)
  return (await answer.json()) as T
}

interface Card {
  id: string
  title: string
  startsAt: number
}
const classCalled = async (title: string) => {
  const { items } = await asks<{ items: Card[] }>(guest, 'GET', `/api/classes?courseId=${courseId}`)
  return items.find((one) => one.title === title)
}

async function fillsClass({ page }: Person, title: string, { startsAt, endsAt }: Times, seats: number) {
  await page.getByRole('button', { name: '排一堂课' }).click()
  const form = page.getByRole('dialog', { name: '排一堂课' })
  await form.getByLabel(/^课程/).selectOption({ label: COURSE })
  await form.getByLabel(/^这堂课叫什么/).fill(title)
  await form.getByLabel(/^日期/).fill(dateOf(startsAt))
  await form.getByLabel(/^上课/).fill(clockOf(startsAt))
  await form.getByLabel(/^下课/).fill(clockOf(endsAt))
  await form.getByLabel(/^在哪里/).fill('红岛妇女微家 · 一楼')
  await form.getByLabel(/^最多几人/).fill(String(seats))
  return form
}

describe('from a name on a list to a woman on air, in a real browser', () => {
  beforeAll(async () => {
    village = await runVillage()
    eyes = await browserThatSees()
    officer = await comes(eyes.browser, village.url, DESK)
    trainer = await comes(eyes.browser, village.url, DESK)
    first = await comes(eyes.browser, village.url)
    third = await comes(eyes.browser, village.url)
    guest = await comes(eyes.browser, village.url)
  })
  // Each step stands on the one before; what comes after a broken one would only hide it.
  beforeEach(({ task }) => {
    if (brokenAt) throw new Error(`“${brokenAt}” failed before`)
    onTestFailed(() => {
      brokenAt ||= task.name
      return keepPictures(everybody(), village)
    })
  })
  afterAll(async () => {
    await eyes?.close()
    await village?.stop()
  })

  it('a union officer writes a course down to its rubric and opens it to all', async () => {
    const { page } = officer
    await enters(officer, '/union', OFFICER)
    await page.getByText('今天等着办的').waitFor()
    before = await readsBoard(officer)
    // What the demo village tells of itself: five classes, six hundred attendances, twenty women who went on air.
    expect(before).toMatchObject({ people: [209, 200, 31, 24, 20, 4, 3], attendances: 600 })

    await page.goto('/teach')
    await page.getByRole('navigation', { name: '讲台' }).getByRole('link', { name: '课程' }).click()
    await page.getByRole('link', { name: '写一门新课程' }).click()
    await page.getByLabel('课程名').fill(COURSE)
    await page.getByLabel(/^说明/).fill('两个半天，学会在滩头开播。')
    await page.getByLabel(/^哪一类/).selectOption({ label: '直播带货' })
    await page.getByLabel(/^要看实操/).check()
    await page.getByLabel(/^要几位讲师打分通过/).selectOption({ label: '1 位' })
    await page.getByLabel(/^拿到证就是主播/).check()
    const part = (name: RegExp) =>
      page.getByRole('group', { name: '课程的部分' }).getByRole('button', { name }).click()

    await part(/^课/)
    await page.getByRole('button', { name: '加一课' }).click()
    await page.getByLabel('这一课叫什么').pressSequentially('手机怎么架稳')
    await page.getByRole('button', { name: '文字', exact: true }).click()
    await page.getByPlaceholder('短句子，像说话一样').fill('手机横着放，桶倒过来当架子。')

    await part(/^考题/)
    for (const [i, { ask, options, right }] of QUESTIONS.entries()) {
      await page.getByRole('button', { name: '加一道题' }).click()
      const question = page.getByRole('main').getByRole('listitem').nth(i)
      await question.getByLabel('问什么').pressSequentially(ask)
      for (const [k, option] of options.entries())
        await question.getByPlaceholder(`选项 ${k + 1}`).fill(option)
      await question.getByRole('radio').nth(right).check()
    }

    await part(/^评分表/)
    for (const [i, name] of RUBRIC.entries()) {
      await page.getByRole('button', { name: '加一项' }).click()
      await page.getByLabel('看什么').nth(i).fill(name)
    }
    await page.getByRole('button', { name: '开放给大家' }).click()
    await toast(officer, '保存好了')
    await page.waitForURL(/\/teach\/course\/(?!new)/)
    courseId = page.url().split('/').at(-1)!
    expect(await axe(officer)).toEqual([])

    await guest.page.goto('/school')
    await guest.page.getByText(COURSE).first().waitFor()
  })

  it('two hosts are asked to teach as well', async () => {
    const { page } = officer
    await page.goto('/union/members')
    for (const phone of [HAIYAN, GUILAN]) {
      await page.getByRole('searchbox').fill(phone)
      await page.getByRole('button', { name: '找', exact: true }).click()
      await expect
        .poll(() => page.getByRole('button', { name: '改权限' }).count(), { timeout: 20_000 })
        .toBe(1)
      await page.getByRole('button', { name: '改权限' }).click()
      await page.getByRole('dialog').getByRole('checkbox', { name: /^讲师/ }).check()
      await page.getByRole('button', { name: '就给这些' }).click()
      await expect
        .poll(() => page.getByRole('listitem').getByText('讲师').count(), { timeout: 20_000 })
        .toBe(1)
    }
  })

  const dayOfA = nextWeek(1, 9)
  const dayOfB = nextWeek(2, 9)
  const later = nextWeek(3, 11)

  it('a trainer schedules two classes for next week', async () => {
    const { page } = trainer
    await enters(trainer, '/teach', TRAINER)
    await page.getByRole('navigation', { name: '讲台' }).getByRole('link', { name: '排课' }).click()
    await page.getByRole('button', { name: '下一周' }).click()
    for (const [title, times] of [
      [CLASS_A, dayOfA],
      [CLASS_B, dayOfB]
    ] as const) {
      const form = await fillsClass(trainer, title, times, 12)
      await form.getByRole('button', { name: '排这堂课' }).click()
      await form.waitFor({ state: 'hidden' })
      await liesOn(trainer, title, times)
      expect(await classCalled(title)).toMatchObject(times)
    }
    expect(await axe(trainer)).toEqual([])
    await expect.poll(() => page.getByText('排好了').count(), { timeout: 20_000 }).toBe(0)
  })

  it('she drags one to another day, and an undo brings it back', async () => {
    const { page } = trainer
    await drags(trainer, CLASS_A, dayOfA, later)
    await page.getByText(`${CLASS_A} 移到了`).waitFor()
    await liesOn(trainer, CLASS_A, later)
    expect(await classCalled(CLASS_A)).toMatchObject(later)
    await picture(trainer, '8-calendar')
    await page.getByRole('button', { name: '撤销' }).click()
    await toast(trainer, '放回去了')
    await liesOn(trainer, CLASS_A, dayOfA)
    expect(await classCalled(CLASS_A)).toMatchObject(dayOfA)
  })

  it('dragged onto her other class it goes back, and she is told what is in the way', async () => {
    const { page } = trainer
    await drags(trainer, CLASS_A, dayOfA, dayOfB)
    const clash = page.getByRole('dialog', { name: '时间撞了' })
    await clash.getByText(`在上“${CLASS_B}”`).waitFor()
    await clash.getByRole('button', { name: '好了' }).click()
    await liesOn(trainer, CLASS_A, dayOfA)
    await onCalendar(trainer, CLASS_B).waitFor()
    expect(await classCalled(CLASS_A)).toMatchObject(dayOfA)
  })

  it('the class of today is taught by somebody who is free', async () => {
    const { page } = trainer
    const times = soon()
    await page.getByRole('button', { name: '今天', exact: true }).click()
    const form = await fillsClass(trainer, TODAY, times, 2)
    const create = form.getByRole('button', { name: '排这堂课' })
    await create.click()
    await form.getByRole('alert').getByText(`在上“${OF_THE_DEMO}”`).waitFor()
    await form.getByLabel(/^讲师/).selectOption({ label: '海燕' })
    await create.click()
    await form.waitFor({ state: 'hidden' })
    const made = await classCalled(TODAY)
    expect(made).toMatchObject(times)
    classId = made!.id
  })

  it('a woman who wants to go live is told what is missing and which class to book, and books it', async () => {
    const { page } = first
    await enters(first, '/studio', FIRST.phone)
    await page.getByText('您还不是主播').waitFor()
    const missing = page.getByRole('region', { name: '开播前还差这些' })
    for (const words of ['工会还没登记您的身份证号', `差“${COURSE}”证书`, '差“食品安全', '差健康证'])
      await missing.getByText(words).waitFor()
    await isFit(first)
    await missing.getByRole('link', { name: new RegExp(`^报名：.*${TODAY}`) }).click()
    await page.waitForURL(`**/school/class/${classId}`)
    await page.getByRole('button', { name: '报名', exact: true }).click()
    await toast(first, '报上了，到时候见')
    await page.getByRole('heading', { name: '报上了' }).waitFor()
    await isFit(first)

    await page.goto('/me')
    await page.getByLabel('大家看到的名字').fill(FIRST.name)
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByText(`${FIRST.name}，您好`).waitFor()
  })

  it('the officer enrols a woman without a smartphone and prints her slip', async () => {
    const { page } = officer
    await page.goto(`/teach/class/${classId}`)
    await page.getByRole('button', { name: '代她报名' }).click()
    const sheet = page.getByRole('dialog', { name: '代她报名' })
    await sheet.getByLabel('新来的').check()
    await sheet.getByLabel('姓名').fill(SECOND.name)
    await sheet.getByRole('button', { name: '报名', exact: true }).click()
    await toast(officer, `给${SECOND.name}报上了`)
    const row = page.getByRole('listitem').filter({ hasText: SECOND.name })
    await row.getByText('工会王主任代报').waitFor()
    await row.getByRole('link', { name: '打条' }).click()
    const qr = page.getByRole('img', { name: `${SECOND.name}的签到码` })
    await qr.waitFor()
    await page.getByText(TODAY).first().waitFor()
    slip = await qr.screenshot()
    expect(await axe(officer)).toEqual([])
  })

  it('a third woman finds it full and waits in line', async () => {
    const { page } = third
    await page.goto(`/school/class/${classId}`)
    await page.getByRole('button', { name: '坐满了，排候补' }).click()
    await signsIn(third, THIRD.phone)
    await page.getByRole('heading', { name: '候补第 1 位' }).waitFor()
    await isFit(third)
    await page.goto('/me')
    await page.getByLabel('大家看到的名字').fill(THIRD.name)
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByText(`${THIRD.name}，您好`).waitFor()
  })

  it('the first scans the code at the door and is in', async () => {
    await trainer.page.goto(`/teach/class/${classId}`)
    await trainer.page.getByRole('link', { name: '大屏签到码' }).click()
    const door = trainer.page.getByRole('img', { name: '签到二维码' })
    await door.waitFor()
    expect(await axe(trainer)).toEqual([])
    await picture(trainer, '9-door')

    const { page } = first
    await page.goto('/school/check-in')
    await page.getByText('把二维码放进框里').waitFor()
    const isIn = page.getByRole('heading', { name: '签到了' })
    const isNot = page.getByRole('heading', { name: '没签上' })
    // A busy machine may let a code die on the way; then she holds her phone up once more, as anybody would.
    await expect
      .poll(
        async () => {
          codeAtTheDoor = await door.screenshot()
          await eyes.holdUp(codeAtTheDoor)
          if (await isNot.isVisible()) await page.getByRole('button', { name: '再扫一次' }).click()
          else {
            await page.getByRole('button', { name: '我的码' }).click()
            await page.getByRole('button', { name: '扫大屏的码' }).click()
          }
          await isIn.or(isNot).waitFor()
          return isIn.isVisible()
        },
        { timeout: 120_000 }
      )
      .toBe(true)
    await page.getByText(TODAY).first().waitFor()
    await isFit(first)
    await expect.poll(() => trainer.page.locator('.count b').innerText(), { timeout: 20_000 }).toBe('1')
  })

  it('a photo of that code, held up when it has changed a few times, lets nobody in', async () => {
    const door = trainer.page.getByRole('img', { name: '签到二维码' })
    const codes = new Set<string>()
    await expect
      .poll(async () => codes.add(await door.innerHTML()).size, { timeout: 120_000 })
      .toBeGreaterThanOrEqual(5)
    await eyes.holdUp(codeAtTheDoor)
    const { page } = third
    await page.goto('/school/check-in')
    await page.getByRole('heading', { name: '没签上' }).waitFor()
    await page.getByText('这个码过期了，请扫大屏上现在的码').waitFor()
    await isFit(third)
  })

  it('the trainer scans the slip of the second, and the roster says how each of them came', async () => {
    const { page } = trainer
    await eyes.holdUp(slip)
    await page.goto(`/teach/class/${classId}`)
    await page.getByRole('button', { name: '扫她的码' }).click()
    const sheet = page.getByRole('dialog', { name: '扫她的码' })
    await sheet.getByText(new RegExp(`${SECOND.name}到了`)).waitFor()
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'hidden' })
    const row = (name: string) => page.getByRole('listitem').filter({ hasText: name })
    await row(FIRST.name).getByText('自己扫码').waitFor()
    await row(SECOND.name).getByText('被扫码').waitFor()
    await page.getByText('候补 1 人，按先来后到').waitFor()
    expect(await axe(trainer)).toEqual([])
  })

  it('she reads the lesson and passes the quiz', async () => {
    const { page } = first
    await page.goto(`/school/course/${courseId}`)
    await page.getByRole('link', { name: /手机怎么架稳/ }).click()
    await page.getByText('桶倒过来当架子').waitFor()
    await page.getByRole('button', { name: '学完了' }).click()
    await page
      .getByRole('link', { name: /手机怎么架稳/ })
      .getByText('学过了')
      .waitFor()
    await page.getByRole('link', { name: '去答题' }).click()
    await isFit(first)
    for (const [i, { ask, options, right }] of QUESTIONS.entries()) {
      await page.getByRole('heading', { name: ask }).waitFor()
      await page.getByText(options[right]!).click()
      await page.getByRole('button', { name: i === QUESTIONS.length - 1 ? '交卷' : '下一题' }).click()
    }
    await page.getByRole('heading', { name: '小测通过了' }).waitFor()
    await isFit(first)
    await page.goto('/school')
    await page
      .getByRole('link', { name: /彩排给讲师看/ })
      .getByText('下一步')
      .waitFor()
    await isFit(first)
    await picture(first, '7-school')
  })

  it('she rehearses: she is on air, and nobody but a trainer sees anything of it', async () => {
    const { page } = first
    await eyes.turnToTheSea()
    await page.goto('/studio')
    await page.getByRole('button', { name: '先彩排' }).click()
    const sheet = page.getByRole('dialog', { name: '彩排' })
    await sheet.getByLabel(/^为哪门课/).selectOption({ label: COURSE })
    await sheet.getByRole('button', { name: '先彩排' }).click()
    await page.waitForURL(/\/studio\/[0-9a-z-]+$/)
    showId = page.url().split('/').at(-1)!
    rehearsalId = showId
    await page.getByText('只有您和讲师看得见，不卖东西').waitFor()
    await page.getByRole('button', { name: '打开摄像头' }).click()
    await page.getByRole('button', { name: '开始彩排' }).click()
    await page.getByText('彩排中').waitFor()
    expect(await axe(first)).toEqual([])

    await trainer.page.goto('/teach/rehearsals')
    const card = trainer.page.getByRole('listitem').filter({ hasText: `${FIRST.name}的彩排` })
    await card.getByText('正在彩排').waitFor()
    await card.getByRole('link').click()
    await trainer.page.waitForURL(`**/teach/assess/${showId}`)
    await seesMovingPicture(trainer)

    for (const state of ['live', 'coming', 'replay']) {
      const { items } = await asks<{ items: Card[] }>(guest, 'GET', `/api/shows?state=${state}`)
      expect(items.map(({ id }) => id)).not.toContain(showId)
    }
    const { show } = await asks<{ show: { playlist: string } }>(trainer, 'GET', `/api/rooms/${showId}`)
    const film = (person: Person) => person.page.request.get(show.playlist)
    expect((await film(trainer)).status()).toBe(200)
    expect((await film(guest)).status()).toBe(401)
    expect((await film(third)).status()).toBe(404)
    for (const [person, words] of [
      [guest, '登录'],
      [third, '没有这场直播']
    ] as const) {
      await person.page.goto(`/show/${showId}`)
      await person.page.getByText(words).first().waitFor()
      expect(await person.page.locator('video').count()).toBe(0)
      expect(await person.page.getByText(FIRST.name).count()).toBe(0)
    }
  })

  it('the trainer marks the recording by the rubric and keeps a stretch of it as evidence', async () => {
    await first.page.getByRole('button', { name: '结束', exact: true }).click()
    await first.page.getByRole('button', { name: '结束直播' }).click()
    await first.page.getByText('等讲师看').waitFor()

    const { page } = trainer
    await page.getByText('录好了').waitFor({ timeout: 40_000 })
    await seesMovingPicture(trainer)
    const card = page.getByRole('listitem').filter({ hasText: RUBRIC[0]! })
    await card.getByRole('button', { name: '从这里，留一段作证' }).click()
    const at = () => page.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime)
    const from = await at()
    await page.getByRole('button', { name: '退 10 秒' }).waitFor()
    await expect.poll(at, { timeout: 40_000 }).toBeGreaterThan(from + 1)
    await card.getByRole('button', { name: '到这里' }).click()
    await card.getByRole('button', { name: /^\d+:\d\d–\d+:\d\d$/ }).waitFor()
    for (const name of RUBRIC) await page.getByRole('slider', { name: `${name}几分` }).fill('9')
    await page.getByLabel('对她说的话').fill('声音亮，价钱说得清楚。')
    await page.getByText('18 / 20 分 · 90%').waitFor()
    expect(await axe(trainer)).toEqual([])
    await page.getByRole('button', { name: '交评分' }).click()
    await toast(trainer, '交了：90%，通过')

    await first.page.goto(`/school/course/${courseId}`)
    await first.page.getByText('老陈：90 分，过了').waitFor()
  })

  it('she gets her certificate; anybody can verify it, and she is a host now', async () => {
    const { page } = trainer
    await page.goto('/teach/certificates')
    await page.getByLabel(/^课程/).selectOption({ label: COURSE })
    await page.getByRole('heading', { name: '可以发证 1 人' }).waitFor()
    await page.getByLabel(FIRST.name).waitFor()
    await page.getByRole('button', { name: '发证（1 人）' }).click()
    await toast(trainer, '发了 1 张')

    await first.page.goto('/me/certificates')
    const paper = first.page.getByRole('listitem').filter({ hasText: COURSE })
    await paper.getByText(FIRST.name).waitFor()
    await isFit(first)
    const verify = (await paper.getByRole('link', { name: '看查询页' }).getAttribute('href'))!
    code = verify.split('/').at(-1)!

    await guest.page.goto(verify)
    await guest.page.getByRole('heading', { name: '证书有效' }).waitFor()
    await guest.page.getByText(FIRST.masked).waitFor()
    expect(await guest.page.getByText(FIRST.name).count()).toBe(0)
    await guest.page.getByText(code).waitFor()
    await isFit(guest)

    await first.page.goto('/studio')
    await first.page.getByRole('heading', { name: '先给您的店起个名' }).waitFor()
  })

  it('she opens her shop and plans a show, but her papers still keep her from the air', async () => {
    const { page } = first
    await page.getByLabel('店名').fill('秀云的滩')
    await page.getByRole('button', { name: '开店' }).click()
    await page.getByRole('link', { name: '我的货' }).click()
    await page.getByRole('button', { name: '加一样货' }).click()
    await page.getByLabel('叫什么').fill('秀云家的蛤蜊')
    await page.getByLabel('多少钱').fill('12.8')
    await page.getByLabel('有多少').fill('40')
    await page.getByRole('button', { name: '上架卖' }).click()
    await toast(first, '保存好了')
    await page.goto('/studio')
    await page.getByRole('button', { name: '马上开播' }).click()
    await page.getByLabel('这场叫什么').fill('秀云头一回开播')
    await page.getByRole('button', { name: '去准备' }).click()
    await page.waitForURL(/\/studio\/[0-9a-z-]+$/)
    showId = page.url().split('/').at(-1)!
    await page.getByRole('button', { name: '打开摄像头' }).click()
    await page.getByRole('button', { name: '开播', exact: true }).click()
    const refusal = page.getByRole('dialog', { name: '还不能开播' })
    await refusal.getByText('还不能开播，差的证在下面').waitFor()
    for (const words of ['工会还没登记您的身份证号', '差“食品安全', '差健康证'])
      await refusal.getByText(words).waitFor()
    expect(await refusal.getByText(COURSE).count()).toBe(0)
    await isFit(first)
    await picture(first, '10-licence')
    await refusal.getByRole('link', { name: '交健康证' }).click()
  })

  it('she hands in her health certificate, and the officer finds it good', async () => {
    const { page } = first
    const sheet = page.getByRole('dialog', { name: '交证件' })
    const photo = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#fdf6e6' } })
      .jpeg()
      .toBuffer()
    await sheet
      .locator('input[type=file]')
      .setInputFiles({ name: '健康证.jpg', mimeType: 'image/jpeg', buffer: photo })
    await sheet.getByRole('button', { name: '去掉第 1 张' }).waitFor()
    await sheet.getByLabel('证件上没写有效期').check()
    await isFit(first)
    await sheet.getByRole('button', { name: '交给工会核对' }).click()
    await page.getByText('健康证交了，等工会核对').waitFor()

    await officer.page.goto('/union/documents')
    const paper = officer.page.getByRole('region', { name: `${FIRST.name} 健康证` })
    await expect
      .poll(() => paper.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth), {
        timeout: 20_000
      })
      .toBeGreaterThan(0)
    await paper.getByRole('button', { name: '核对无误' }).click()
    await toast(officer, `${FIRST.name}的证件有效了`)
  })

  it('the officer writes her into the register with her ID number', async () => {
    const { page } = officer
    await page.goto('/union/register')
    await page.getByRole('button', { name: '加一位' }).click()
    const sheet = page.getByRole('dialog', { name: '加一位' })
    await sheet.getByLabel('姓名').fill(FIRST.name)
    await sheet.getByLabel('手机号').fill(FIRST.phone)
    await sheet.getByLabel('身份证号').fill(idNumber)
    await sheet.getByLabel(/^支会/).selectOption({ index: 2 })
    await sheet.getByRole('button', { name: '写进名册' }).click()
    await toast(officer, `${FIRST.name}写进名册了`)
    await page.getByRole('searchbox').fill(idNumber)
    await page.getByRole('button', { name: '找', exact: true }).click()
    const row = page.getByRole('listitem').filter({ hasText: FIRST.name })
    await row.getByText('139****0201').waitFor()
    expect(await page.getByText(idNumber).count()).toBe(0)
  })

  it('she attends the class of food safety and gets that certificate too', async () => {
    const me = await asks<{ me: { id: string } }>(first, 'GET', '/api/me')
    const { resources } = await asks<{ resources: { id: string; name: string }[] }>(
      trainer,
      'GET',
      '/api/teach/resources'
    )
    const { classes } = await asks<{ classes: Card[] }>(trainer, 'POST', '/api/classes', {
      weeks: 1,
      draft: {
        courseId: 'course-safety',
        title: '食品安全 · 加一堂',
        about: '',
        trainerId: resources.find(({ name }) => name === '桂兰')!.id,
        roomId: '',
        place: '码头',
        kitIds: [],
        ...soon(),
        seats: 5,
        online: false
      }
    })
    const safety = `/api/classes/${classes[0]!.id}`
    await asks(first, 'POST', `${safety}/bookings`)
    await asks(trainer, 'PUT', `${safety}/attendances/${me.me.id}`, { how: 'manual' })
    const { draft } = await asks<{ draft: { questions: { id: string; right: number }[] } }>(
      trainer,
      'GET',
      '/api/teach/courses/course-safety'
    )
    const answers = draft.questions.map(({ id, right }) => ({ questionId: id, option: right }))
    await asks(first, 'POST', '/api/school/courses/course-safety/quiz', { key: 'journey-quiz', answers })
    const { issued } = await asks<{ issued: object[] }>(
      trainer,
      'POST',
      '/api/teach/courses/course-safety/certificates',
      { memberIds: [me.me.id] }
    )
    expect(issued).toHaveLength(1)
  })

  it('now nothing is missing: she goes live, and a guest sees it', async () => {
    const { page } = first
    await page.goto('/studio')
    await page
      .getByRole('listitem')
      .filter({ hasText: '秀云头一回开播' })
      .getByRole('link', { name: '去准备' })
      .click()
    await page.getByText('都齐了').waitFor()
    await page.getByRole('button', { name: '打开摄像头' }).click()
    await page.getByRole('button', { name: '开播', exact: true }).click()
    await page.getByText('直播中').first().waitFor()
    await guest.page.goto('/')
    await guest.page.getByText('秀云头一回开播').first().click()
    await guest.page.waitForURL(`**/show/${showId}`)
    await seesMovingPicture(guest)
  })

  it('the outcome board has moved by exactly their steps, and a number opens its people', async () => {
    const { page } = officer
    const after = await readsBoard(officer)
    const more = (key: 'people' | 'women') => after[key].map((n, i) => n - before[key][i]!)
    // Three enrolled, one of them in line; two came; one went all the way to her first show.
    expect(Object.fromEntries(STEPS.map((step, i) => [step, more('people')[i]]))).toEqual({
      报名: 3,
      到课: 2,
      彩排: 1,
      持证: 1,
      首播: 1,
      首个一千元: 0,
      成功主播: 0
    })
    // Of these only one is in the register, which knows that she is a woman.
    expect(more('women')).toEqual([1, 1, 1, 1, 1, 0, 0])
    expect(after.attendances - before.attendances).toBe(3)
    expect(after.certificates - before.certificates).toBe(2)

    await page.getByRole('button', { name: '看图' }).click()
    expect(await axe(officer)).toEqual([])
    await page.evaluate(() => scrollTo(0, 0))
    await picture(officer, '11-board')
    await page.getByRole('button', { name: /^首播/ }).click()
    const people = page.getByRole('dialog', { name: '首播' })
    await people.getByRole('link', { name: FIRST.name }).click()
    await page.waitForURL(/\/union\/person\//)
    await page.getByText('秀云头一回开播').waitFor()
  })

  const asksAloud = async ({ page }: Person, words: string) => {
    const line = page.getByLabel('说点什么')
    await line.fill(words)
    await line.press('Enter')
  }

  it('she ends her show and reads what it tells her: the curve, what nobody answered, and ten seconds of it', async () => {
    const { page } = first
    await third.page.goto(`/show/${showId}`)
    await asksAloud(third, '怎么煮')
    await third.page.getByText('怎么煮').first().waitFor()
    await asksAloud(guest, '煮多久')
    await signsIn(guest, BUYER)
    for (const words of ['怎么煮', '煮多久']) await page.getByText(words).first().waitFor()
    await page.getByRole('button', { name: '结束', exact: true }).click()
    await page.getByRole('button', { name: '结束直播' }).click()
    await page.getByRole('link', { name: '看复盘：下次做哪三件事' }).click()
    await page.waitForURL(`**/debrief/${showId}`)
    const minute = page.getByRole('slider', { name: '这一场的潮水' })
    expect(await minute.getAttribute('aria-valuetext')).toMatch(/^第 \d+ 分钟/)
    const card = page.getByRole('article').filter({ hasText: '有人问了，没看到回答' })
    await card.getByText('2 个人问怎么做').waitFor()
    await page.getByText('讲师看过会挑一件，变成您的作业').waitFor()
    await isFit(first)
    await card.getByRole('button', { name: '看这 10 秒' }).click()
    await seesMovingPicture(first)
    await page.keyboard.press('Escape')
  })

  it('her trainer makes one card homework, and it waits for her with the words and the film', async () => {
    const { page } = trainer
    await page.goto('/debriefs?list=others')
    await page.getByRole('link').filter({ hasText: '秀云头一回开播' }).click()
    await page.waitForURL(`**/debrief/${showId}`)
    const card = page.getByRole('article').filter({ hasText: '有人问了，没看到回答' })
    await card.getByRole('button', { name: `给${FIRST.name}布置成作业` }).click()
    await card.getByLabel('对她说的话（可以改）').fill('煮多久写在牌子上，举起来念')
    expect(await axe(trainer)).toEqual([])
    await card.getByRole('button', { name: '布置成作业', exact: true }).click()
    await toast(trainer, '布置好了，她会收到通知')
    await card.getByText(/报上了|排了候补|只布置作业/).waitFor()

    await first.page.goto('/me/notices')
    await first.page.getByRole('link', { name: /给您留了作业/ }).click()
    await first.page.waitForURL('**/school/homework')
    const task = first.page.getByRole('article').filter({ hasText: '煮多久写在牌子上，举起来念' })
    await task.getByRole('button', { name: '拍一段，交作业' }).waitFor()
    await isFit(first)
    await task.getByRole('link', { name: '看复盘' }).click()
    await first.page.getByText('老陈').first().waitFor()
  })

  it('the debrief of her rehearsal shows what the trainer marked, and the film that proves it', async () => {
    const { page } = first
    await page.goto(`/debrief/${rehearsalId}`)
    const marks = page.getByRole('region', { name: '讲师打的分' })
    await marks.getByText('声音亮，价钱说得清楚。').waitFor()
    await isFit(first)
    await marks.getByRole('button', { name: /^\d+:\d\d–\d+:\d\d$/ }).click()
    await seesMovingPicture(first)
  })

  it('no browser complained on the way', () => {
    const faults = Object.entries(everybody()).flatMap(([name, person]) =>
      person.faults.map((fault) => `${name}: ${fault}`)
    )
    expect(faults).toEqual([])
  })
})
