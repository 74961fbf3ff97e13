/* Saving by itself: one request at a time, with the newest of everything; what could not be saved is tried again until it is. */

import { listen } from "./news.js";

const PAUSES = [500, 1000, 2000, 4000]; // ms between attempts while nobody answers
const same = (one, other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

/** The fields whose values differ; null: taken out. */
export function changedFields(before, after) {
  const found = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (!same(before[key], after[key])) found[key] = after[key] ?? null;
  }
  return found;
}

/**
 * `read()` gives {body, fields} as they stand in the page; `mayStart()` is false while an input method composes. `tell(state)` is called
 * with {kind: saved | saving | unsaved, reason, hint}, `conflict(theirs)` when the file changed meanwhile, `fault(key, error)`
 * for a value that a field cannot have (null: there is none any more), `saved(answer)` after each save.
 */
export class Saving {
  constructor(desk, report, drafts, handlers) {
    Object.assign(this, { desk, drafts, handlers });
    this.path = report.path;
    this.refused = {}; // key -> the value that was refused
    this.isBusy = false;
    this.isHeld = false; // a conflict waits for a decision
    this.failures = 0;
    this.timer = 0;
    this.known(report);
    this.end = listen((news) => { if (news.state && this.failures) this.attempt(); });
  }

  /** The report as it now lies on the disk. */
  known(report) {
    this.version = report.version;
    this.disk = { body: report.body, fields: { ...report.fields } };
  }

  /** What differs from the disk and may be sent; null where nothing does. */
  pending() {
    const { body, fields } = this.handlers.read();
    const changed = changedFields(this.disk.fields, fields);
    for (const key of Object.keys(this.refused)) {
      if (!(key in changed) || !same(changed[key], this.refused[key])) {
        delete this.refused[key];
        this.handlers.fault(key, null);
      } else {
        delete changed[key];
      }
    }
    const isText = body !== this.disk.body;
    return isText || Object.keys(changed).length ? { body: isText ? body : undefined, fields: changed } : null;
  }

  get isUnsaved() {
    return this.isBusy || this.isHeld || this.pending() !== null || Object.keys(this.refused).length > 0;
  }

  /** To be called after each change in the page. */
  changed() {
    const { body, fields } = this.handlers.read();
    const all = changedFields(this.disk.fields, fields);
    const isAll = body === this.disk.body && !Object.keys(all).length;
    this.drafts.keep(isAll ? null : { base: this.version, body, fields: all });
    this.attempt();
  }

  /** Saves what there is, unless something else is under way; then it comes after that. */
  async attempt() {
    if (this.isBusy || this.isHeld || !this.handlers.mayStart()) return;
    clearTimeout(this.timer);
    const sent = this.pending();
    if (!sent) return this.rest();
    this.isBusy = true;
    if (!this.failures) this.handlers.tell({ kind: "saving" });
    try {
      const answer = await this.desk.call("PUT", this.desk.address("report", { path: this.path }),
        { base: this.version, body: sent.body, fields: sent.fields });
      this.isBusy = false;
      this.failures = 0;
      this.took(sent, answer);
    } catch (error) {
      this.isBusy = false;
      this.failed(error, sent);
    }
  }

  took(sent, answer) {
    this.version = answer.version;
    if (sent.body !== undefined) this.disk.body = sent.body;
    for (const [key, value] of Object.entries(sent.fields)) {
      if (value === null) delete this.disk.fields[key];
      else this.disk.fields[key] = value;
    }
    this.handlers.saved(answer, sent);
    this.changed();
  }

  failed(error, sent) {
    if (!("code" in error)) throw error;
    if (error.code === "changed") {
      this.isHeld = true;
      this.handlers.tell({ kind: "unsaved", reason: "这一篇被别处改过，等您选用哪一份" });
      this.handlers.conflict(error.data.theirs);
      return;
    }
    if (error.code === "field" && error.data.field in sent.fields) {
      const { [error.data.field]: value, ...rest } = sent.fields;
      this.refused[error.data.field] = value;
      this.handlers.fault(error.data.field, error);
      this.took({ ...sent, fields: rest }, error.data.saved);
      return;
    }
    this.failures += 1;
    this.handlers.tell({ kind: "unsaved", reason: error.message, hint: error.hint });
    if (error.isPassing || error.status === 401 || error.status === 404) {
      this.timer = setTimeout(() => this.attempt(), PAUSES[Math.min(this.failures, PAUSES.length) - 1]);
    }
  }

  rest() {
    const refused = Object.keys(this.refused);
    if (refused.length) this.handlers.tell({ kind: "unsaved", reason: "有一项填得不对，改好就会存上", field: refused[0] });
    else this.handlers.tell({ kind: "saved" });
  }

  /** After a decision: goes on from what is on the disk now. */
  release(theirs) {
    this.isHeld = false;
    this.known(theirs);
    this.changed();
  }

  /** Waits until all is saved; gives whether it is. */
  async finished() {
    for (let turns = 0; turns < 200 && this.isUnsaved; turns += 1) {
      this.attempt();
      if (this.failures || this.isHeld || (!this.isBusy && Object.keys(this.refused).length)) break;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    return !this.isUnsaved;
  }

  stop() {
    clearTimeout(this.timer);
    this.end();
  }
}
