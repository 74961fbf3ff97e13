/* The text: the browser's own text field, so that every input method works as everywhere. Between compositionstart and
   compositionend nothing is read, written or moved here. */

import { anchor, follow } from "./anchors.js";
import { Composition } from "./composition.js";
import { ask, labelled, make } from "./dom.js";
import * as edits from "./markdown_edits.js";
import { difference, placeAfter } from "./undo.js";

const isMac = /Mac|iPad|iPhone/.test(navigator.platform);
const KEY_NAMES = isMac ? { ctrl: "⌘", alt: "⌥", shift: "⇧" } : { ctrl: "Ctrl+", alt: "Alt+", shift: "Shift+" };

/** Buttons: words, what it does, its key; "c" stands for Ctrl or ⌘, "a" for Alt, "s" for Shift. */
const TOOLS = [
  ["粗体", "bold", "c KeyB", "把选中的字变成粗体"],
  ["小标题", "heading2", "ca Digit2", "把这一行变成小标题"],
  ["次标题", "heading3", "ca Digit3", "把这一行变成下一级的小标题"],
  ["列表", "bullets", "cs KeyL", "每行前面加圆点"],
  ["编号", "numbers", "cs KeyO", "每行前面加 1. 2. 3."],
  ["引用", "quotation", "ca KeyQ", "把这几行变成引文"],
  ["表格", "table", "ca KeyT", "插入一张表格"],
  ["链接", "link", "c KeyK", "插入一个链接"],
  ["脚注", "footnote", "ca KeyF", "在这里加一条注释"],
  ["插照片", "picture", "ca KeyP", "插入一张照片"],
];

const keyWords = (key) => {
  const [signs, code] = key.split(" ");
  return [["c", "ctrl"], ["a", "alt"], ["s", "shift"]].filter(([sign]) => signs.includes(sign))
    .map(([, name]) => KEY_NAMES[name]).join("") + code.replace(/Key|Digit/, "");
};
const ariaKeys = (key) => {
  const [signs, code] = key.split(" ");
  return [["c", isMac ? "Meta" : "Control"], ["a", "Alt"], ["s", "Shift"]].filter(([sign]) => signs.includes(sign))
    .map(([, name]) => `${name}+`).join("") + code.replace(/Key|Digit/, "");
};

const isAsking = () => document.querySelector("dialog") !== null;

function isPressed(event, key) {
  const [signs, code] = key.split(" ");
  return event.code === code && (isMac ? event.metaKey : event.ctrlKey) === signs.includes("c") &&
    event.altKey === signs.includes("a") && event.shiftKey === signs.includes("s");
}

/**
 * The text field with its tools. `undo` records what is done, `changed()` is called after each change, `caret()` when the caret went
 * elsewhere, `composed()` when an input method is done, whether or not a word was chosen.
 */
export class TextArea {
  constructor(body, undo, { changed, caret, files, composed }) {
    Object.assign(this, { undo, changed, caret, files, composed });
    this.text = body; // as of the last change that was taken in
    this.selection = { start: 0, end: 0 }; // before the change that comes
    this.later = null; // {start, end, at, isHeld}: what is selected once the field has the focus; `at`: where the caret stands until then; `isHeld`: wherever
    this.element = make("textarea", {
      id: "text", class: "text", "aria-label": "正文", spellcheck: "false", autocapitalize: "off", autocomplete: "off",
      placeholder: "在这里写正文。每按一次回车，就是新的一段。",
    });
    this.element.value = body;
    this.element.setSelectionRange(0, 0); // a field that gets the focus shows its caret: the beginning, not the end
    this.toolbar = this.tools();
    this.listen();
  }

  tools() {
    const buttons = TOOLS.map(([text, name, key, what], index) => make("button", {
      type: "button", class: `tool ${name}`, text, title: `${what}（${keyWords(key)}）`, "aria-keyshortcuts": ariaKeys(key),
      tabindex: index ? "-1" : "0", onmousedown: (event) => event.preventDefault(), onclick: () => this.use(name),
    }));
    const bar = make("div", { class: "tools", role: "toolbar", "aria-label": "排版", "aria-controls": "text" }, buttons);
    bar.addEventListener("keydown", (event) => {
      const at = buttons.indexOf(document.activeElement);
      const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
      if (next === undefined || at < 0) return;
      event.preventDefault();
      const to = buttons[(next + buttons.length) % buttons.length];
      for (const button of buttons) button.tabIndex = button === to ? 0 : -1;
      to.focus();
    });
    return bar;
  }

  listen() {
    const field = this.element;
    this.composition = new Composition(field, {
      begins: () => this.remember(),
      ended: () => {
        this.take();
        this.composed();
      },
    });
    field.addEventListener("beforeinput", (event) => {
      if (event.inputType === "historyUndo" || event.inputType === "historyRedo") {
        event.preventDefault();
        const isUndo = event.inputType === "historyUndo";
        if (this.composition.isOpen) return; // the key belongs to the input method
        this.whenStill(() => (isUndo ? this.undo.undo() : this.undo.redo()));
      } else if (!this.isComposing) {
        this.remember();
      }
    });
    field.addEventListener("input", () => { if (!this.isComposing) this.take(); });
    field.addEventListener("keydown", (event) => this.press(event));
    document.addEventListener("selectionchange", this.follow = () => {
      if (document.activeElement === field && !this.isComposing && field.value === this.text) this.caret();
    });
    field.addEventListener("blur", () => { if (isAsking()) this.wait(this.range); });
    field.addEventListener("focus", () => { // after a dialog, WebKit has put the caret to the start by now
      const { start, end } = this.later?.isHeld ? this.later : this.range;
      this.place(start, end);
    });
    field.addEventListener("mousedown", () => {
      this.later = null; // the caret goes to where the pointer is
      this.undo.part();
    });
  }

  get isComposing() {
    return this.composition.isOn;
  }

  /** What is selected, or will be as soon as the field has the focus: {start, end}. */
  get range() {
    const { selectionStart: start, selectionEnd: end } = this.element;
    return this.later && this.later.at === `${start} ${end}` ? this.later : { start, end };
  }

  /** Selects a place, without taking the focus: Safari gives it to the field whose selection is set. */
  place(start, end) {
    this.later = null;
    if (document.activeElement === this.element) this.element.setSelectionRange(start, end);
    else this.wait({ start, end });
  }

  /** Remembers what is selected once the field has the focus again. */
  wait({ start, end }) {
    const { selectionStart, selectionEnd } = this.element;
    this.later = { start, end, at: `${selectionStart} ${selectionEnd}`, isHeld: isAsking() };
  }

  press(event) {
    if (event.isComposing || this.isComposing || event.keyCode === 229) return;
    const tool = TOOLS.find(([, , key]) => isPressed(event, key));
    if (tool) {
      event.preventDefault();
      this.use(tool[1]);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey) {
      const edit = edits.nextItem(this.element.value, this.element.selectionStart, this.element.selectionEnd);
      if (!edit) return;
      event.preventDefault();
      this.put(edit);
    } else if (/^(Arrow|Home|End|Page)/.test(event.key)) {
      this.undo.part();
    }
  }

  remember() {
    const { start, end } = this.range;
    this.selection = { start, end };
  }

  /** Takes in what the field holds now. */
  take() {
    const { value } = this.element;
    if (value === this.text) return;
    this.undo.record("body", difference(this.text, value), this.selection, true);
    this.text = value;
    follow(this);
    this.changed();
  }

  /** Does something as soon as no input method composes. */
  whenStill(action) {
    this.composition.whenStill(action);
  }

  /** Waits until no input method composes: places in the text hold good only then. */
  still() {
    return new Promise((resolve) => this.whenStill(resolve));
  }

  /** An edit of markdown_edits.js, as one step. */
  put({ from, to, text, start, end }) {
    this.whenStill(() => {
      this.remember();
      const made = this.text.slice(0, from) + text + this.text.slice(to);
      this.undo.record("body", difference(this.text, made), this.selection);
      this.write(made, start, end);
      this.show(end);
    });
  }

  /** Puts Markdown in the place of the selection; `isBlock`: as lines of its own. */
  insert(markdown, isBlock = /\n/.test(markdown)) {
    this.whenStill(() => {
      const { start, end } = this.range;
      if (isBlock && start === end) this.put(edits.block(this.text, start, markdown));
      else this.put({ from: start, to: end, text: markdown, start: start + markdown.length, end: start + markdown.length });
    });
  }

  /** Another text in the place of this one, which came from elsewhere; the caret stays with its words. */
  replaceAll(text) {
    this.whenStill(() => {
      const change = difference(this.text, text);
      if (change.gone === change.come) return;
      this.remember();
      const [start, end] = [this.selection.start, this.selection.end].map((place) => placeAfter(this.text, text, place));
      this.undo.record("body", change, this.selection);
      this.write(text, start, Math.max(start, end));
    });
  }

  /** Carries out a step of undo. */
  apply(change, selection) {
    this.whenStill(() => {
      const { at, gone, come } = change;
      const end = at + come.length;
      this.write(this.text.slice(0, at) + come + this.text.slice(at + gone.length), selection ? selection.start : end, selection ? selection.end : end);
      this.focus();
      this.show(this.range.end);
    });
  }

  write(text, start, end) {
    const { scrollTop } = this.element;
    this.text = text;
    this.element.value = text;
    this.place(start, end);
    this.element.scrollTop = scrollTop;
    follow(this);
    this.changed();
  }

  /** Takes the focus; what is in sight stays, also where a browser would show the end of a text that was written anew. */
  focus() {
    const { scrollTop } = this.element;
    this.element.focus({ preventScroll: true });
    this.element.scrollTop = scrollTop;
  }

  /** Selects a place and brings it into sight. */
  select(start, end = start) {
    this.focus();
    this.place(start, end);
    this.show(start);
    this.caret();
  }

  /** Scrolls the field so that a place is in sight: how far down it is, a copy of the text above it tells. */
  show(at) {
    const field = this.element;
    const look = getComputedStyle(field);
    const copy = make("div", { class: "text measure", "aria-hidden": "true", text: `${field.value.slice(0, at)}\u200b` });
    copy.style.width = `${field.clientWidth}px`;
    field.after(copy);
    const bottom = copy.offsetHeight - parseFloat(look.paddingBottom);
    copy.remove();
    const line = parseFloat(look.lineHeight);
    if (bottom - line < field.scrollTop + line) field.scrollTop = Math.max(0, bottom - field.clientHeight / 2);
    else if (bottom > field.scrollTop + field.clientHeight - line) field.scrollTop = bottom - field.clientHeight / 2;
  }

  /** The number of the line, from 0, in which the caret stands. */
  get line() {
    return this.element.value.slice(0, this.range.start).split("\n").length - 1;
  }

  use(name) {
    const direct = {
      bold: edits.bold, heading2: edits.heading(2), heading3: edits.heading(3), bullets: edits.bullets, numbers: edits.numbers,
      quotation: edits.quotation, footnote: edits.footnote,
    }[name];
    if (!direct) return void this.useAfterAsking(name);
    this.focus();
    this.whenStill(() => this.put(direct(this.text, this.range.start, this.range.end)));
  }

  /** A tool that asks for something first. It works at the words that were selected then, wherever they stand by now. */
  async useAfterAsking(name) {
    await this.still();
    const { start, end } = this.range;
    const place = anchor(this, start, end);
    const edit = await this[name](this.text.slice(start, end));
    await this.still();
    if (edit) this.put(edit(this.text, place.from, place.to));
    place.release();
  }

  async table() {
    const rows = make("input", { type: "number", min: "1", max: "50", value: "3" });
    const columns = make("input", { type: "number", min: "1", max: "12", value: "3" });
    const fields = make("div", { class: "two" },
      labelled("几列", columns, { id: "table-columns" }), labelled("几行（不算表头）", rows, { id: "table-rows" }));
    const hint = make("p", { class: "hint", text: "Word 或 Excel 里的表格，可以直接复制、粘贴到正文里。" });
    const chosen = await ask("插入表格", [fields, hint], [
      ["插入", () => [Number(rows.value) || 3, Number(columns.value) || 3], "main"], ["取消", null]]);
    return chosen && ((text, at) => edits.table(text, at, Math.min(chosen[0], 50), Math.min(chosen[1], 12)));
  }

  async link(selected) {
    const words = make("input", { type: "text", value: selected, autocomplete: "off" });
    const target = make("input", { type: "text", inputmode: "url", autocomplete: "off" });
    const chosen = await ask("插入链接", [
      labelled("网址", target, { id: "link-address", hint: "例如 https://www.example.edu.cn/；本站的文章，可以从浏览器里复制它的网址" }),
      labelled("显示的字", words, { id: "link-words", hint: "不填就显示网址" }),
    ], [["插入", () => (target.value.trim() ? [words.value.trim(), target.value.trim()] : undefined), "main"], ["取消", null]]);
    return chosen && ((text, start, end) => edits.link(text, start, end, ...chosen));
  }

  async picture() {
    const names = this.files().filter(({ kind }) => kind === "photo").map(({ name }) => name);
    const file = names.length
      ? make("select", {}, names.map((name) => make("option", { value: name, text: name })))
      : make("input", { type: "text", autocomplete: "off" });
    const words = make("input", { type: "text", autocomplete: "off" });
    const look = names.length && this.thumbnail ? make("img", { class: "chosen-photo", alt: "" }) : null;
    const show = () => { if (look) look.src = this.thumbnail(file.value); };
    file.addEventListener("change", show);
    show();
    const chosen = await ask("插入照片", [
      labelled("照片", file, { id: "picture-file", hint: names.length ? "这一篇的照片" : "照片的文件名，例如 1.jpg；照片要先放进这一篇的文件夹" }), look,
      labelled("图注", words, { id: "picture-words", hint: "谁、在哪里、做什么。不填，图下就没有字" }),
    ], [["插入", () => (file.value.trim() ? [words.value.trim(), file.value.trim()] : undefined), "main"], ["取消", null]]);
    if (!chosen) return null;
    const name = /[\s()]/.test(chosen[1]) ? `<${chosen[1]}>` : chosen[1];
    return (text, at) => edits.block(text, at, `![${chosen[0].replace(/[[\]]/g, "")}](${name})`);
  }

  stop() {
    document.removeEventListener("selectionchange", this.follow);
  }
}
