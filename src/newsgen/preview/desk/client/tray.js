/* The photos and attachments of a report: they are dropped here or on the text, get thumbnails at once, captions, an order.
   What is shown, and under which words, stands in the text alone; whatever changes there is a step of its undo. */

import { showRemoved } from "./deleted.js";
import { ask, inOrder, make } from "./dom.js";
import { AttachmentCard } from "./attachment_card.js";
import { anchor, putAt } from "./anchors.js";
import { asLines, byName, endOf, movedBelow, movedTo, photoLine, photosIn, placeAt, putBefore, withCaption, without } from "./photo_text.js";
import { CARRIED, PhotoCard } from "./photo_card.js";
import { listen } from "./server_events.js";
import { TrayMemory } from "./tray_memory.js";
import { TrayMessages } from "./tray_messages.js";
import { send } from "./upload.js";
import { offerImport, takeWhole } from "./import.js";

const MOST_AT_ONCE = 20;
const MANUSCRIPT = /\.(docx?|wps|rtf|odt|zip|html?|mht|mhtml)$/i;

/** The first place of each photo. */
const firstOf = (places) => places.filter(({ name }, index) => places.findIndex((other) => other.name === name) === index);

export function mount(desk, editor) {
  const tray = new Tray(desk, editor);
  editor.files = tray;
  editor.tray.append(...tray.elements);
}

class Tray {
  constructor(desk, editor) {
    Object.assign(this, { desk, editor });
    this.cards = new Map(); // name -> card
    this.coming = new Set(); // files under way, by what ends them
    this.memory = new TrayMemory(desk.site.id, editor.report.path);
    editor.textArea.thumbnail = (name) => this.address(name, true); // for its dialog of photos
    this.layOut();
    this.listen();
    this.show();
    this.isBegun = true;
  }

  get files() {
    return this.memory.inOrder(this.editor.report.files ?? []);
  }

  get photos() {
    return this.files.filter(({ kind }) => kind === "photo");
  }

  get text() {
    return this.editor.textArea.text;
  }

  /** Where the text shows photos of this report, in its order. */
  get places() {
    return photosIn(this.text, this.photos.map(({ name }) => name)).filter(({ name }) => this.cards.has(name));
  }

  // ---------------------------------------------------------------- what is seen

  layOut() {
    this.chooser = make("input", { type: "file", multiple: true, hidden: true,
      onchange: () => this.take([...this.chooser.files], null) });
    this.all = make("button", { type: "button", text: "全部放进正文", hidden: true, onclick: () => this.placeAll() });
    this.head = make("div", { class: "tray-head" },
      make("button", { type: "button", class: "add", text: "添加照片或附件", onclick: () => this.chooser.click() }), this.all,
      make("button", { type: "button", class: "quiet", text: "删掉的照片", onclick: () => this.removed() }),
      make("p", { class: "hint" }, "也可以把文件拖到这里。", make("span", { class: "beside", text: "拖到正文里，照片就放在那一段的下面。" })), this.chooser);
    this.nothing = make("p", { class: "nothing", text: "还没有照片和附件。把手机、相机里的原图拖进来就行，不用自己压缩。" });
    this.photoList = make("ol", { class: "photos", "aria-label": "照片，按正文里的先后" });
    this.fileHead = make("h2", { text: "附件" });
    this.fileList = make("ul", { class: "attachments", "aria-label": "附件" });
    this.elements = [this.head, this.nothing, make("div", { class: "files" }, this.photoList, this.fileHead, this.fileList)];
    this.messages = new TrayMessages(this.desk, this.editor.textArea.element);
    this.tab = this.editor.tabs.find(({ dataset }) => dataset.name === "tray");
    this.count = make("span", { class: "count" });
    this.tab.append(this.count);
  }

  listen() {
    const { editor } = this;
    for (const event of ["changed", "saved", "reloaded"]) editor.on(event, () => this.soon());
    const end = listen((news) => this.hear(news));
    editor.on("closed", end);
    editor.on("closed", () => { for (const stop of this.coming) stop.abort(); });
    editor.on("reloaded", () => {
      this.isReloaded = true;
      this.reread();
    });
    /* Front matter tells of files, too. */
    editor.on("saved", (sent) => { if (Object.keys(sent?.fields ?? {}).length) this.reread(); });
    this.tab.addEventListener("dragover", () => editor.showTab("tray"));
    for (const target of [editor.tray, editor.textArea.element]) {
      target.addEventListener("dragover", (event) => this.over(event, target));
      target.addEventListener("dragleave", () => target.classList.remove("dropping"));
      target.addEventListener("drop", (event) => this.drop(event, target));
    }
  }

  /** Whether the desk answers; once it does again, thumbnails that did not come are asked for again. */
  hear(news) {
    const comesBack = this.isAway && Boolean(news.state);
    this.isAway = Boolean(news.lost);
    for (const card of this.cards.values()) {
      if (card.isMissed && comesBack) card.comesBack();
      else if (card.isMissed) card.sayMissed();
    }
  }

  /** Shows the state of the text, once for many changes. */
  soon() {
    if (this.isDue) return;
    this.isDue = true;
    requestAnimationFrame(() => {
      this.isDue = false;
      this.show();
      const isTyped = !this.isReloaded && !this.editor.undo.undone.length; // what another wrote, or is undone, stays as it is
      this.isReloaded = false;
      this.useCaptions(isTyped);
    });
  }

  show() {
    const { files } = this;
    const names = new Set(files.map(({ name }) => name));
    for (const [name, card] of this.cards) {
      if (names.has(name)) continue;
      card.element.remove();
      this.cards.delete(name);
    }
    for (const file of files) {
      if (!this.cards.has(file.name)) this.cards.set(file.name, file.kind === "photo" ? new PhotoCard(this, file, this.isBegun) : new AttachmentCard(this, file));
    }
    const { places } = this;
    const shown = firstOf(places).map(({ name }) => name);
    const others = this.photos.map(({ name }) => name).filter((name) => !shown.includes(name));
    inOrder(this.photoList, [...shown, ...others].map((name) => this.cards.get(name).element));
    inOrder(this.fileList, files.filter(({ kind }) => kind !== "photo").map(({ name }) => this.cards.get(name).element));
    if (this.isBegun) this.memory.setOrder(files.map(({ name }) => name));
    for (const { name } of this.photos) {
      this.cards.get(name).update(places.find((place) => place.name === name) ?? null, shown.indexOf(name), shown.length);
    }
    const attached = this.attached;
    for (const { name, kind } of files) if (kind !== "photo") this.cards.get(name).update(attached);
    this.count.textContent = files.length || "";
    this.all.hidden = others.length < 2;
    this.nothing.hidden = files.length > 0;
    this.photoList.hidden = !this.photoList.children.length;
    this.fileHead.hidden = this.fileList.hidden = !this.fileList.children.length;
  }

  wrong(error) {
    if (!("hint" in error)) throw error;
    if (error.status === 404 || error.isPassing) this.reread(); // what is shown may not be what is there
    this.messages.note([error.message, error.hint].filter(Boolean).join("。"), [], "wrong");
  }

  // ---------------------------------------------------------------- what comes in

  over(event, target) {
    const { types } = event.dataTransfer;
    if (!types.includes("Files") && !types.includes(CARRIED)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = types.includes("Files") ? "copy" : "move";
    target.classList.add("dropping");
  }

  async drop(event, target) {
    target.classList.remove("dropping");
    const carried = event.dataTransfer.getData(CARRIED);
    const field = this.editor.textArea.element;
    const at = target === field ? placeAt(field, event.clientX, event.clientY) ?? this.editor.textArea.range.end : null;
    if (carried) {
      event.preventDefault();
      if (at === null) this.desk.announce("要换位置，拖到有“第几张”的照片上，或者拖到正文里");
      else await this.bring(carried, anchor(this.editor.textArea, at));
      return;
    }
    if (!event.dataTransfer.files.length && !event.dataTransfer.items?.length) return;
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    try {
      const whole = await takeWhole(event.dataTransfer);
      if (whole.isFolder) offerImport(this.desk, whole);
      else await this.take(whole.files, at);
    } catch (error) {
      this.wrong(error);
    }
  }

  /** Takes files in; `at` is the place in the text for photos, null: they stay in the tray. Gives when all is done. */
  async take(given, at) {
    const files = byName(given);
    this.chooser.value = "";
    if (files.length > MOST_AT_ONCE) {
      this.messages.note(`一次最多放 ${MOST_AT_ONCE} 个文件，这次有 ${files.length} 个，都没有放。请分几次放。`, [], "wrong");
      return [];
    }
    const manuscripts = files.filter(({ name }) => MANUSCRIPT.test(name));
    if (manuscripts.length === 1 && files.length === 1) {
      const choice = await ask(`“${manuscripts[0].name}”怎么处理？`, make("p", { text: "作附件，读者可以在这一篇下面下载它；作新文章，就把里面的文字和照片变成另外一篇。" }),
        [["作附件", "file", "main"], ["作新文章", "report"], ["取消", null]]);
      if (choice === "report") offerImport(this.desk, { files, name: manuscripts[0].name });
      if (choice !== "file") return [];
    }
    const place = at === null ? null : anchor(this.editor.textArea, at);
    const taken = (await Promise.all(files.map((file) => this.upload(file)))).filter(Boolean);
    if (taken.length > 1) this.known(taken); // in the order in which they were given, not in that in which they came
    const photos = taken.filter(({ kind }) => kind === "photo");
    if (photos.length && place) await this.place(photos.map(({ name }) => name), place);
    else place?.release();
    for (const { name, kind } of taken) if (kind !== "photo") this.attach(name, true);
    if (taken.length) {
      const rest = photos.length && !place ? "；照片还没有放进正文" : "";
      this.desk.announce(`${taken.length} 个文件放好了${rest}`);
    }
    return taken;
  }

  async upload(file) {
    const bar = make("progress", { max: "1", value: 0, "aria-label": `${file.name} 放进来了多少` });
    const stop = new AbortController();
    const row = make("p", { class: "coming" }, make("span", { text: file.name || "照片" }), bar,
      make("button", { type: "button", class: "quiet", text: "取消", onclick: () => stop.abort() }));
    this.messages.addRow(row);
    this.coming.add(stop);
    try {
      const path = this.desk.address("file", { path: this.editor.report.path, name: file.name || "粘贴的照片.png" });
      const { file: taken, remarks } = await send("PUT", path, file, { progress: (share) => { bar.value = share; }, signal: stop.signal });
      for (const remark of remarks ?? []) this.messages.note(remark);
      this.known([taken]);
      return taken;
    } catch (error) {
      if (error.name !== "AbortError") this.wrong(error);
      return null;
    } finally {
      this.messages.takeOut(row);
      this.coming.delete(stop);
    }
  }

  /** Takes note of files that the server has written. */
  known(files) {
    const names = new Set(files.map(({ name }) => name));
    this.editor.report.files = [...this.files.filter(({ name }) => !names.has(name)), ...files];
    this.memory.setOrder(this.editor.report.files.map(({ name }) => name));
    this.show();
  }

  /** Asks which files there are now; once more, where some came or went meanwhile. */
  async reread() {
    const { files: known } = this.editor.report;
    try {
      const { files } = await this.desk.call("GET", this.desk.address("files", { path: this.editor.report.path }));
      if (this.editor.report.files !== known) return void (await this.reread());
      this.editor.report.files = files;
      this.show();
    } catch (error) {
      if (!("code" in error)) throw error; // saving tells what is wrong
    }
  }

  // ---------------------------------------------------------------- the text

  put(edit) {
    const { start, end } = this.editor.textArea.range;
    const grown = edit.text.length - (edit.to - edit.from);
    const shift = (place) => (place >= edit.to ? place + grown : Math.min(place, edit.from + edit.text.length));
    this.editor.textArea.put({ start: shift(start), end: shift(end), ...edit });
  }

  /** Shows photos in the text, on lines of their own below the paragraph of a place, which is released then. */
  async place(names, place) {
    await this.editor.textArea.still();
    this.writeCaptions();
    const lines = names.map((name) => photoLine(name, this.captionOf(name)));
    const edit = asLines(this.text, place.from, lines);
    putAt(this.editor.textArea, place, edit);
    place.release();
    this.show();
    this.desk.announce(names.length > 1 ? `${names.length} 张照片放进了正文` : `${names[0]} 放进了正文`);
  }

  /** Shows a photo below the paragraph of a place, which is released then: moves it there where the text has it already. */
  async bring(name, place) {
    await this.editor.textArea.still();
    this.writeCaptions();
    const shown = this.places.find((one) => one.name === name);
    if (!shown) return void (await this.place([name], place));
    const edit = movedBelow(this.text, shown, place.from);
    place.release();
    if (!edit) return;
    this.editor.textArea.put(edit);
    this.show();
    this.tellPlace(name);
  }

  /** Shows photos in the text, below the paragraph in which the caret stands. */
  async placeAtCaret(names) {
    await this.editor.textArea.still();
    await this.place(names, anchor(this.editor.textArea, this.editor.textArea.range.end));
    this.cards.get(names[0])?.caption.focus(); // the button that was pressed is gone
  }

  /** The caption of a photo that the text does not show yet: as a person typed it, else as its name has it. */
  captionOf(name) {
    return this.memory.caption(name) ?? this.files.find((file) => file.name === name)?.caption ?? "";
  }

  /** Gives photos that a person has just typed into the text, such as 【图1】, the captions that wait for them. */
  useCaptions(isTyped) {
    const come = [...this.cards.values()].filter((card) => card.isNewInText);
    for (const card of come) card.isNewInText = false;
    if (!come.length || !isTyped) return;
    this.editor.textArea.whenStill(() => {
      for (const { file: { name } } of come) {
        const found = this.places.filter((place) => place.name === name);
        const words = this.memory.caption(name);
        if (words && found.length === 1 && !found[0].caption) this.put(withCaption(found[0], words));
      }
    });
  }

  /** Puts all other photos below the text. */
  async placeAll() {
    await this.editor.textArea.still();
    const shown = new Set(this.places.map(({ name }) => name));
    const others = this.photos.map(({ name }) => name).filter((name) => !shown.has(name));
    await this.place(others, anchor(this.editor.textArea, endOf(this.text)));
    this.cards.get(others[0])?.caption.focus(); // the button that was pressed is gone
  }

  /** Says which place of the order a photo has now. */
  tellPlace(name) {
    const shown = firstOf(this.places);
    this.desk.announce(`${name} 现在是第 ${shown.findIndex((place) => place.name === name) + 1} 张，共 ${shown.length} 张`);
  }

  /** Moves a photo to another place of the order: directly before or behind the photo that has that place; before it, where the text
      does not show the photo yet. */
  async move(name, to) {
    await this.editor.textArea.still();
    const shown = firstOf(this.places);
    const from = shown.findIndex((place) => place.name === name);
    if (to < 0 || to >= shown.length || to === from) return;
    const other = shown[to];
    if (from < 0) {
      this.writeCaptions();
      this.put(putBefore(this.text, photoLine(name, this.captionOf(name)), this.places.find((place) => place.name === other.name)));
      this.show();
      this.tellPlace(name);
      return;
    }
    const edit = movedTo(this.text, shown[from], other, to > from);
    this.put(edit);
    this.show();
    const where = `在“${other.caption || other.name}”的${to > from ? "后" : "前"}面`;
    this.desk.announce(`${name} 现在${where}，第 ${to + 1} 张，共 ${shown.length} 张`);
  }

  /** Whether somebody types a caption that the text has not yet. */
  get isTyping() {
    return [...this.cards.values()].some((card) => card.isTyped);
  }

  writeCaptions() {
    for (const card of this.cards.values()) if (card.isTyped) card.write();
  }

  // ---------------------------------------------------------------- attachments

  get attached() {
    const value = this.editor.form.values.attachments;
    return Array.isArray(value) ? value : [];
  }

  /** Lists a file among the attachments, or takes it out. */
  attach(name, isListed) {
    const others = this.attached.filter(({ file }) => file !== name);
    if (isListed && others.length < this.attached.length) return;
    this.setAttached(isListed ? [...others, { file: name, name: "" }] : others);
  }

  setAttached(next, isTyping = false) {
    const { locked } = this.editor.form;
    if (locked.attachments) return void this.messages.note(locked.attachments, [], "wrong");
    const field = this.editor.form.fields.get("attachments");
    if (field && isTyping) field.retyped(next);
    else if (field) field.set(next.length ? next : null, true);
    this.show();
  }

  // ---------------------------------------------------------------- what goes

  async remove(name) {
    const places = this.places.filter((place) => place.name === name);
    const isListed = this.attached.some(({ file }) => file === name);
    const uses = [places.length && `正文里用到它的 ${places.length} 处`, isListed && "附件里的一项"].filter(Boolean).join("和");
    const words = `${uses ? `${uses}也会去掉。` : ""}删错了，可以马上恢复；30 天之内，在“删掉的照片”里也找得回。`;
    const isSure = await ask(`删除 ${name}？`, make("p", { text: words }), [["删除", true, "main"], ["不删", null]]);
    if (!isSure) return;
    const next = this.cards.get(name)?.element.nextElementSibling ?? null;
    const { path } = this.editor.report;
    try {
      const { id } = await this.desk.call("DELETE", this.desk.address("file", { path, name }));
      await this.editor.textArea.still();
      const before = this.text;
      for (const place of this.places.filter((one) => one.name === name).reverse()) this.put(without(this.text, place));
      if (isListed) this.attach(name, false);
      const after = this.text;
      this.editor.report.files = this.files.filter((file) => file.name !== name);
      this.show();
      this.messages.note(`${name} 删除了。`, [["恢复", () => this.restore({ path, name, id }, { before, after, isListed })]]);
      (next?.querySelector(".thumb, button") ?? this.head.querySelector("button")).focus();
    } catch (error) {
      this.wrong(error);
    }
  }

  /** Brings a removed file back, and what showed it, where the text is as it was then. */
  async restore(removed, { before, after, isListed }) {
    try {
      const { file } = await this.desk.call("POST", "file/restore", removed);
      this.known([file]);
      if (this.text === after) this.editor.textArea.replaceAll(before);
      if (isListed) this.attach(file.name, true);
      this.desk.announce(`${file.name} 恢复了`);
    } catch (error) {
      this.wrong(error);
    }
  }

  /** Shows what was removed, also long ago, and brings one of it back into the tray. */
  async removed() {
    try {
      const file = await showRemoved(this.desk, this.editor.report.path);
      if (!file) return;
      this.known([file]);
      this.desk.announce(file.kind === "photo" ? `${file.name} 恢复了；照片还没有放进正文` : `${file.name} 恢复了`);
      const { insert, list } = this.cards.get(file.name);
      (insert && !insert.hidden ? insert : list ?? this.head.querySelector("button")).focus();
    } catch (error) {
      this.wrong(error);
    }
  }

  address(name, isSmall) {
    return `api/${this.desk.address("file", { path: this.editor.report.path, name, ...(isSmall ? { thumb: "1" } : {}) })}`;
  }
}
