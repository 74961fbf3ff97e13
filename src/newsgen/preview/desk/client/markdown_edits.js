/* What the buttons and keys do to a text: functions of (text, start, end) that give {from, to, text, start, end}: what is put in
   the place of what, and what is selected then. */

const LIST = /^(\s*)([-*+]|\d{1,9}[.)])(\s+)/;
const lineStart = (text, at) => text.lastIndexOf("\n", at - 1) + 1;
const lineEnd = (text, at) => {
  const found = text.indexOf("\n", at);
  return found < 0 ? text.length : found;
};

/** Bold on and off, of the selection or of what will be typed. */
export function bold(text, start, end) {
  while (start < end && /\s/.test(text[start])) start += 1;
  while (end > start && /\s/.test(text[end - 1])) end -= 1;
  const chosen = text.slice(start, end);
  if (text.slice(start - 2, start) === "**" && text.slice(end, end + 2) === "**") {
    return { from: start - 2, to: end + 2, text: chosen, start: start - 2, end: end - 2 };
  }
  if (/^\*\*[^]+\*\*$/.test(chosen)) {
    return { from: start, to: end, text: chosen.slice(2, -2), start, end: end - 4 };
  }
  if (chosen.includes("\n")) {
    const lines = chosen.split("\n").map((line) => line.replace(/^(\s*(?:[-*+]\s+|\d+[.)]\s+)?)(\S.*?)\s*$/, "$1**$2**")).join("\n");
    return { from: start, to: end, text: lines, start, end: start + lines.length };
  }
  const words = chosen || "粗体字";
  return { from: start, to: end, text: `**${words}**`, start: start + 2, end: start + 2 + words.length };
}

/** The lines of the selection, changed one by one. */
function lines(text, start, end, change) {
  const from = lineStart(text, start);
  const to = lineEnd(text, end > start && text[end - 1] === "\n" ? end - 1 : end);
  const changed = change(text.slice(from, to).split("\n")).join("\n");
  const caret = from + changed.length;
  return { from, to, text: changed, start: start === end ? caret : from, end: caret };
}

/** A heading of this level, or none again. */
export const heading = (level) => (text, start, end) => {
  const mark = `${"#".repeat(level)} `;
  return lines(text, start, end, (all) => all.map((line) => {
    const words = line.replace(/^#{1,6}\s+/, "");
    return line.startsWith(mark) ? words : `${mark}${words}`;
  }));
};

/** Lines with a mark before each, or without it where all have it; empty lines between others stay as they are. */
const marked = (has, mark) => (text, start, end) => lines(text, start, end, (all) => {
  const filled = all.filter((line) => line.trim());
  if (!filled.length) return all.map((line, index) => (index ? line : mark(0)));
  const isMarked = filled.every((line) => has.test(line));
  let number = 0;
  return all.map((line) => {
    if (!line.trim()) return line;
    const words = line.replace(has, "").replace(LIST, "");
    return isMarked ? line.replace(has, "") : `${mark(number++)}${words}`;
  });
});

export const bullets = marked(/^\s*[-*+]\s+/, () => "- ");
export const numbers = marked(/^\s*\d{1,9}[.)]\s+/, (index) => `${index + 1}. `);
export const quotation = marked(/^>\s?/, () => "> ");

/** Text put in as lines of its own; `start` and `end` say what of it is selected then. */
export function block(text, at, words, start = words.length, end = start) {
  const before = at === 0 || text[at - 1] === "\n" ? (at < 2 || text[at - 2] === "\n" ? "" : "\n") : "\n\n";
  const after = text.slice(at).startsWith("\n\n") || at === text.length ? "" : text[at] === "\n" ? "\n" : "\n\n";
  return { from: at, to: at, text: before + words + after, start: at + before.length + start, end: at + before.length + end };
}

export function table(text, at, rows, columns) {
  const line = (cell) => `| ${Array.from({ length: columns }, (_, index) => cell(index)).join(" | ")} |`;
  const words = [line((index) => `表头${index + 1}`), line(() => "---"), ...Array.from({ length: rows }, () => line(() => " "))].join("\n");
  return block(text, lineEnd(text, at), words, 2, 5);
}

/** A footnote: its number here, its words at the end of the text, where one goes on typing. */
export function footnote(text, start, end) {
  const used = [...text.matchAll(/\[\^(\d+)\]/g)].map(([, number]) => Number(number));
  const number = Math.max(0, ...used) + 1;
  const mark = `[^${number}]`;
  const rest = text.slice(end).replace(/\n+$/, "");
  const isBelowOther = /(^|\n)\[\^[^\]]+\]:[^\n]*$/.test(rest || text.slice(0, end));
  const note = `${isBelowOther ? "\n" : "\n\n"}[^${number}]: `;
  const words = "注释";
  const caret = end + mark.length + rest.length + note.length;
  return { from: end, to: text.length, text: `${mark}${rest}${note}${words}\n`, start: caret, end: caret + words.length };
}

export function link(text, start, end, words, address) {
  const made = words && words !== address ? `[${words}](${address.includes(" ") ? `<${address}>` : address})` : address;
  return { from: start, to: end, text: made, start: start + made.length, end: start + made.length };
}

/** What Enter does at the end of a list's item: goes on with the next, or ends the list at an empty one. Null: nothing special. */
export function nextItem(text, start, end) {
  if (start !== end || start !== lineEnd(text, start)) return null;
  const from = lineStart(text, start);
  const line = text.slice(from, start);
  const found = LIST.exec(line) ?? /^(\s*)([-*+]|\d{1,9}[.)])$/.exec(line);
  if (!found) return null;
  if (!line.slice(found[0].length).trim()) return { from, to: start, text: "", start: from, end: from };
  const [, indent, mark, space = " "] = found;
  const next = /\d/.test(mark) ? `${parseInt(mark, 10) + 1}${mark.slice(-1)}` : mark;
  const words = `\n${indent}${next}${space}`;
  return { from: start, to: start, text: words, start: start + words.length, end: start + words.length };
}
