interface ShownText {
  phone: string
  text: string
  sentAt: number
}

/** /dev/inbox for people: every text of the demo village, newest first. */
export function inboxPage(texts: readonly ShownText[]) {
  const items = texts.map(
    ({ phone, text, sentAt }) =>
      `<li><b>${escape(phone)}</b> <time>${new Date(sentAt).toLocaleTimeString('zh-CN', { timeZone: 'Asia/Shanghai' })}</time><p>${escape(text)}</p></li>`
  )
  return `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="3">
<title>演示短信 · 渔家直播</title>
<style>
body { font: 18px/1.6 system-ui, sans-serif; max-width: 36em; margin: 0 auto; padding: 1em; color: #12323b }
h1 { font-size: 1.2em; background: #fff3d6; padding: .6em .8em; border-radius: .5em }
ul { list-style: none; padding: 0 }
li { border-top: 1px solid #d5e0e2; padding: .6em 0 }
p { margin: .2em 0 } time { color: #55707a }
</style>
<h1>演示短信，没有真正发送</h1>
<ul>${items.join('\n') || '<li>还没有短信。去登录页要一个验证码，它就会出现在这里。</li>'}</ul>
</html>
`
}

const escape = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
