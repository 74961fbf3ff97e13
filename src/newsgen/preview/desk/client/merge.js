/* Two versions of the report that is open, which become one: when the file changed meanwhile, and when a window that is gone had not
   saved everything. Changes of different passages are put together; else a bar above the text asks, and one writes on until one
   decides. What arrives in the page meanwhile is never lost. */

import { choose } from "./choose_versions.js";
import { timeWords } from "./drafts.js";
import { make, takeOut } from "./dom.js";
import { changedFields } from "./saving.js";

const MEANWHILE = "您选的时候，这一篇里又多了些内容（例如刚传好的照片）。两份不一样的地方都在下面，再选一次。";

const CHANGED = "您选的时候，别处又改了这个文件。下面是现在的样子，选过的还在；看一下，再保存。";

const same = (one, other) => one.body === other.body && !Object.keys(changedFields(one.fields, other.fields)).length;

/** Values with others in their place; null: taken out. */
function withFields(fields, changes) {
  const found = { ...fields };
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete found[key];
    else found[key] = value;
  }
  return found;
}

/** Whether nobody has to choose: no passage and no field was changed on both sides. */
const isClear = ({ parts, fields }) => !fields.some(({ isBoth }) => isBoth) && !parts.some(({ kind }) => kind === "conflict");

const paragraphs = (text) => text.split(/\n[^\S\n]*\n/).filter((part) => part.trim()).length;

/** The changes of both sides together: {body, fields, mine}. */
function together({ parts, fields, mine }) {
  const values = Object.fromEntries(fields.map((field) => [field.key, field[field.chosen]]));
  return { body: parts.map((part) => (part.kind === "theirs" ? part.theirs : part.mine)).join(""), fields: withFields(mine.fields, values), mine };
}

/** What the other side changed, in words; "" for nothing. */
function theirChanges({ parts, fields }) {
  const numbers = new Set();
  let above = "";
  for (const { kind, mine, theirs } of parts) {
    const text = kind === "theirs" ? theirs : mine;
    if (kind === "theirs") {
      const first = Math.max(1, paragraphs(`${above}${theirs.trim() ? theirs.replace(/(\S)[^]*/, "$1") : ""}`));
      for (let number = first; number <= Math.max(first, paragraphs(above + text)); number += 1) numbers.add(number);
    }
    above += text;
  }
  const labels = fields.filter(({ chosen }) => chosen === "theirs").map(({ label }) => `“${label}”`);
  return [numbers.size ? `第 ${[...numbers].join("、")} 段` : "", ...labels].filter(Boolean).join("和");
}

export class Merge {
  constructor(desk, editor) {
    Object.assign(this, { desk, editor });
    this.theirs = null; // what the file was when it was last looked at
    this.comparing = null; // as long as the versions are compared
    this.isChoosing = false;
  }

  /** What stands in the page now. */
  get here() {
    const { body, fields } = this.editor.content();
    return { body, fields: { ...fields } };
  }

  newest() {
    return this.desk.call("GET", this.desk.address("report", { path: this.editor.report.path }));
  }

  /** To be called when the file was changed elsewhere. Changes of other passages than those changed here come in and are told; else
      a bar asks for a decision. */
  settle(theirs) {
    this.theirs = theirs;
    if (!this.isChoosing) this.comparing ??= this.compare().finally(() => { this.comparing = null; });
    return this.comparing;
  }

  async compare() {
    try {
      const found = await this.settled();
      if (this.editor.isOver || this.isChoosing || !this.editor.saving.isHeld) return;
      if (isClear(found)) this.join(found);
      else this.askLater(found);
    } catch (error) {
      if (!("code" in error)) throw error;
      this.theirs = null; // the next look at the file compares again
      if (error.isPassing) this.editor.lookLater();
      this.askLater(null);
      this.editor.state.tell({ kind: "unsaved", reason: error.message, hint: error.hint });
    }
  }

  /** The comparison with the newest of the page and of the file, while no input method composes. */
  async settled() {
    let found;
    do {
      found = await this.compared(this.editor.saving.disk, this.theirs);
      if (!isClear(found)) this.tellHeld();
      await this.editor.still();
    } while (!this.editor.isOver && !(same(this.here, found.mine) && found.theirs === this.theirs));
    return found;
  }

  join(found) {
    const changes = theirChanges(found);
    this.take(together(found), found.theirs);
    const { notices } = this.editor;
    if (!changes) return;
    notices.show("joined", `别处改了${changes}，已经合在一起。`,
      [["看看", () => this.editor.versions()], ["知道了", () => notices.drop("joined")]]);
  }

  askLater(found) {
    const count = found && [...found.parts.filter(({ kind }) => kind === "conflict"), ...found.fields.filter(({ isBoth }) => isBoth)].length;
    this.editor.notices.show("changed", `别处也改了这一篇${count ? `，有 ${count} 处和您改的是同一处` : ""}。您可以接着写，写的都留着；选好用哪一份，才会存上。`,
      [["现在选", () => this.decide()]], "alert");
    this.tellHeld();
  }

  tellHeld() {
    this.editor.state.tell({ kind: "unsaved", reason: "这一篇在别处改过，等您选用哪一份" });
  }

  /** Puts a decision into the page, to be saved over the version that it was made for. */
  take(found, theirs) {
    this.editor.know(theirs);
    this.editor.take(found);
    this.editor.saving.release(theirs);
    this.editor.notices.drop("changed");
    this.editor.files?.reread();
  }

  /** Lets a person choose between the page and the file as it is now. */
  async decide() {
    if (this.isChoosing) return;
    this.isChoosing = true;
    try {
      const found = await this.chosen(this.editor.saving.disk, await this.newest(), {
        title: "这一篇刚刚在别处改过",
        intro: "别人、别的窗口或别的程序，在您写的时候改了这个文件。两份不一样的地方都在下面，选好用哪一份。没有选的也找得回来：别处改的在“以前的版本”里，您写的点“撤销”就回来。",
        follows: true,
      });
      if (!found || this.editor.isOver) return;
      this.take(found, found.theirs);
      this.editor.textArea.focus();
    } finally {
      this.isChoosing = false;
    }
  }

  /** What a person makes of the page and of `theirs`, which both come from `base`: {body, fields, theirs}; null when they put it off. */
  async chosen(base, theirs, words) {
    let found = await this.decided(base, theirs, words);
    const file = found?.theirs;
    while (found) {
      await this.editor.still();
      if (same(this.here, found.mine)) return { ...found, theirs: file };
      found = await this.decided(found.mine, found, { ...words, intro: MEANWHILE, isMerged: true, follows: false });
    }
    return null;
  }

  /** The passages and fields in which the page, or `given`, differs from another version: {parts, fields, mine, theirs}. */
  async compared(base, theirs, given = null) {
    let mine;
    let parts;
    do {
      mine = given ?? this.here;
      ({ parts } = await this.desk.call("POST", "compare", { base: base.body, mine: mine.body, theirs: theirs.body }));
    } while (!given && !same(this.here, mine) && !this.editor.isOver);
    return { parts, fields: this.differing(base.fields, mine.fields, theirs.fields), mine, theirs };
  }

  /** One decision: {body, fields, mine, theirs}, where `mine` and `theirs` are the versions that it was made for. `follows`: a file
      that changes once more is shown before anything is saved. */
  async decided(base, theirs, { isMerged = false, mine: given = null, follows = false, ...words }) {
    let compared = await this.compared(base, theirs, given);
    if (this.editor.isOver) return null;
    const isSame = !compared.fields.length && compared.parts.every(({ kind }) => kind === "same");
    if (isSame || (isMerged && isClear(compared))) return { ...together(compared), theirs };
    const renewed = follows ? async () => {
      const found = await this.comparedAgain(base, compared.theirs);
      compared = found ?? compared;
      return found;
    } : null;
    const found = await choose({ ...words, parts: compared.parts, fields: compared.fields, renewed, changed: CHANGED });
    const { mine } = compared;
    return found && { body: found.body, fields: withFields(mine.fields, found.fields), mine, theirs: compared.theirs };
  }

  /** The comparison with the file as it is now; null where that is still the version known, or nobody answers: saving tells that. */
  async comparedAgain(base, known) {
    try {
      const newest = await this.newest();
      return newest.version === known.version ? null : await this.compared(base, newest);
    } catch (error) {
      if (!("code" in error)) throw error;
      return null;
    }
  }

  differing(base, mine, theirs) {
    const [ours, others] = [changedFields(base, mine), changedFields(base, theirs)];
    const label = (key) => this.desk.site.fields[key]?.label ?? (key === "kind" ? "类型" : key);
    return Object.keys(changedFields(mine, theirs)).map((key) => ({
      key, label: label(key), mine: mine[key] ?? null, theirs: theirs[key] ?? null,
      isBoth: key in ours && key in others, chosen: key in others && !(key in ours) ? "theirs" : "mine",
    }));
  }

  /** Offers what windows that are gone had not saved: first in a bar, later by a button. */
  async offerDrafts() {
    for (const draft of await this.editor.drafts.left()) {
      if (this.editor.isOver) return;
      if (draft.isPutOff) this.keepButton(draft);
      else this.offerInBar(draft);
    }
  }

  offerInBar(draft) {
    const { drafts, notices } = this.editor;
    const putOff = async () => {
      await drafts.putOff(draft);
      notices.drop(draft.key);
      this.keepButton(draft);
    };
    notices.show(draft.key, `上一次有些话没有存好（${timeWords(draft.time)} 写的），还留在这个浏览器里。`, [
      ["现在看", async () => ((await this.offer(draft)) ? notices.drop(draft.key) : putOff())],
      ["先放一放", putOff],
    ], "alert");
  }

  keepButton(draft) {
    const button = make("button", { type: "button", text: "没存好的内容", title: `${timeWords(draft.time)} 写的`, onclick: async () => {
      try {
        if (await this.offer(draft)) takeOut(button, this.editor.textArea);
      } catch (error) {
        await this.desk.fail(error);
      }
    } });
    this.editor.bar.append(button);
  }

  /** Lets a person choose between a draft and what stands in the page; gives whether they did. */
  async offer(draft) {
    const { editor } = this;
    const base = draft.disk ?? this.here;
    const mine = { body: draft.body, fields: withFields(base.fields, draft.fields) };
    let here;
    let found;
    do {
      here = this.here;
      if (same(here, mine)) break;
      found = await this.decided(base, here, {
        title: "上一次有些话没有存好",
        intro: `这个浏览器里还留着 ${timeWords(draft.time)} 没来得及保存的内容。两份不一样的地方都在下面，选好用哪一份。`,
        names: { mine: "没存好的", theirs: "文件里的" }, mine,
      });
      if (!found) return false;
      await editor.still();
    } while (!same(this.here, here)); // typed on meanwhile
    if (found) {
      editor.take(found);
      editor.saving.changed();
    }
    if (!(await editor.drafts.areSafe())) return false; // this window could not keep it in its turn
    await editor.drafts.forget(draft);
    return true;
  }
}
