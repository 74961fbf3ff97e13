/* A ZIP of files as they are, without compression (APPNOTE 4.3): photos and Word files are compressed already. */

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});
const UTF8 = 0x800; // bit 11 of the flags: names are UTF-8

async function checksum(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let value = 0xffffffff;
  for (let index = 0; index < bytes.length; index += 1) value = TABLE[(value ^ bytes[index]) & 0xff] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

function record(signature, fields) {
  const view = new DataView(new ArrayBuffer(4 + fields.reduce((sum, [size]) => sum + size, 0)));
  view.setUint32(0, signature, true);
  let at = 4;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return view.buffer;
}

/** A Blob with these files: [{name, file}]. */
export async function zipped(entries) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const { name, file } of entries) {
    const bytes = new TextEncoder().encode(name);
    const common = [[2, UTF8], [2, 0], [2, 0], [2, 0x21], [4, await checksum(file)], [4, file.size], [4, file.size], [2, bytes.length], [2, 0]];
    const head = record(0x04034b50, [[2, 20], ...common]);
    parts.push(head, bytes, file);
    directory.push(record(0x02014b50, [[2, 20], [2, 20], ...common, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]]), bytes);
    offset += head.byteLength + bytes.length + file.size;
  }
  const size = directory.reduce((sum, part) => sum + part.byteLength, 0);
  const end = record(0x06054b50, [[2, 0], [2, 0], [2, entries.length], [2, entries.length], [4, size], [4, offset], [2, 0]]);
  return new Blob([...parts, ...directory, end], { type: "application/zip" });
}
