/* Pasting. Rich text goes to the desk's own converter and comes back as Markdown; no HTML of a clipboard is ever put into a
   page. What was pasted first stands first, however long it takes, and one goes on typing meanwhile. */

import { make, takeOut } from "./dom.js";
import { anchor, putAt } from "./anchors.js";
import { asLines, photoLine } from "./photo_text.js";

const MOST = 60_000_000; // characters of a clipboard

export function mount(desk, editor) {
  const pasting = new Pasting(desk, editor);
  editor.pasting = pasting;
  editor.textArea.element.addEventListener("paste", (event) => pasting.take(event));
}

class Pasting {
  constructor(desk, editor) {
    Object.assign(this, { desk, editor });
    this.queue = Promise.resolve();
    this.waiting = 0;
    this.remark = null;
  }

  take(event) {
    const data = event.clipboardData;
    if (!data) return;
    const html = data.getData("text/html");
    const text = data.getData("text/plain").replace(/\r\n?/g, "\n");
    const files = [...data.files].filter(({ type, name }) => type || name);
    const isPicture = files.length && !text.trim() && (!html || isPictureAlone(html));
    if (!isPicture && !html && !this.waiting) return; // plain text, with nothing before it: as everywhere
    event.preventDefault();
    const { textArea } = this.editor;
    const { start, end } = textArea.range;
    const place = anchor(textArea, start, end);
    const job = isPicture ? () => this.pictures(files, place) : html ? () => this.rich(html, text, place) : () => this.plain(text, place);
    this.waiting += 1;
    this.queue = this.queue.then(job).catch((error) => this.failed(error, text, place)).finally(() => {
      this.waiting -= 1;
      place.release();
    }).catch(raiseOutside);
  }

  async rich(html, text, place) {
    this.say(null);
    if (html.length > MOST) throw Object.assign(new Error("剪贴板里的内容太大了"), { hint: "分几次粘贴；照片另存成文件，直接拖进来" });
    const slow = setTimeout(() => this.desk.announce("正在粘贴……"), 400);
    let answer;
    try {
      answer = await this.desk.call("POST", this.desk.address("paste", { path: this.editor.report.path }), { html, text });
    } finally {
      clearTimeout(slow);
    }
    if (this.editor.isOver) return; // the person knew that it had not come
    if (answer.files.length) this.editor.files?.known(answer.files);
    await this.editor.textArea.still();
    const markdown = answer.markdown.replace(/^\n+|\n+$/g, "");
    const put = this.put(place, markdown || text);
    const isSame = !answer.remarks.length && plainWords(markdown) === plainWords(text);
    if (!isSame) this.tell(answer.remarks, put, markdown, text);
    else this.desk.announce("粘贴好了");
  }

  async plain(text, place) {
    await this.editor.textArea.still();
    this.put(place, text);
  }

  /** Puts pasted text in the place of what was selected; gives where it stands now. */
  put(place, words) {
    const { textArea } = this.editor;
    const value = textArea.text;
    const isBlock = /\n/.test(words) || /^(?:[#|>]|[-*+] |\d+[.)] |!\[)/.test(words);
    const before = value.slice(0, place.from);
    const after = value.slice(place.to);
    const above = isBlock && before && !before.endsWith("\n\n") && !isInLine(words) ? (before.endsWith("\n") ? "\n" : "\n\n") : "";
    const below = isBlock && after && !after.startsWith("\n\n") && !isInLine(words) ? (after.startsWith("\n") ? "\n" : "\n\n") : "";
    const text = above + words + below;
    const { start } = textArea.range;
    const isHere = start >= place.from && start <= place.to;
    const end = place.from + above.length + words.length;
    const caret = isHere ? end : start > place.to ? start + text.length - (place.to - place.from) : start;
    const from = place.from + above.length;
    place.isFilled = true;
    putAt(textArea, place, { from: place.from, to: place.to, text, start: caret, end: caret });
    return anchor(textArea, from, end);
  }

  async pictures(files, place) {
    const taken = [];
    for (const file of files) {
      const name = /^image\.\w+$/.test(file.name) || !file.name ? `截图.${file.type.split("/")[1] ?? "png"}` : file.name;
      const found = await this.editor.files.upload(new File([file], name, { type: file.type }));
      if (found) taken.push(found);
    }
    const photos = taken.filter(({ kind }) => kind === "photo");
    for (const { kind, name } of taken) if (kind !== "photo") this.editor.files.attach(name, true);
    if (!photos.length) return;
    await this.editor.textArea.still();
    const lines = photos.map(({ name, caption }) => photoLine(name, caption));
    putAt(this.editor.textArea, place, asLines(this.editor.textArea.text, place.to, lines));
    this.desk.announce(`${photos.length} 张照片放进了正文`);
  }

  /** Whatever goes wrong, the words come as plain text. */
  async failed(error, text, place) {
    if (this.editor.isOver) return;
    await this.editor.textArea.still();
    const isPlain = Boolean(text) && !place.isFilled;
    if (isPlain) this.put(place, text).release();
    const isTold = "hint" in error; // others are faults of the desk
    const words = isTold ? error.message : "粘贴时出了意外的问题";
    this.say(`${words}${isPlain ? "，先按纯文字粘贴了" : ""}。${isTold ? error.hint : ""}`, [], "wrong");
    if (!isTold) raiseOutside(error);
  }

  /** Says what could not be carried, and offers the plain text. */
  tell(remarks, put, markdown, text) {
    const words = remarks.length ? `粘贴好了。${remarks.join("；")}。` : "粘贴好了，格式已经换成这里的写法。";
    const buttons = text.trim() ? [["只要纯文字", () => this.takePlain(put, markdown, text)]] : [];
    this.say(words, buttons, "", () => put.release());
  }

  takePlain(put, markdown, text) {
    const value = this.editor.textArea.text;
    if (value.slice(put.from, put.to) !== markdown) {
      this.say("粘贴来的文字已经改过了，没有换。要纯文字，先撤销，再按 Ctrl+Shift+V 粘贴。", [], "wrong");
      return;
    }
    const words = text.replace(/^\n+|\n+$/g, "");
    const end = put.from + words.length;
    this.editor.textArea.put({ from: put.from, to: put.to, text: words, start: end, end });
    this.editor.textArea.focus();
  }

  /** A line below the text; the next one takes its place. */
  say(words, buttons = [], kind = "", ended = () => {}) {
    this.remark?.();
    this.remark = null;
    if (!words) return;
    const note = make("p", { class: `pasted note ${kind}`, role: kind === "wrong" ? "alert" : null }, make("span", { text: words }));
    this.remark = () => {
      takeOut(note, this.editor.textArea.element);
      ended();
    };
    for (const [text, action] of [...buttons, ["知道了", () => {}]]) {
      note.append(make("button", { type: "button", class: "quiet", text, onclick: () => {
        action();
        if (note.isConnected) this.say(null);
      } }));
    }
    this.editor.files.messages.notes.prepend(note);
    if (kind === "wrong") return;
    this.desk.announce("");
    this.desk.speak(words);
  }
}

/** Raises an error where it keeps back nothing that is pasted after this. */
function raiseOutside(error) {
  setTimeout(() => { throw error; });
}

/** Whether HTML of a clipboard shows one picture and nothing else. It is read in a document of its own, which runs and loads nothing. */
function isPictureAlone(html) {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  return body.querySelectorAll("img").length === 1 && !body.textContent.trim() && !body.querySelector("table");
}

const plainWords = (text) => text.replace(/\s+/g, "");
const isInLine = (words) => !/\n/.test(words) && !/^(?:#|\||>|[-*+] |\d+[.)] |!\[)/.test(words);
