/* One report being written: its form, its text, the page beside it, what is found in it, and its saving. */

import { ask, make } from "./dom.js";
import { Drafts } from "./drafts.js";
import { Findings } from "./findings.js";
import { Form } from "./form.js";
import { LivePage } from "./live_page.js";
import { listen, showsPage } from "./server_events.js";
import { Notices } from "./notices.js";
import { SaveState } from "./save_state.js";
import { Saving, changedFields } from "./saving.js";
import { Merge } from "./merge.js";
import { TextArea } from "./text_area.js";
import { Undo } from "./undo.js";
import { showVersions } from "./versions.js";

/** What else takes part: modules with mount(desk, editor), and modules whose actions(desk, editor) are buttons for the bar. */
const PLUGINS = {
  mounts: [() => import("./tray.js"), () => import("./paste.js"), () => import("./section.js")],
  actions: [() => import("./hand_in.js"), () => import("./sign_off.js"), () => import("./git.js")],
};
const WIDE = window.matchMedia("(min-width: 1024px)");
const RETURNS = 4000; // ms between looks for an answer that did not come, or a site whose folder is out of reach
const STATES = { draft: "草稿", waiting: "待审", scheduled: "定时", expired: "已下线", online: "公开", faulty: "有错" };
const isUndo = (event) => event.code === "KeyZ" && !event.shiftKey;
const isRedo = (event) => (event.code === "KeyZ" && event.shiftKey) || event.code === "KeyY";

/** Loads the modules that take part; gives those of the mounts and those of the actions. */
export const load = () => Promise.all([PLUGINS.mounts, PLUGINS.actions].map((modules) => Promise.all(modules.map((one) => one()))));

export async function view(desk, root, path) {
  /* All that may fail comes before there is a text field: nothing that was typed goes with a module that did not come. */
  const [report, [mounts, actions]] = await Promise.all([desk.call("GET", desk.address("report", { path })), load()]);
  if (!root.isConnected) return null; // somebody went on meanwhile
  const editor = new Editor(desk, report);
  root.append(editor.element);
  editor.begin(mounts, actions);
  return () => editor.leave();
}

class Editor {
  constructor(desk, report) {
    Object.assign(this, { desk, report });
    this.listeners = {};
    this.met = null; // the version that the file had while something was being saved
    this.drafts = new Drafts(desk.site.id, report.path);
    this.merge = new Merge(desk, this);
    this.notices = new Notices(() => this.textArea, (error) => desk.fail(error));
    this.state = new SaveState(desk, { goToField: (key) => this.goToField(key), text: () => this.textArea.element.value });
    this.undo = new Undo((target, change, selection) => this.applyStep(target, change, selection));
    this.form = new Form(desk.site, report, (...change) => this.fieldChanged(...change));
    this.textArea = new TextArea(this.unframed(report.body), this.undo, {
      changed: () => this.textChanged(), caret: () => this.caretMoved(), files: () => this.report.files ?? [],
      composed: () => this.saving.attempt(),
    });
    this.live = new LivePage(desk, report.path, () => this.writing());
    this.findings = new Findings(desk, report.path, {
      text: () => this.textArea.element.value,
      bodyLine: () => this.report.body_line + this.frame.lead.length,
      goTo: (start, end) => this.goToText(start, end),
      goToField: (key) => this.goToField(key),
      goToPhotos: () => this.showTab("tray"),
      goToReview: () => this.emit("review"),
      correct: (start, end, text) => {
        this.showText();
        this.textArea.focus();
        this.textArea.put({ from: start, to: end, text, start, end: start + text.length });
      },
    }, (standing) => {
      this.report = { ...this.report, ...standing };
      this.showReport();
    });
    this.saving = new Saving(desk, report, this.drafts, {
      read: () => this.content(),
      mayStart: () => !this.textArea.isComposing && !this.form.isComposing,
      tell: (state) => this.state.tell(state),
      conflict: (theirs) => this.merge.settle(theirs),
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
    this.undoButton = make("button", { type: "button", text: "撤销", title: "撤销（Ctrl+Z）", onclick: () => this.goBack() });
    this.redoButton = make("button", { type: "button", text: "重做", title: "重做（Ctrl+Y）", onclick: () => this.goOn() });
    this.bar = make("div", { class: "bar", role: "group", "aria-label": "这一篇" },
      this.undoButton, this.redoButton,
      make("button", { type: "button", text: "以前的版本", onclick: () => this.versions() }));
    this.undo.changed = () => this.showUndo();
    this.matter = make("section", { class: "matter", "aria-label": "文章信息" }, this.form.element);
    this.remark = make("p", { class: "hint", role: "status", hidden: true });
    this.tray = make("section", { class: "tray", "aria-label": "照片和附件" });
    this.writeTab = make("section", { class: "write", id: "pane-write", "aria-label": "正文" },
      this.textArea.toolbar, this.textArea.element, this.remark, this.findings.element);
    this.tabs = [["write", "正文"], ["matter", "文章信息"], ["tray", "照片"], ["live", "网页"]].map(([name, text]) =>
      make("button", { type: "button", class: "tab", text, "data-name": name, onclick: () => this.showTab(name) }));
    this.panes = make("div", { class: "panes" },
      make("div", { class: "tabs", role: "group", "aria-label": "显示哪一边" }, this.tabs),
      this.writeTab, this.matter, this.tray, this.live.element);
    this.element = make("div", { class: "editor" },
      make("div", { class: "editor-head" },
        make("div", { class: "what" }, this.title, make("p", { class: "facts" }, this.stateMark, this.place, this.brief, this.state.line), this.state.spoken),
        this.bar),
      this.notices.element, this.panes);
    this.showTab("live");
    if (!WIDE.matches) this.showTab("write");
    this.showReport();
    this.showUndo();
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
    const { text, range: { end }, line } = this.textArea;
    return { lines: text.split("\n"), line: end ? line : null };
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
    if (key === null && this.looksLater) this.lookForOthers();
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

  /** Undoes the last step: also that of an input method which is just done, and whose word is not taken in yet. */
  goBack() {
    this.whenStill(() => { if (this.undo.undo()) this.desk.announce("撤销了一步", true); }); // what was told before is not so any more
  }

  goOn() {
    this.whenStill(() => { if (this.undo.redo()) this.desk.announce("重做了一步", true); });
  }

  /** Does something as soon as no input method composes. */
  whenStill(action) {
    this.textArea.whenStill(() => this.form.composition.whenStill(action));
  }

  /** Waits until no input method composes. */
  still() {
    return new Promise((resolve) => this.whenStill(resolve));
  }

  press(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing || document.querySelector("dialog")) return;
    if (isUndo(event)) this.goBack();
    else if (isRedo(event)) this.goOn();
    else if (event.code === "KeyS" && !event.shiftKey) this.save();
    else return;
    event.preventDefault();
  }

  // ---------------------------------------------------------------- saving

  saved(answer, sent) {
    if (this.met && this.met !== answer.version) this.lookForOthers();
    this.met = null;
    this.know(answer);
    if (answer.fields) this.showReport();
    this.remark.textContent = answer.remark ?? "";
    this.remark.hidden = !answer.remark;
    this.findings.soon();
    this.emit("saved", sent);
  }

  /** Takes note of what an answer says of the report. Which files there are, the tray asks: one may have come since. */
  know(answer) {
    this.report = { ...this.report, ...answer, files: this.report.files };
  }

  /** Saves at once and waits for it; gives whether all is saved. */
  async save() {
    this.files?.writeCaptions();
    this.undo.part();
    const isSaved = await this.saving.finished();
    if (isSaved || !this.merge.comparing) return isSaved;
    await this.merge.comparing; // what was changed elsewhere may go together with it
    return this.saving.finished();
  }

  /** Saves before something that needs it; says what holds it up. */
  async saveFirst() {
    if (await this.save()) return true;
    const { reason, hint, field } = this.state.now;
    const first = field ? "先改好标红的一项。" : [reason, hint].filter(Boolean).join("。");
    await ask("还有内容没有保存", make("p", { text: first || "稍等一会儿，再试一次。" }), [["知道了", true, "main"]]);
    if (field) this.goToField(field);
    return false;
  }

  get isComposing() {
    return this.textArea.isComposing || this.form.isComposing;
  }

  /** Takes over what is on the disk now, where nothing here is unsaved. Gives whether it did. */
  async reload() {
    if (this.saving.isUnsaved) return false;
    const { version } = this.saving;
    const report = await this.desk.call("GET", this.desk.address("report", { path: this.report.path }));
    if (version === this.saving.version) return this.takeOver(report);
    this.lookForOthers(); // something was saved meanwhile, perhaps after the file was read
    return false;
  }

  takeOver(report) {
    if (this.saving.isUnsaved || this.isOver) return false;
    if (this.isComposing) {
      if (this.form.isComposing) this.looksLater = true;
      else this.textArea.whenStill(() => this.lookForOthers());
      return false;
    }
    const before = { ...this.form.values };
    this.know(report);
    this.saving.known(report);
    this.form.setAll(report); // before the text, whose change looks at everything
    this.textArea.replaceAll(this.unframed(report.body));
    for (const [key, value] of Object.entries(changedFields(before, report.fields))) {
      this.undo.record(key, { gone: before[key] ?? null, come: value });
    }
    this.saving.changed();
    this.showReport();
    this.findings.soon();
    this.emit("reloaded");
    return true;
  }

  /** Another window or program may have written the file. */
  async lookForOthers() {
    this.looksLater = false;
    if (this.isLooking) return void (this.isLookedAgain = true);
    this.isLooking = true;
    try {
      do {
        this.isLookedAgain = false;
        await this.look();
      } while (this.isLookedAgain && !this.isOver);
    } finally {
      this.isLooking = false;
    }
  }

  async look() {
    clearTimeout(this.returns);
    try {
      const { path } = this.report;
      const { version } = await this.desk.call("GET", this.desk.address("report/version", { path }));
      if (this.isOver) return;
      if (version !== this.saving.version && this.saving.isBusy) this.met = version; // what is just being saved, or another's
      if (version !== this.saving.version && !this.saving.isUnsaved) await this.reload();
      else if (this.saving.isHeld) await this.lookAgain(version);
      else this.saving.attempt(); // takes back what was said while the file was gone
    } catch (error) {
      if (!("code" in error)) throw error; // gone for the moment, or moved away: saving tells it
      const isGone = error.code === "desk.unreachable";
      if ((isGone || error.code === "desk.missing") && !this.saving.isHeld) {
        this.state.tell({ kind: "unsaved", reason: error.message, hint: error.hint, error });
      }
      if (error.isPassing) this.lookLater(); // a drive that is back is no news everywhere
    }
  }

  /** Looks again for what did not come. */
  lookLater() {
    clearTimeout(this.returns);
    if (!this.isOver) this.returns = setTimeout(() => this.lookForOthers(), RETURNS);
  }

  /** The file changed once more while a decision is waited for. */
  async lookAgain(version) {
    if (version === this.merge.theirs?.version) return;
    const theirs = await this.merge.newest();
    if (this.saving.isHeld && !this.isOver) await this.merge.settle(theirs);
  }

  /** Puts a decision into the page, so that it can be undone. */
  take({ body, fields }) {
    for (const [key, value] of Object.entries(changedFields(this.form.values, fields))) {
      this.undo.record(key, { gone: this.form.values[key] ?? null, come: value });
      this.form.set(key, value);
    }
    this.textArea.replaceAll(this.unframed(body));
    this.showReport();
  }

  async versions() {
    try {
      if (!(await this.saveFirst())) return;
      await showVersions(this.desk, this.report.path, async (id) => {
        await this.desk.call("POST", "history/restore", { path: this.report.path, id, base: this.saving.version });
        if (await this.reload()) this.desk.announce("已换回以前的版本；要反悔，点“撤销”");
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

  /** Calls a function after an event: changed, saved, reloaded, closed, review (somebody goes to 审签). */
  on(event, action) {
    (this.listeners[event] ??= []).push(action);
  }

  emit(event, ...details) {
    for (const action of this.listeners[event] ?? []) action(...details);
  }

  // ---------------------------------------------------------------- from the first moment to the last

  begin(mounts, actions) {
    WIDE.addEventListener("change", this.widens = () => this.showTab(WIDE.matches ? this.panes.dataset.side : "write"));
    document.addEventListener("keydown", this.keys = (event) => this.press(event));
    window.addEventListener("beforeunload", this.unload = (event) => {
      if (!this.isBusy) return;
      event.preventDefault();
      event.returnValue = "";
    });
    window.addEventListener("focus", this.looks = () => this.lookForOthers());
    this.end = listen((news) => {
      if (!news.state) return;
      this.lookForOthers();
      if (!this.report.page) this.findings.soon(); // which tell where the page is, once there is one
    });
    this.textArea.focus();
    for (const plugin of mounts) plugin.mount(this.desk, this);
    for (const plugin of actions) this.bar.append(...plugin.actions(this.desk, this));
    this.tray.hidden = !this.tray.children.length;
    if (!this.report.body.trim() && WIDE.matches) this.showTab("matter");
    this.findings.look();
    this.live.fit();
    this.merge.offerDrafts().catch((error) => this.desk.fail(error));
  }

  /** Whether something would be lost if the page were closed now. */
  get isBusy() {
    return this.saving.isUnsaved || this.isComposing || Boolean(this.arriving) || Boolean(this.files?.isTyping);
  }

  /** What is still on its way into the page, in words; "" for nothing. */
  get arriving() {
    return [this.files?.coming.size && "照片或附件", this.pasting?.waiting && "粘贴的内容"].filter(Boolean).join("和");
  }

  /** Asks whether to leave all the same; gives whether the person does. */
  async asksToLeave(title, text) {
    return (await ask(title, make("p", { text }), [["留在这里", true, "main"], ["离开", false]])) === false;
  }

  /** Whether everything is saved, or the person leaves all the same. */
  async mayEnd() {
    const { arriving } = this;
    if (arriving && !(await this.asksToLeave(`还有${arriving}没有放好`, "现在离开，没有放好的就不放了，要再放一次。"))) return false;
    if (await this.save()) return true;
    const text = (await this.drafts.areSafe())
      ? "现在离开，没有保存的内容会留在这个浏览器里，下次打开这一篇时再问您要不要。"
      : "这个浏览器存不下没有保存的内容，现在离开就没有了。可以先留在这里，把正文复制到别处。";
    return this.asksToLeave("还有内容没有保存", text);
  }

  /** Ends the editor; false: something is not saved, and the person stays. */
  async leave() {
    const focused = this.element.contains(document.activeElement) ? document.activeElement : null;
    focused?.blur(); // some fields are taken in when one goes
    if (!(await this.mayEnd())) {
      focused?.focus();
      return false;
    }
    this.isOver = true;
    clearTimeout(this.returns);
    WIDE.removeEventListener("change", this.widens);
    document.removeEventListener("keydown", this.keys);
    window.removeEventListener("beforeunload", this.unload);
    window.removeEventListener("focus", this.looks);
    this.end();
    for (const part of [this.saving, this.drafts, this.live, this.findings, this.textArea]) part.stop();
    showsPage("");
    document.title = `写稿台 - ${this.desk.site.title}`;
    this.emit("closed");
    return true;
  }
}
