/* One report being written: its form, its text, the page beside it, what is found in it, and its saving. */

import { ask, make } from "./dom.js";
import { choose } from "./conflict.js";
import { Drafts, timeWords } from "./drafts.js";
import { Findings } from "./findings.js";
import { Form } from "./form.js";
import { LivePage } from "./live_page.js";
import { listen, showsPage } from "./news.js";
import { Saving, changedFields } from "./saving.js";
import { TextArea } from "./text_area.js";
import { Undo } from "./undo.js";
import { showVersions } from "./versions.js";

/** What else takes part: modules with mount(desk, editor), and modules whose actions(desk, editor) are buttons for the bar. */
const PLUGINS = {
  mounts: [() => import("./tray.js"), () => import("./paste.js")],
  actions: [() => import("./hand_in.js"), () => import("./sign.js"), () => import("./git.js")],
};
const WIDE = window.matchMedia("(min-width: 1024px)");
const STATES = { draft: "草稿", waiting: "待审", scheduled: "定时", expired: "已下线", online: "在线", faulty: "有错" };
const isUndo = (event) => event.code === "KeyZ" && !event.shiftKey;
const isRedo = (event) => (event.code === "KeyZ" && event.shiftKey) || event.code === "KeyY";

export async function view(desk, root, path) {
  const report = await desk.call("GET", desk.address("report", { path }));
  const editor = new Editor(desk, report);
  root.append(editor.element);
  await editor.begin();
  return () => editor.leave();
}

class Editor {
  constructor(desk, report) {
    Object.assign(this, { desk, report });
    this.listeners = {};
    this.drafts = new Drafts(desk.site.id, report.path);
    this.undo = new Undo((target, change, selection) => this.applyStep(target, change, selection));
    this.form = new Form(desk.site, report, (...change) => this.fieldChanged(...change));
    this.textArea = new TextArea(this.unframed(report.body), this.undo, {
      changed: () => this.textChanged(), caret: () => this.caretMoved(), files: () => this.report.files ?? [],
    });
    this.live = new LivePage(desk, report.path, () => this.writing());
    this.findings = new Findings(desk, report.path, {
      text: () => this.textArea.element.value,
      bodyLine: () => this.report.body_line + this.frame.lead.length,
      goTo: (start, end) => this.goToText(start, end),
      goToField: (key) => this.goToField(key),
      correct: (start, end, text) => {
        this.showText();
        this.textArea.put({ from: start, to: end, text, start, end: start + text.length });
        this.textArea.element.focus();
      },
    }, (standing) => {
      this.report = { ...this.report, ...standing };
      this.showReport();
    });
    this.saving = new Saving(desk, report, this.drafts, {
      read: () => this.content(),
      mayStart: () => !this.textArea.isComposing && !this.form.isComposing,
      tell: (state) => this.tell(state),
      conflict: (theirs) => this.settle(theirs),
      fault: (key, error) => this.form.fault(key, error),
      saved: (answer, sent) => this.saved(answer, sent),
    });
    this.layOut();
  }

  /** The text of a body without the empty lines before and after it, which are kept for saving. */
  unframed(body) {
    const tail = body.endsWith("\n") ? "\n" : "";
    const inner = body.slice(0, body.length - tail.length);
    const lead = /^\n*/.exec(inner)[0];
    this.frame = { lead, tail };
    return inner.slice(lead.length);
  }

  /** What stands in the page, as it is saved. */
  content() {
    const { lead, tail } = this.frame;
    return { body: lead + this.textArea.text + tail, fields: this.form.values };
  }

  // ---------------------------------------------------------------- what is seen

  layOut() {
    this.title = make("h1");
    this.stateMark = make("span", { class: "state" });
    this.place = make("span", { class: "place" });
    this.brief = make("span", { class: "brief" });
    this.saveState = make("p", { class: "saved", role: "status" });
    this.undoButton = make("button", { type: "button", text: "撤销", title: "撤销（Ctrl+Z）", onclick: () => this.undo.undo() });
    this.redoButton = make("button", { type: "button", text: "重做", title: "重做（Ctrl+Y）", onclick: () => this.undo.redo() });
    this.bar = make("div", { class: "bar", role: "group", "aria-label": "这一篇" },
      this.undoButton, this.redoButton,
      make("button", { type: "button", text: "以前的版本", onclick: () => this.versions() }));
    this.undo.changed = () => this.showUndo();
    this.matter = make("section", { class: "matter", "aria-label": "文章信息" }, this.form.element);
    this.tray = make("section", { class: "tray", "aria-label": "照片和附件" });
    this.writeTab = make("section", { class: "write", id: "pane-write", "aria-label": "正文" },
      this.textArea.toolbar, this.textArea.element, this.findings.element);
    this.tabs = [["write", "写稿"], ["matter", "文章信息"], ["tray", "照片"], ["live", "网页"]].map(([name, text]) =>
      make("button", { type: "button", class: "tab", text, "data-name": name, onclick: () => this.showTab(name) }));
    this.panes = make("div", { class: "panes" },
      make("div", { class: "tabs", role: "group", "aria-label": "显示哪一边" }, this.tabs),
      this.writeTab, this.matter, this.tray, this.live.element);
    this.element = make("div", { class: "editor" },
      make("div", { class: "editor-head" },
        make("div", { class: "what" }, this.title, make("p", { class: "facts" }, this.stateMark, this.place, this.brief, this.saveState)),
        this.bar),
      this.panes);
    this.showTab("live");
    if (!WIDE.matches) this.showTab("write");
    this.showReport();
    this.showUndo();
    this.tell({ kind: "saved" });
  }

  showReport() {
    const { fields, state, section_title: section, page } = this.report;
    const title = this.form.values.title || "（没有标题）";
    if (this.title.textContent !== title) this.title.textContent = title;
    document.title = `${title} - 写稿台`;
    this.stateMark.className = `state ${state}`;
    this.stateMark.textContent = STATES[state] ?? "";
    this.place.textContent = section;
    const { date, author, branch } = { ...fields, ...this.form.values };
    this.brief.textContent = [date, author, branch].filter(Boolean).join("　");
    this.live.show(page);
    showsPage(page);
  }

  showUndo() {
    this.undoButton.disabled = !this.undo.done.length;
    this.redoButton.disabled = !this.undo.undone.length;
  }

  /** Shows the text, the form or the page; where there is room, the text stays beside the other two. */
  showTab(name) {
    this.panes.dataset.tab = name;
    if (name !== "write") this.panes.dataset.side = name;
    for (const tab of this.tabs) tab.setAttribute("aria-pressed", String(tab.dataset.name === (WIDE.matches ? this.panes.dataset.side : name)));
    if (name === "live") {
      this.live.fit();
      this.live.follow();
    }
  }

  tell({ kind, reason, hint, field }) {
    const words = { saved: "已保存", saving: "正在保存", unsaved: `还没有保存：${reason}` }[kind];
    this.saveState.className = `saved ${kind}`;
    if (this.saveState.dataset.words === words) return;
    this.saveState.dataset.words = words;
    this.saveState.replaceChildren(words);
    this.saveState.title = hint ?? "";
    if (hint) this.saveState.append(make("span", { class: "hint", text: hint }));
    if (field) {
      this.saveState.append(make("button", { type: "button", class: "quiet", text: "去改", onclick: () => this.goToField(field) }));
    }
  }

  goToText(start, end) {
    this.showText();
    this.textArea.select(start, end);
  }

  goToField(key) {
    this.showTab("matter");
    if (!key || !this.form.goTo(key)) this.form.goTo("title");
  }

  showText() {
    if (!WIDE.matches) this.showTab("write");
  }

  // ---------------------------------------------------------------- what changes

  /** What the live page is scrolled to. */
  writing() {
    if (this.form.element.contains(document.activeElement)) return { lines: [], line: null };
    return { lines: this.textArea.text.split("\n"), line: this.textArea.line };
  }

  textChanged() {
    this.live.written();
    this.saving.changed();
    this.emit("changed");
  }

  caretMoved() {
    const { line } = this.textArea;
    if (line === this.caretLine) return;
    this.caretLine = line;
    this.live.written();
    this.live.follow();
  }

  /** A field was changed by a person; key null: an input method is done with one. */
  fieldChanged(key, before, after, isTyping) {
    if (key !== null) this.undo.record(key, { gone: before, come: after }, null, isTyping);
    if (this.form.isComposing) return;
    this.showReport();
    this.live.written();
    this.saving.changed();
    this.emit("changed");
  }

  applyStep(target, change, selection) {
    if (target === "body") {
      this.showText();
      this.textArea.apply(change, selection);
      return;
    }
    this.form.set(target, change.come);
    this.goToField(target);
    this.showReport();
    this.saving.changed();
  }

  press(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing || document.querySelector("dialog")) return;
    if (isUndo(event)) this.undo.undo();
    else if (isRedo(event)) this.undo.redo();
    else if (event.code === "KeyS" && !event.shiftKey) this.save();
    else return;
    event.preventDefault();
  }

  // ---------------------------------------------------------------- saving

  saved(answer, sent) {
    this.report = { ...this.report, ...answer };
    if (answer.fields) this.showReport();
    this.findings.soon();
    this.emit("saved", sent);
  }

  /** Saves at once and waits for it; gives whether all is saved. */
  async save() {
    this.undo.part();
    return this.saving.finished();
  }

  /** Takes over what is on the disk now, where nothing here is unsaved. */
  async reload() {
    if (this.saving.isUnsaved) return;
    this.takeOver(await this.desk.call("GET", this.desk.address("report", { path: this.report.path })));
  }

  takeOver(report) {
    if (this.saving.isUnsaved) return;
    const before = { ...this.form.values };
    this.report = report;
    this.saving.known(report);
    this.textArea.replaceAll(this.unframed(report.body));
    this.form.setAll(report);
    for (const [key, value] of Object.entries(changedFields(before, report.fields))) {
      this.undo.record(key, { gone: before[key] ?? null, come: value });
    }
    this.showReport();
    this.findings.soon();
    this.emit("reloaded");
  }

  /** Another window or program may have written the file. */
  async lookForOthers() {
    if (this.isLooking) return void (this.isLookedAgain = true);
    this.isLooking = true;
    do {
      this.isLookedAgain = false;
      try {
        const { path } = this.report;
        const { version } = await this.desk.call("GET", this.desk.address("report/version", { path }));
        if (version !== this.saving.version && !this.saving.isUnsaved && !this.textArea.isComposing) await this.reload();
      } catch (error) {
        if (!("code" in error)) throw error; // gone for the moment, or moved away: saving tells it
        if (error.code === "desk.missing") this.tell({ kind: "unsaved", reason: error.message, hint: error.hint });
      }
    } while (this.isLookedAgain && !this.isOver);
    this.isLooking = false;
  }

  /** The file was changed meanwhile: both versions side by side, and what is chosen is saved over the newer one. */
  async settle(theirs) {
    const { disk } = this.saving;
    const mine = { ...this.content(), fields: { ...this.form.values } };
    const found = await this.decide({
      title: "这一篇刚刚被别处改过",
      intro: "别人、别的窗口或别的程序，在您写的时候改了这个文件。两份不一样的地方都在下面，选好用哪一份。没有选的也找得回来：别处改的在「以前的版本」里，您写的点「撤销」就回来。",
      base: disk, mine, theirs,
    });
    if (!found) {
      this.tell({ kind: "unsaved", reason: "这一篇被别处改过，还没有选用哪一份" });
      this.saveState.append(make("button", { type: "button", class: "quiet", text: "现在选", onclick: () => this.settle(theirs) }));
      return;
    }
    this.report = theirs;
    this.saving.isHeld = false;
    this.take(found);
    this.saving.release(theirs);
    this.textArea.element.focus();
  }

  /** Asks which of two versions counts; gives {body, fields} or null. */
  async decide({ title, intro, base, mine, theirs, names }) {
    const { parts } = await this.desk.call("POST", "compare", { base: base.body, mine: mine.body, theirs: theirs.body });
    const label = (key) => this.desk.site.fields[key]?.label ?? (key === "kind" ? "类型" : key);
    const [ours, others] = [changedFields(base.fields, mine.fields), changedFields(base.fields, theirs.fields)];
    const fields = Object.keys(changedFields(mine.fields, theirs.fields)).map((key) => ({
      key, label: label(key), mine: mine.fields[key] ?? null, theirs: theirs.fields[key] ?? null,
      chosen: key in others && !(key in ours) ? "theirs" : "mine",
    }));
    if (!fields.length && parts.every(({ kind }) => kind === "same" || kind === "both")) return { body: mine.body, fields: {} };
    return choose({ title, intro, parts, fields, names });
  }

  /** Puts a decision into the page, so that it can be undone. */
  take({ body, fields }) {
    for (const [key, value] of Object.entries(fields)) {
      const before = this.form.values[key] ?? null;
      if (JSON.stringify(before) === JSON.stringify(value)) continue;
      this.undo.record(key, { gone: before, come: value });
      this.form.set(key, value);
    }
    this.textArea.replaceAll(this.unframed(body));
    this.showReport();
  }

  /** What a window that is gone had not saved is offered beside what the file has. */
  async offerDrafts() {
    for (const draft of await this.drafts.left()) {
      const fields = { ...this.form.values };
      for (const [key, value] of Object.entries(draft.fields)) {
        if (value === null) delete fields[key];
        else fields[key] = value;
      }
      const here = this.content();
      const isSame = draft.body === here.body && !Object.keys(changedFields(here.fields, fields)).length;
      const found = isSame ? null : await this.decide({
        title: "上一次有些话没有存好",
        intro: `这个浏览器里还留着 ${timeWords(draft.time)} 没来得及保存的内容。两份不一样的地方都在下面，选好用哪一份。`,
        base: here, mine: { body: draft.body, fields }, theirs: here,
        names: { mine: "没存好的", theirs: "文件里的" },
      });
      if (!isSame && !found) continue;
      if (found) {
        this.take(found);
        this.saving.changed();
        if (!(await this.saving.finished())) continue;
      }
      await this.drafts.forget(draft);
    }
  }

  async versions() {
    await this.save();
    try {
      await showVersions(this.desk, this.report.path, async (id) => {
        await this.desk.call("POST", "history/restore", { path: this.report.path, id, base: this.saving.version });
        await this.reload();
        this.desk.announce("已换回以前的版本；要反悔，点「撤销」");
      });
    } catch (error) {
      await this.desk.fail(error);
    }
  }

  // ---------------------------------------------------------------- for others

  /** Puts Markdown at the caret. */
  insert(markdown) {
    this.textArea.insert(markdown);
  }

  /** Calls a function after an event: changed, saved, reloaded, closed. */
  on(event, action) {
    (this.listeners[event] ??= []).push(action);
  }

  emit(event, ...details) {
    for (const action of this.listeners[event] ?? []) action(...details);
  }

  // ---------------------------------------------------------------- from the first moment to the last

  async begin() {
    WIDE.addEventListener("change", this.widens = () => this.showTab(WIDE.matches ? this.panes.dataset.side : "write"));
    document.addEventListener("keydown", this.keys = (event) => this.press(event));
    window.addEventListener("beforeunload", this.unload = (event) => {
      if (!this.saving.isUnsaved) return;
      event.preventDefault();
      event.returnValue = "";
    });
    window.addEventListener("focus", this.looks = () => this.lookForOthers());
    this.end = listen((news) => { if (news.state) this.lookForOthers(); });
    this.textArea.element.focus();
    for (const { mount } of await Promise.all(PLUGINS.mounts.map((load) => load()))) mount(this.desk, this);
    for (const { actions } of await Promise.all(PLUGINS.actions.map((load) => load()))) this.bar.append(...actions(this.desk, this));
    this.tray.hidden = !this.tray.children.length;
    if (!this.report.body.trim() && WIDE.matches) this.showTab("matter");
    this.findings.look();
    this.live.fit();
    this.offerDrafts().catch((error) => this.desk.fail(error));
  }

  /** Ends the editor; false: something is not saved, and the person stays. */
  async leave() {
    if (!(await this.save())) {
      const stays = await ask("还有内容没有保存", make("p", { text: "现在离开，没有保存的内容会留在这个浏览器里，下次打开这一篇时再问您要不要。" }),
        [["留在这里", true, "main"], ["离开", false]]);
      if (stays !== false) return false;
    }
    this.isOver = true;
    WIDE.removeEventListener("change", this.widens);
    document.removeEventListener("keydown", this.keys);
    window.removeEventListener("beforeunload", this.unload);
    window.removeEventListener("focus", this.looks);
    this.end();
    for (const part of [this.saving, this.live, this.findings, this.textArea]) part.stop();
    showsPage("");
    document.title = `写稿台 - ${this.desk.site.title}`;
    this.emit("closed");
    return true;
  }
}
