import { DEMO_PEOPLE } from '../seed/people.ts'

// `npm run demo:accounts`: whom one can be in the demo village.
console.log('演示账号：输入手机号，验证码在 /dev/inbox（只在本机能看，没有真正发送）\n')
for (const { phone, name, roles, about } of DEMO_PEOPLE) {
  console.log(`${phone}  ${roles.at(-1)!.padEnd(8)}  ${name} · ${about}`)
}
