/* Saving by itself: one request at a time, with the newest of everything; what could not be saved is tried again until it is. */

import { listen } from "./server_events.js";

const PAUSES = [500, 1000, 2000, 4000]; // ms between attempts while nobody answers
const MOST_SENT = 100; // texts without an answer that are remembered
const same = (one, other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

/** The fields whose values differ; null: taken out. */
export function changedFields(before, after) {
  const found = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (!same(before[key], after[key])) found[key] = after[key] ?? null;
  }
  return found;
}

/** The content of a file after something was saved into it. */
function after({ body, fields }, sent) {
  const values = { ...fields };
  for (const [key, value] of Object.entries(sent.fields)) {
    if (value === null) delete values[key];
    else values[key] = value;
  }
  return { body: sent.body ?? body, fields: values };
}

const sorted = (fields) => Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1));

/**
 * `read()` gives {body, fields} as they stand in the page; `mayStart()` is false while an input method composes. `tell(state)` is called
 * with {kind: saved | saving | unsaved, reason, hint, field, error}, `conflict(theirs)` when the file changed meanwhile, `fault(key, error)`
 * for a value that a field cannot have (null: there is none any more), `saved(answer)` after each save.
 */
export class Saving {
  constructor(desk, report, drafts, handlers) {
    Object.assign(this, { desk, drafts, handlers });
    this.path = report.path;
    this.window = Math.random().toString(36).slice(2); // the versions of one window within a minute are one
    this.refused = {}; // key -> the value that was refused
    this.isBusy = false;
    this.isHeld = false; // a conflict waits for a decision
    this.failures = 0; // attempts in a row that failed
    this.failed = 0; // all that did
    this.sent = []; // what was sent and not answered: the server may have written it all the same
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
    this.drafts.keep(isAll ? null : { base: this.version, disk: this.disk, body, fields: all });
    this.attempt();
  }

  /** Saves what there is, unless something else is under way; then it comes after that. */
  async attempt() {
    if (this.isBusy || this.isHeld || this.isOver || !this.handlers.mayStart()) return;
    clearTimeout(this.timer);
    const sent = this.pending();
    if (!sent) return this.rest();
    this.isBusy = true;
    if (!this.failures) this.handlers.tell({ kind: "saving" });
    try {
      const answer = await this.desk.call("PUT", this.desk.address("report", { path: this.path }),
        { base: this.version, body: sent.body, fields: sent.fields, window: this.window });
      this.isBusy = false;
      this.took(sent, answer);
    } catch (error) {
      this.isBusy = false;
      this.refuse(error, sent);
    }
  }

  took(sent, answer) {
    this.failures = 0;
    this.sent = [];
    this.version = answer.version;
    this.disk = after(this.disk, sent);
    this.handlers.saved(answer, sent);
    this.changed();
  }

  /** Goes on from a request that did not save everything. */
  refuse(error, sent) {
    if (!("code" in error)) throw error;
    if (error.code === "changed") return this.meet(error.data.theirs);
    if (error.code === "field" && error.data.refused) {
      const taken = { ...sent.fields };
      for (const [key, why] of Object.entries(error.data.refused)) {
        this.refused[key] = sent.fields[key];
        delete taken[key];
        this.handlers.fault(key, why);
      }
      return this.took({ ...sent, fields: taken }, error.data.saved);
    }
    this.failures += 1;
    this.failed += 1;
    if (error.isPassing) this.sent = [...this.sent, after(this.disk, sent)].slice(-MOST_SENT);
    this.handlers.tell({ kind: "unsaved", reason: error.message, hint: error.hint, error });
    if (error.isPassing || error.status === 401 || error.status === 404) {
      this.timer = setTimeout(() => this.attempt(), PAUSES[Math.min(this.failures, PAUSES.length) - 1]);
    }
  }

  /** The file is another version than the one that was edited: somebody else's, or one of ours whose answer was lost. */
  meet(theirs) {
    this.failures = 0;
    if (this.sent.some(({ body, fields }) => body === theirs.body && same(sorted(fields), sorted(theirs.fields)))) {
      this.sent = [];
      this.handlers.saved(theirs, { fields: {} });
      this.release(theirs);
      return;
    }
    this.isHeld = true;
    this.handlers.conflict(theirs);
  }

  rest() {
    const refused = Object.keys(this.refused);
    this.failures = 0;
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
    const { failed } = this;
    for (let turns = 0; turns < 200 && this.isUnsaved; turns += 1) {
      if (this.isHeld || (!this.isBusy && (this.failed > failed || !this.pending()))) break;
      this.attempt();
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    return !this.isUnsaved;
  }

  /** Ends: what comes into the page after this is kept as a draft. */
  stop() {
    this.isOver = true;
    clearTimeout(this.timer);
    this.end();
  }
}
