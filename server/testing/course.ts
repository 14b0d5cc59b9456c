import type { CourseDraft } from '../../shared/contracts/school.ts'

/** A course as a trainer would write it in a minute: two lessons to read, three questions, one criterion. */
export const courseDraft = (change: Partial<CourseDraft> = {}): CourseDraft => ({
  title: '直播带货入门',
  about: '手机、灯光、话术。',
  topic: 'live_selling',
  cover: '',
  state: 'open',
  practical: true,
  makesHost: true,
  assessors: 1,
  passPercent: 60,
  validMonths: 24,
  lessons: [lesson('开播前'), lesson('留住人')],
  questions: [question('蛤蜊吐沙要多久？', 0), question('活鲜怎么发？', 1), question('能说“最便宜”吗？', 2)],
  rubric: [{ id: 'talk', name: '讲解', how: '说清规格和价格', max: 100 }],
  ...change
})

export const lesson = (title: string): CourseDraft['lessons'][number] => ({
  title,
  blocks: [{ kind: 'text', text: '鲜'.repeat(100) }]
})

export const question = (ask: string, right: number): CourseDraft['questions'][number] => ({
  ask,
  pictureId: '',
  audioId: '',
  options: ['甲', '乙', '丙'].map((text) => ({ text, pictureId: '' })),
  right,
  why: `因为是第${right + 1}个`
})
