import { crc32, deflateRawSync } from 'node:zlib'

/** A zip of these parts, as a spreadsheet writes one; `lie` changes what the heads say of a part. */
export function zipOf(parts: Record<string, string | Buffer>, lie: Record<string, number> = {}): Buffer {
  const files: Buffer[] = []
  const list: Buffer[] = []
  let at = 0
  for (const [name, content] of Object.entries(parts)) {
    const bytes = Buffer.from(content as string)
    const packed = deflateRawSync(bytes)
    const head = Buffer.alloc(26)
    head.writeUInt16LE(20, 0)
    head.writeUInt16LE(8, 4)
    head.writeUInt32LE(crc32(bytes), 10)
    head.writeUInt32LE(packed.length, 14)
    head.writeUInt32LE(lie[name] ?? bytes.length, 18)
    head.writeUInt16LE(Buffer.byteLength(name), 22)
    const file = Buffer.concat([Buffer.from('PK\x03\x04'), head, Buffer.from(name), packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(at, 10)
    list.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), head, tail, Buffer.from(name)]))
    files.push(file)
    at += file.length
  }
  const end = Buffer.alloc(18)
  end.writeUInt16LE(list.length, 4)
  end.writeUInt16LE(list.length, 6)
  end.writeUInt32LE(Buffer.concat(list).length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...files, ...list, Buffer.from('PK\x05\x06'), end])
}

const DOCUMENT = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/** A workbook by hand: what stands in `<sheetData>`, and what else is to be different. */
export function workbookOf(
  sheetData: string,
  parts: Record<string, string> = {},
  lie?: Record<string, number>
) {
  return zipOf(
    {
      'xl/workbook.xml': `<?xml version="1.0" encoding="UTF-8"?><workbook xmlns:r="${DOCUMENT}"><sheets><sheet name="名册" sheetId="1" r:id="rId1"/></sheets></workbook>`,
      'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Type="${DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${DOCUMENT}/styles" Target="styles.xml"/><Relationship Id="rId3" Type="${DOCUMENT}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
      'xl/worksheets/sheet1.xml': `<?xml version="1.0"?><worksheet><sheetData>${sheetData}</sheetData></worksheet>`,
      ...parts
    },
    lie
  )
}

/** A multipart body with one file, as a browser sends it. */
export function uploadOf(bytes: Buffer, field = 'sheet') {
  const boundary = 'a-line-that-no-sheet-has'
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="${field}"; filename="名册.xlsx"\r\ncontent-type: application/octet-stream\r\n\r\n`
  return {
    payload: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` }
  }
}
