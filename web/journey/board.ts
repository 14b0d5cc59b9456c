import type { Person } from './person.ts'

/** The steps of the outcome board, as its page names them. */
export const STEPS = ['报名', '到课', '彩排', '持证', '首播', '首个一千元', '成功主播'] as const
export interface Board {
  people: number[]
  women: number[]
  attendances: number
  certificates: number
}

/** The outcome board, as an officer reads it from the page. */
export async function readsBoard({ page }: Person): Promise<Board> {
  await page.goto('/union/board')
  await page.getByRole('button', { name: '看表格' }).click()
  const cells = (step: string) =>
    page
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader', { name: step, exact: true }) })
      .locator('td')
  const fact = async (name: string) =>
    Number(await page.locator('dl.facts div').filter({ hasText: name }).locator('dd').innerText())
  const columns = await Promise.all(STEPS.map((step) => cells(step).allInnerTexts()))
  return {
    people: columns.map(([people]) => Number(people)),
    women: columns.map(([, women]) => Number(women)),
    attendances: await fact('签到人次'),
    certificates: await fact('发证')
  }
}
