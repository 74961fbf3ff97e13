/* The photos that a text shows: where they stand, and the edits that change a caption, an order, or take one out. An edit is
   {from, to, text}; the text itself is the only record of what is shown. */

import { make } from "./dom.js";

const IMAGE = /!\[((?:\\.|[^\]\\\n])*)\]\(\s*(<[^>\n]*>|(?:[^()\s]|\([^()\n]*\))*)(?:\s+"[^"\n]*")?\s*\)(\{[^}\n]*\})?/g;
const WHAT = "(?:附?图片?|照片|插图)";
/* As newsgen reads them (content/markdown/photo_marks.py). */
const MARK = new RegExp(
  `^[ \\t\\u3000]*(【\\s*${WHAT}\\s*(\\d{1,3})(?:\\s*[：:，,、\\s]\\s*([^【】\\[\\]\\n]*?))?\\s*】|[（(]\\s*${WHAT}\\s*(\\d{1,3})\\s*[）)])[ \\t\\u3000]*$`, "gm");
const FENCE = /^ {0,3}(`{3,}|~{3,})[^\n]*$/gm;
const COMMENT = /<!--[^]*?-->/g;
/* As in content/photo_numbers.py: what the name of a photo begins with that says its number. */
const NUMBERED = /^(?:附?图片?|照片|插图)?\s*[（(]?0*(\d{1,3})[)）]?(?![\d年月日])(?:[-_ .、：:，,][^]*)?$/;

/** The parts of a text that show nothing: code between fences, and notes to colleagues. */
function hidden(text) {
  const spans = [...text.matchAll(COMMENT)].map((found) => [found.index, found.index + found[0].length]);
  let open = null;
  for (const fence of text.matchAll(FENCE)) {
    if (!open) open = fence;
    else if (fence[1][0] === open[1][0] && fence[1].length >= open[1].length) {
      spans.push([open.index, fence.index + fence[0].length]);
      open = null;
    }
  }
  if (open) spans.push([open.index, text.length]);
  return spans;
}

const unescaped = (alt) => alt.replace(/\\([!-/:-@[-`{-~])/g, "$1");
const escaped = (words) => words.replace(/\s+/g, " ").trim().replace(/[\\[\]`*_<]/g, "\\$&");

/** The file that an address in a text names. */
function nameOf(address) {
  const plain = address.replace(/^<|>$/g, "").replace(/^\.\//, "");
  try {
    return decodeURIComponent(plain).normalize("NFC");
  } catch {
    return plain.normalize("NFC");
  }
}

const stem = (name) => name.replace(/\.[^.]*$/, "");
const order = (name) => name.replace(/\d+/g, (digits) => digits.padStart(20, "0"));
const inOrder = (one, other) => (order(one) < order(other) ? -1 : 1);

const NAMES = new Intl.Collator("zh-CN", { numeric: true });

/** Files as a file manager lists them, 2 before 10: systems hand them over as they were chosen, or as they lie on the disk. */
export const byName = (files) => [...files].sort((one, other) => NAMES.compare(one.name, other.name));

/** Which photo each number of a mark stands for: {number: name}. `named` are the photos that the text names itself. */
export function numbered(photos, named) {
  const found = {};
  for (const name of [...photos].sort(inOrder).reverse()) {
    const number = NUMBERED.exec(stem(name));
    if (number) found[Number(number[1])] = name;
  }
  if (Object.keys(found).length) return found;
  const others = [...photos].filter((name) => !named.has(name)).sort(inOrder);
  return Object.fromEntries(others.map((name, index) => [index + 1, name]));
}

/** The photos in a text, in its order: {from, to, name, caption, number, look}; `number` is that of a mark, null for others. */
export function photosIn(text, photos) {
  const spans = hidden(text);
  const isShown = ({ index }) => !spans.some(([from, to]) => index >= from && index < to);
  const images = [...text.matchAll(IMAGE)].filter(isShown).map((found) => ({
    from: found.index, to: found.index + found[0].length, name: nameOf(found[2]), caption: unescaped(found[1]), number: null,
    address: found[2], look: found[3] ?? "",
  }));
  const marks = [...text.matchAll(MARK)].filter(isShown).map((found) => {
    const from = found.index + found[0].indexOf(found[1]);
    return { from, to: from + found[1].length, name: null, caption: found[3] ?? "", number: Number(found[2] ?? found[4]) };
  });
  const by = marks.length ? numbered(photos, new Set(images.map(({ name }) => name))) : {};
  for (const mark of marks) mark.name = by[mark.number] ?? null;
  return [...images, ...marks].sort((one, other) => one.from - other.from);
}

/** The line that shows a photo. */
export function photoLine(name, caption = "") {
  return `![${escaped(caption)}](${/[\s()<>]/.test(name) ? `<${name}>` : name})`;
}

/** Another caption, in the photo's own place. */
export function withCaption(place, caption) {
  const words = caption.replace(/\s+/g, " ").trim();
  const text = place.number === null
    ? `![${escaped(words)}](${place.address})${place.look}`
    : `【图${place.number}${words ? `：${words.replace(/[【】[\]]/g, "")}` : ""}】`;
  return { from: place.from, to: place.to, text };
}

/** Whether a photo has its line for itself. */
function isAlone(text, { from, to }) {
  const [start, end] = lineOf(text, { from, to });
  return !text.slice(start, from).trim() && !text.slice(to, end).trim();
}

/** Where the line of a photo begins and ends. */
function lineOf(text, { from, to }) {
  const found = text.indexOf("\n", to);
  return [text.lastIndexOf("\n", from - 1) + 1, found < 0 ? text.length : found];
}

/** The text without a photo; its line goes where it holds nothing else, with one of two blank lines around it. */
export function without(text, place) {
  if (!isAlone(text, place)) return { from: place.from, to: place.to, text: "" };
  const [start, end] = lineOf(text, place);
  const isBlankAbove = start < 2 || text[start - 2] === "\n";
  const isBlankBelow = text.slice(end, end + 2) === "\n\n";
  return { from: start, to: Math.min(text.length, end + (isBlankAbove && isBlankBelow ? 2 : 1)), text: "" };
}

/** A photo moved directly before another one, or behind it: nothing else leaves its place. */
export function movedTo(text, place, other, isBehind) {
  const typed = text.slice(place.from, place.to);
  const words = place.number === null ? typed : photoLine(place.name, place.caption); // a mark is one in a line of its own alone
  return together(text, beside(text, typed, words, other, isBehind), takenOut(text, place));
}

/** A photo that the text does not show yet, directly before another one. */
export const putBefore = (text, line, other) => beside(text, line, line, other, false);

/** A photo moved to a line of its own below the paragraph of a place; null where it is in that line already. */
export function movedBelow(text, place, at) {
  const gone = takenOut(text, place);
  const line = isAlone(text, place) ? text.slice(place.from, place.to) : photoLine(place.name, place.caption);
  const put = asLines(text, at, [line]);
  if (put.from > gone.from && put.from < gone.to) return null;
  const caret = put.end - (put.from > gone.from ? gone.to - gone.from : 0);
  return { ...together(text, put, gone), start: caret, end: caret };
}

/** Something put at one place and something taken out at another, as one edit. */
function together(text, put, gone) {
  const [first, second] = put.from <= gone.from ? [put, gone] : [gone, put];
  return { from: first.from, to: second.to, text: first.text + text.slice(first.to, second.from) + second.text };
}

/** What is put beside another photo: `typed` in a line of its own, where that one has a line; else `words` within the other's line. */
function beside(text, typed, words, other, isBehind) {
  if (!isAlone(text, other)) {
    const at = isBehind ? other.to : other.from;
    return { from: at, to: at, text: isBehind ? ` ${words}` : `${words} ` };
  }
  const [start, end] = lineOf(text, other);
  const isInGroup = (start > 1 && text[start - 2] !== "\n") || (end < text.length - 1 && text[end + 1] !== "\n");
  const gap = isInGroup ? "\n" : "\n\n";
  return isBehind ? { from: end, to: end, text: gap + typed } : { from: start, to: start, text: typed + gap };
}

/** The photo gone from its old place, with the blank that kept it apart. */
function takenOut(text, place) {
  const edit = without(text, place);
  if (isAlone(text, place)) {
    const isLast = !text.slice(edit.to).trim();
    return isLast ? { from: text.slice(0, edit.from).trimEnd().length, to: lineOf(text, place)[1], text: "" } : edit;
  }
  if (text[edit.from - 1] === " ") return { ...edit, from: edit.from - 1 };
  return text[edit.to] === " " ? { ...edit, to: edit.to + 1 } : edit;
}

/** Lines of their own at the end of the paragraph in which a place lies, with a blank line around each. */
export function asLines(text, at, lines) {
  const found = text.indexOf("\n", at);
  const isAtStart = at === 0 || text[at - 1] === "\n";
  const end = isAtStart ? at : found < 0 ? text.length : found;
  const above = end === 0 || text.slice(0, end).endsWith("\n\n") ? "" : text[end - 1] === "\n" ? "\n" : "\n\n";
  const isLast = end < text.length && !text.slice(end).trim();
  const below = isLast || text.slice(end).startsWith("\n\n") ? "" : end === text.length || text[end] === "\n" ? "\n" : "\n\n";
  const made = above + lines.join("\n\n") + below;
  const caret = end + above.length + lines.join("\n\n").length;
  return { from: end, to: end, text: made, start: caret, end: caret };
}

/* The last line, as newsgen reads it: （管理学院 2024年3月14日）. */
const SIGNATURE = /\n[ \t\u3000]*[（(][^（）()\n]*\d{4}[^（）()\n]*[)）]\s*$/;

/** The end of the last paragraph: what is put there stands above the signature, which must stay the last line. */
export function endOf(text) {
  return text.replace(SIGNATURE, "").trimEnd().length;
}

/** Where a click or drop lies in a text field; null where the browser cannot tell. */
export function placeAt(field, x, y) {
  const found = document.caretPositionFromPoint?.(x, y);
  return found && found.offsetNode === field ? found.offset : measured(field, x, y);
}

/** The same in Safari and in Chrome before 128, which find places in the page alone: in a copy that lies on the field for the moment. */
function measured(field, x, y) {
  const box = field.getBoundingClientRect();
  const copy = make("div", { class: "text measure", "aria-hidden": "true", text: `${field.value}\u200b` });
  Object.assign(copy.style, {
    position: "fixed", left: `${box.left + field.clientLeft}px`, top: `${box.top + field.clientTop - field.scrollTop}px`,
    width: `${field.clientWidth}px`, visibility: "visible", pointerEvents: "auto", zIndex: "99",
  });
  field.after(copy);
  const found = document.caretRangeFromPoint?.(x, y);
  const at = found && copy.contains(found.startContainer) ? Math.min(found.startOffset, field.value.length) : null;
  copy.remove();
  return at;
}
