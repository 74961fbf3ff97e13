/* Two versions of the report that is open, of which one must come: when the file changed meanwhile, and when a window that is gone
   had not saved everything. What arrives in the page while a person decides is never lost. */

import { choose } from "./conflict.js";
import { timeWords } from "./drafts.js";
import { make, takeOut } from "./dom.js";
import { changedFields } from "./saving.js";

const MEANWHILE = "您选的时候，这一篇里又多了些内容（例如刚传好的照片）。两份不一样的地方都在下面，再选一次。";

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

export class Settling {
  constructor(desk, editor) {
    Object.assign(this, { desk, editor });
  }

  /** What stands in the page now. */
  get here() {
    const { body, fields } = this.editor.content();
    return { body, fields: { ...fields } };
  }

  /** Lets a person choose after the file was changed elsewhere; what is chosen is saved over the newer version. */
  async settle(theirs) {
    const { saving } = this.editor;
    let found = null;
    let reason = "这一篇在别处改过，还没有选用哪一份";
    let hint = "";
    try {
      found = await this.chosen(saving.disk, theirs, {
        title: "这一篇刚刚在别处改过",
        intro: "别人、别的窗口或别的程序，在您写的时候改了这个文件。两份不一样的地方都在下面，选好用哪一份。没有选的也找得回来：别处改的在「以前的版本」里，您写的点「撤销」就回来。",
      });
    } catch (error) {
      if (!("code" in error)) throw error;
      ({ message: reason, hint } = error);
    }
    if (this.editor.isOver) return;
    if (!found) {
      this.editor.state.tell({ kind: "unsaved", reason, hint, action: ["现在选", () => this.settle(theirs)] });
      return;
    }
    this.editor.report = theirs;
    this.editor.take(found);
    saving.release(theirs);
    this.editor.textArea.focus();
  }

  /** What a person makes of the page and of `theirs`, which both come from `base`: {body, fields}; null when they put it off. */
  async chosen(base, theirs, words) {
    let found = await this.decided(base, theirs, words);
    while (found) {
      await new Promise((resolve) => this.editor.textArea.whenStill(resolve));
      if (same(this.here, found.mine)) return found;
      found = await this.decided(found.mine, found, { ...words, intro: MEANWHILE, isMerged: true });
    }
    return null;
  }

  /** One decision: {body, fields, mine}, where `mine` is what stood in the page when it was asked for. */
  async decided(base, theirs, { isMerged = false, mine: given = null, ...words }) {
    let mine;
    let parts;
    do {
      mine = given ?? this.here;
      ({ parts } = await this.desk.call("POST", "compare", { base: base.body, mine: mine.body, theirs: theirs.body }));
    } while (!given && !same(this.here, mine) && !this.editor.isOver);
    if (this.editor.isOver) return null;
    const fields = this.differing(base.fields, mine.fields, theirs.fields);
    const differs = parts.filter(({ kind }) => kind !== "same");
    const isClear = isMerged && !fields.some(({ isBoth }) => isBoth) && !differs.some(({ kind }) => kind === "conflict");
    if (isClear || (!fields.length && !differs.length)) {
      const body = parts.map((part) => (part.kind === "theirs" ? part.theirs : part.mine)).join("");
      const values = Object.fromEntries(fields.map((field) => [field.key, field[field.chosen]]));
      return { body, fields: withFields(mine.fields, values), mine };
    }
    const found = await choose({ ...words, parts, fields });
    return found && { body: found.body, fields: withFields(mine.fields, found.fields), mine };
  }

  differing(base, mine, theirs) {
    const [ours, others] = [changedFields(base, mine), changedFields(base, theirs)];
    const label = (key) => this.desk.site.fields[key]?.label ?? (key === "kind" ? "类型" : key);
    return Object.keys(changedFields(mine, theirs)).map((key) => ({
      key, label: label(key), mine: mine[key] ?? null, theirs: theirs[key] ?? null,
      isBoth: key in ours && key in others, chosen: key in others && !(key in ours) ? "theirs" : "mine",
    }));
  }

  /** Offers what windows that are gone had not saved: once by itself, then by a button. */
  async offerDrafts() {
    const { drafts } = this.editor;
    for (const draft of await drafts.left()) {
      if (this.editor.isOver) return;
      if (!draft.isPutOff && (await this.offer(draft))) continue;
      if (!draft.isPutOff) await drafts.putOff(draft);
      const button = make("button", { type: "button", text: "没存好的内容", title: `${timeWords(draft.time)} 写的`, onclick: async () => {
        try {
          if (await this.offer(draft)) takeOut(button, this.editor.textArea);
        } catch (error) {
          await this.desk.fail(error);
        }
      } });
      this.editor.bar.append(button);
    }
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
      await new Promise((resolve) => editor.textArea.whenStill(resolve));
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
