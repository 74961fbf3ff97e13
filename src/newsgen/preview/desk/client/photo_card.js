/* A photo in the tray: its thumbnail, which is dragged, its caption, and its place among those that the text shows. */

import { make } from "./dom.js";
import { withCaption } from "./photo_text.js";
import { sizeInWords } from "./file_size.js";

export const CARRIED = "application/x-newsgen-photo"; // what is dragged from the tray
const AGAIN = [2000, 8000, 30_000]; // ms after which a thumbnail that did not come is asked for again
const PAUSE = 500; // ms after the last key in a caption before the text has it

export class PhotoCard {
  constructor(tray, file, isNew) {
    Object.assign(this, { tray, file });
    const { name } = file;
    this.picture = make("img", { src: tray.address(name, true), alt: "", width: "120", height: "90", draggable: "false", loading: isNew ? "eager" : "lazy" });
    this.picture.addEventListener("error", () => this.askAgain());
    this.picture.addEventListener("load", () => {
      this.isMissed = false;
      this.thumb.classList.remove("broken");
    });
    this.misses = 0; // since the desk was there last
    this.asked = 0;
    this.state = make("span", { class: "where" });
    /* No button: Firefox does not drag those. */
    this.thumb = make("div", { role: "button", tabindex: "0", class: "thumb", draggable: "true", onclick: () => this.find(),
      onkeydown: (event) => this.press(event) }, this.picture);
    this.caption = make("input", { type: "text", autocomplete: "off", placeholder: "谁、在哪里、做什么", oninput: (event) => this.typed(event),
      onchange: () => this.write(), onkeydown: (event) => {
        if ((event.ctrlKey || event.metaKey) && event.code === "KeyZ" && !event.isComposing) this.write(); // so that it is this that is undone
      } });
    this.caption.addEventListener("compositionend", () => this.typed({}));
    this.isTyped = false; // words that the text has not yet
    this.insert = make("button", { type: "button", text: "放进正文", onclick: () => tray.placeAtCaret([name]) });
    this.earlier = make("button", { type: "button", text: "前移", "aria-label": `${name} 前移`, onclick: () => this.move(-1) });
    this.later = make("button", { type: "button", text: "后移", "aria-label": `${name} 后移`, onclick: () => this.move(1) });
    this.away = make("button", { type: "button", class: "quiet", text: "删除", "aria-label": `删除 ${name}`, onclick: () => tray.remove(name) });
    this.element = make("li", { class: "photo" }, this.thumb, this.state,
      make("div", { class: "about" },
        make("p", { class: "what" }, make("span", { class: "name", text: name, title: name }), make("span", { class: "size", text: sizeInWords(file.size) })),
        make("label", {}, make("span", { text: "图注" }), this.caption),
        make("p", { class: "buttons" }, this.insert, this.earlier, this.later, this.away)));
    this.listen();
  }

  /** The thumbnail did not come: many may be under way, or the desk is away. */
  askAgain() {
    this.isMissed = true;
    const pause = AGAIN[this.misses];
    this.misses += 1;
    this.sayMissed();
    if (pause) this.timerOfPicture = setTimeout(() => this.ask(), pause);
  }

  ask() {
    this.asked += 1;
    if (this.element.isConnected) this.picture.src = `${this.tray.address(this.file.name, true)}&again=${this.asked}`;
  }

  comesBack() {
    clearTimeout(this.timerOfPicture);
    this.misses = 0;
    this.sayMissed();
    this.ask();
  }

  sayMissed() {
    this.thumb.classList.add("broken");
    this.thumb.dataset.said = this.tray.isAway ? "写稿台没有应答，接上以后再显示" : this.misses > AGAIN.length ? "这张照片打不开" : "正在取这张照片…";
  }

  listen() {
    const { element, tray } = this;
    this.thumb.addEventListener("dragstart", (event) => {
      event.dataTransfer.setData(CARRIED, this.file.name);
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setDragImage(this.picture, 60, 45);
    });
    element.addEventListener("dragover", (event) => {
      if (!event.dataTransfer.types.includes(CARRIED) || !this.place) return;
      event.preventDefault();
      event.stopPropagation();
      element.classList.add("dropping");
    });
    element.addEventListener("dragleave", () => element.classList.remove("dropping"));
    element.addEventListener("drop", (event) => {
      const carried = event.dataTransfer.getData(CARRIED);
      element.classList.remove("dropping");
      if (!carried || !this.place) return;
      event.preventDefault();
      event.stopPropagation();
      tray.move(carried, this.index);
    });
    element.addEventListener("keydown", (event) => {
      if (!event.altKey || event.target === this.caption || !["ArrowUp", "ArrowLeft", "ArrowDown", "ArrowRight"].includes(event.key)) return;
      event.preventDefault();
      this.move(/Up|Left/.test(event.key) ? -1 : 1);
    });
  }

  /** Shows where the text has the photo; `index` is its place among those that are shown, -1 for none. */
  update(place, index, count) {
    const { name } = this.file;
    if (place && this.place === null) this.isNewInText = true;
    else if (place && !this.isNewInText && !this.tray.editor.undo.undone.length) this.tray.memory.noteCaption(name, place.caption);
    if (!place && this.place) this.tray.memory.write();
    Object.assign(this, { place, index });
    this.element.classList.toggle("unplaced", !place);
    this.state.textContent = place ? `第 ${index + 1} 张` : "还没有放进正文";
    this.thumb.setAttribute("aria-label", place ? `${name}：在正文里找到它` : name);
    this.thumb.title = place ? "在正文里找到它；按住可以拖动" : "按住可以拖到正文里";
    this.insert.hidden = Boolean(place);
    this.insert.setAttribute("aria-label", `${name} 放进正文`);
    this.caption.setAttribute("aria-label", `${name} 的图注`);
    for (const button of [this.earlier, this.later]) button.hidden = !place || count < 2;
    this.earlier.disabled = index <= 0;
    this.later.disabled = index >= count - 1;
    const words = place ? place.caption : this.tray.captionOf(name);
    if (!this.isTyped && document.activeElement !== this.caption && this.caption.value !== words) this.caption.value = words;
  }

  press(event) {
    if (event.target !== this.thumb || !["Enter", " "].includes(event.key)) return;
    event.preventDefault();
    this.find();
  }

  typed(event) {
    this.isTyped = true;
    clearTimeout(this.timer);
    if (!event.isComposing) this.timer = setTimeout(() => this.write(), PAUSE);
  }

  /** Puts the caption into the text, where a person has typed one: one that was undone is left undone. Keeps it for a photo that the
      text does not show yet. */
  write() {
    clearTimeout(this.timer);
    if (!this.isTyped) return;
    this.isTyped = false;
    const words = this.caption.value.replace(/\s+/g, " ").trim();
    this.tray.editor.textArea.whenStill(() => {
      const place = this.tray.places.find((other) => other.name === this.file.name);
      if (!place) this.tray.memory.setCaption(this.file.name, words);
      if (place && words !== place.caption) this.tray.put(withCaption(place, words));
    });
  }

  async move(by) {
    const focused = document.activeElement;
    await this.tray.move(this.file.name, this.index + by);
    if (this.element.contains(focused)) (focused.disabled ? (by < 0 ? this.later : this.earlier) : focused).focus();
  }

  find() {
    if (this.place) this.tray.editor.goToText(this.place.from, this.place.to);
    else this.insert.focus();
  }
}
