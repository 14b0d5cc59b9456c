/** Every refusal of the village: its HTTP status and the sentence that a fifty-year-old host understands. */
export const problems = {
  // the edge
  bad_input: [400, '填的内容有一处不对，请改一下再试'],
  bad_json: [400, '发来的内容不完整，请再试一次'],
  not_found: [404, '这里没有您要找的东西'],
  no_such_route: [404, '没有这个地址'],
  too_big: [413, '文件太大了，请换一张小一点的'],
  too_fast: [429, '您点得太快了，歇几秒再试'],
  busy: [503, '现在人太多，请过几秒再试'],
  broken: [500, '是我们出错了，请再试一次'],
  foreign_origin: [403, '这个请求不是从本店页面发出的'],
  // who you are
  sign_in_first: [401, '请先登录'],
  not_yours: [403, '这不是您的，不能动'],
  role_missing: [403, '您还没有这个权限，请找工会工作人员'],
  bad_code: [400, '验证码不对，请看清再输一次'],
  code_expired: [400, '验证码过期了，请重新获取'],
  code_too_many: [403, '输错太多次了，请重新获取验证码'],
  bad_phone: [400, '手机号不对，请输入 11 位手机号'],
  sms_too_fast: [429, '验证码一分钟只能发一次，请稍等'],
  sms_failed: [503, '短信没有发出去，请过一会儿再试'],
  sms_full: [503, '今天发出的短信太多了，请明天再试或联系工会'],
  banned: [403, '这个账号已被停用，请联系工会'],
  setup_over: [410, '这个链接用过了或已失效，请看服务器上新打印的链接'],
  no_such_member: [404, '没有这位成员'],
  last_officer: [409, '工会至少要留一位干部，请先把这个权限交给另一位'],
  address_book_full: [409, '地址最多存二十个，请先删掉一个'],
  // the show and its room
  no_such_show: [404, '没有这场直播'],
  show_not_yours: [403, '这不是您的直播，不能动'],
  show_over: [409, '这场直播已经结束了'],
  show_begun: [409, '直播已经开始，只能改小黄车'],
  show_not_live: [409, '直播还没开始'],
  show_in_the_past: [400, '开播时间已经过去了，请改一个'],
  another_show_live: [409, '您有另一场正在直播，请先结束它'],
  not_on_shelf: [409, '这件商品不在小黄车里，请先上架'],
  shelf_full: [409, '小黄车满了，请先下架一件'],
  too_many_shows: [409, '排的场次太多了，请先播完几场'],
  room_crowded: [429, '大家聊得太热闹了，等一秒再发'],
  message_empty: [400, '还没写字呢'],
  message_long: [400, '写得太长了，请短一点'],
  not_sold_here: [409, '彩排和网课里不卖东西，也不发券'],
  bad_message: [400, '这条消息看不懂，没有发出去'],
  too_many_sockets: [429, '同一个网络连得太多了，请关掉几个页面'],
  // the picture
  no_such_session: [404, '没有这次直播画面'],
  session_over: [410, '这次直播画面已经结束'],
  not_video: [400, '收到的不是视频画面，请重新开播'],
  video_too_big: [413, '画面数据太大，请降低清晰度'],
  segment_gone: [404, '这一段画面已经不在了'],
  // goods
  no_such_shop: [404, '没有这家店'],
  no_such_product: [404, '没有这件商品'],
  no_such_spec: [404, '没有这个规格'],
  product_changed: [409, '这件商品刚被别人改过，请刷新再改'],
  product_off_sale: [409, '这件商品下架了'],
  sold_out: [409, '没货了，等明早的潮'],
  not_a_picture: [400, '这不是照片，请选一张照片'],
  too_many_photos: [409, '照片最多九张'],
  shop_exists: [409, '您已经有一家店了'],
  shop_full: [409, '一家店最多放两百件商品，请改用旧的'],
  // coupons
  no_such_coupon: [404, '没有这张券'],
  coupon_gone: [409, '券领完了，等下一轮'],
  coupon_over: [409, '这张券已经过期了'],
  coupon_claimed: [409, '您已经领过了，在“我的券”里'],
  follow_first: [403, '先点关注，就能领这张券'],
  coupon_wrong_shop: [409, '这张券是别家店的，这里不能用'],
  coupon_below_threshold: [409, '还没满金额，再加一点就能用这张券'],
  coupon_used: [409, '这张券用过了'],
  coupon_not_yours: [403, '这张券不在您的券包里'],
  coupon_too_generous: [400, '优惠比门槛还高，请检查金额'],
  too_many_coupons: [409, '这场发的券太多了，等前面的结束再发'],
  // orders and money
  no_such_order: [404, '没有这个订单'],
  order_closed: [409, '这个订单已经关闭'],
  order_paid: [409, '这个订单已经付过钱了'],
  order_mixed_shops: [409, '一次只能买一家店的东西'],
  tick_perishable: [409, '生鲜不支持七天无理由退货，请先勾选同意'],
  no_such_address: [404, '没有这个收货地址'],
  address_needed: [400, '请先填收货地址'],
  too_many_unpaid: [409, '您有好几笔订单还没付款，请先付款或取消'],
  not_delivered: [409, '这件货现在送不到您那里，请换个地址，或看看别的货'],
  region_unclear: [400, '地址里看不出是哪个省，请在所在地区前面写上省份'],
  no_such_freight: [404, '没有这个运费模板'],
  freight_changed: [409, '这个运费模板刚被改过，请刷新再改'],
  freight_in_use: [409, '还有商品用着这个运费模板，请先给它们换一个'],
  freight_full: [409, '运费模板最多二十个，请改用旧的'],
  no_such_weather: [404, '没有这条天气通知，可能已经撤了'],
  weather_full: [409, '天气通知最多五十条，请先撤掉几条'],
  price_changed: [409, '价格刚变了，请看一眼再下单'],
  bad_signature: [400, '支付通知的签名不对'],
  no_such_payment: [404, '没有这笔支付'],
  payment_unavailable: [503, '支付通道暂时不通，请稍后再试'],
  method_unavailable: [409, '这个付款方式还没开通，请换一个'],
  too_many_attempts: [409, '这个订单换付款方式的次数太多了，请取消后重新下单'],
  sandbox_off: [403, '演示收银台没有打开'],
  // the school
  no_such_course: [404, '没有这门课'],
  courses_full: [409, '课程最多一百门，请改用旧的'],
  course_changed: [409, '这门课刚被别人改过，请刷新再改'],
  course_certified: [409, '这门课已经发过证书，主题不能再换，请另开一门课'],
  no_such_lesson: [404, '没有这一课'],
  lesson_too_long: [400, '一课最长五分钟，请分成两课'],
  no_such_class: [404, '没有这堂课'],
  class_changed: [409, '这堂课刚被别人改过，请刷新再改'],
  class_cancelled: [409, '这堂课取消了，请看看别的时间'],
  class_over: [409, '这堂课已经上完了'],
  class_full: [409, '这堂课坐满了，请看看别的时间'],
  checked_in: [409, '已经签到了，不能再退'],
  class_in_the_past: [400, '上课时间已经过去了，请改一个'],
  class_too_long: [400, '一堂课最长十二个小时'],
  not_a_quarter: [400, '上课时间要落在整刻钟上'],
  double_booked: [409, '时间撞了：讲师、教室或器材已经有别的安排'],
  no_such_resource: [404, '没有这位讲师、这间教室或这件器材'],
  no_such_leave: [404, '没有这次请假'],
  too_few_seats: [409, '座位不能比已经报名的人少'],
  not_a_trainer: [400, '这位还不是讲师'],
  not_booked: [409, '她没有报这堂课'],
  materials_full: [409, '资料最多放三十份'],
  not_online: [409, '这堂课是当面上的，没有直播间'],
  code_old: [409, '这个码过期了，请扫大屏上现在的码'],
  code_wrong: [400, '这个码不对，请扫课堂大屏上的码'],
  doors_closed: [409, '现在不是这堂课的签到时间'],
  not_attended: [409, '她没有签到'],
  attendance_undone: [409, '这次签到被撤销过，请找讲师'],
  quiz_empty: [409, '这门课还没有题'],
  quiz_passed: [409, '您已经考过了'],
  quiz_wait: [429, '先回去看看课，过一会儿再答'],
  clip_too_long: [400, '作业视频最长三十秒'],
  no_such_homework: [404, '没有这份作业'],
  no_debrief_yet: [409, '这场还没播完，播完就能复盘'],
  no_such_card: [404, '这张卡片已经不在了，请刷新再看'],
  trainer_decides: [403, '这要讲师、师傅或工会来定，请她们看一眼'],
  comments_full: [409, '一份作业最多一百条点评'],
  enrol_first: [403, '先报名上课，才能彩排'],
  too_many_rehearsals: [409, '没播的彩排太多了，请先用掉几场'],
  not_herself: [403, '不能给自己评分'],
  assess_incomplete: [400, '每一项都要打分，分数不能超过满分'],
  nothing_to_assess: [409, '她还没有开播，没有可以评的'],
  no_such_certificate: [404, '没有这张证书，请核对编号'],
  certificate_revoked: [409, '这张证书已经撤销了'],
  // master and apprentice
  no_such_mentorship: [404, '没有这对师徒'],
  mentor_needs_certificate: [409, '师傅自己要有直播带货的证书'],
  apprentice_taken: [409, '她已经有一位师傅了'],
  mentorship_closed: [409, '这段师徒已经结束了'],
  mentorship_unsigned: [409, '要两个人都签了才开始'],
  mentorship_too_long: [400, '师徒最长三年'],
  tasks_open: [409, '还有任务没做完，不能出师'],
  task_done: [409, '这项任务已经完成了'],
  tasks_full: [409, '任务最多六十个'],
  // the licence to go live
  not_licensed: [403, '还不能开播，差的证在下面'],
  goods_not_licensed: [403, '有的货还不能上小黄车，差的证在下面'],
  mentor_away: [409, '师傅还没到，等她连上场控台再开播'],
  sale_stopped: [409, '这场暂时停售了，请稍后再买'],
  no_such_document: [404, '没有这份证件'],
  document_closed: [409, '这份证件已经处理过了'],
  document_expired: [400, '这份证件已经过了有效期'],
  rules_changed: [409, '规则刚被别人改过，请刷新再改'],
  // the register and its cases
  no_such_branch: [404, '没有这个支会'],
  branch_circle: [400, '支会不能放在自己下面'],
  branch_exists: [409, '已经有一个同名的支会'],
  too_many_branches: [409, '支会太多了，最多五百个'],
  not_in_register: [404, '名册里没有她'],
  in_register: [409, '名册里已经有这个人'],
  bad_id_number: [400, '身份证号不对，请对照证件再看一遍'],
  id_unknown: [409, '还没有登记她的身份证号'],
  no_such_case: [404, '没有这件事'],
  case_closed: [409, '这件事已经办完了'],
  case_changed: [409, '这件事刚有新情况，请刷新再看'],
  case_own: [403, '自己的事要请别的干部来办'],
  case_open: [409, '您有一件还没办完，请等回复'],
  case_full: [409, '这件事来回写得太多了，请直接办结'],
  // files and sheets
  no_such_file: [404, '没有这个文件'],
  file_unknown: [400, '这种文件收不了，请换一个'],
  files_full: [409, '今天传的文件太多了，请明天再传'],
  sheet_unreadable: [400, '这张表读不了，请存成 xlsx 再传'],
  sheet_too_long: [413, '这张表太长了，请分成几张'],
  sheet_columns: [400, '表头不对，请照模板填'],
  preview_gone: [410, '这次预览过期了，请重新选一次文件']
} as const satisfies Record<string, readonly [status: number, words: string]>

export type ProblemCode = keyof typeof problems

/** What every refused request is answered with. */
export interface ProblemAnswer {
  code: ProblemCode
  message: string
  /** Which field, how long to wait in milliseconds, …: for the screen, never needed to understand the sentence. */
  details?: Record<string, unknown>
}

/** A refusal on its way to the one error handler. Bugs are not Problems: let them throw. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly details: Record<string, unknown> | undefined

  constructor(code: ProblemCode, details?: Record<string, unknown>) {
    super(problems[code][1])
    this.code = code
    this.details = details
  }

  get status(): number {
    return problems[this.code][0]
  }

  answer(): ProblemAnswer {
    return { code: this.code, message: this.message, ...(this.details && { details: this.details }) }
  }
}
