/* What is to be said of the report, at its lines: a click goes there, another one puts the correction in. */

import { make } from "./dom.js";

const LONG = 12; // characters that a button repeats at most; longer ones are whole lines
const IGNORED = /<!-- 忽略: [a-z., -]+? -->/;
const PLACES = { tray: "照片", text: "正文", review: "审签" }; // where a finding above the text is mended, but for the form
const PAUSE = 700; // ms after the last save
const AGAIN = 4000; // ms after which findings that did not come are asked for again
const CLICK = 300; // ms that a touch screen may take from the end of a touch to its click
const WORDS = { error: "错误", warning: "提醒", info: "说明" };
const ORDER = { error: 0, warning: 1, info: 2 };

/** What a correction puts in the place of what was found, in the words of the hint (check/rule.py): the same is not said twice. */
const instead = (correction) => (/[\p{L}\p{N}“”‘’]/u.test(correction) ? `改成：${correction}` : `改成“${correction}”`);

/** Where the code point `count` of a line stands, as JavaScript counts. */
const unitsOf = (line, count) => [...line].slice(0, count).join("").length;

/** Whether two findings say the same of the same words, wherever they stand now. */
const isAlike = (one, other) => ["code", "found", "message"].every((key) => one[key] === other[key]);

export class Findings {
  /** `places` knows the text: {text(), bodyLine(), goTo(start, end), goToField(key), goToPhotos(), goToReview(), correct(start, end, text)}; `shown` is told how
      the report stands in the site. */
  constructor(desk, path, places, shown = () => {}) {
    Object.assign(this, { desk, path, places, shown });
    this.timer = 0;
    this.asked = 0;
    this.told = null;
    this.findings = [];
    this.head = make("h2", { id: "findings-title", text: "检查" });
    this.count = make("p", { class: "found", role: "status", tabindex: "-1", text: "正在检查…" });
    this.list = make("ul", { class: "findings" });
    this.list.addEventListener("pointerdown", () => this.press());
    this.element = make("section", { class: "checked", "aria-labelledby": "findings-title" },
      make("div", { class: "checked-head" }, this.head, this.count), this.list);
  }

  /** Looks again once it is quiet. */
  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), PAUSE);
  }

  async look() {
    clearTimeout(this.timer);
    const asked = (this.asked += 1);
    let answer;
    try {
      answer = await this.desk.call("GET", this.desk.address("findings", { path: this.path }));
    } catch (error) {
      if (!("code" in error)) throw error; // the state of saving says that nobody answers
      if (error.isPassing && asked === this.asked) this.timer = setTimeout(() => this.look(), AGAIN);
      return;
    }
    if (asked !== this.asked) return;
    const { findings, ...standing } = answer;
    this.show(findings);
    this.shown(standing);
  }

  /** Renews nothing while a button is pressed: its click would be lost. */
  press() {
    clearTimeout(this.release);
    this.isPressed = true;
    const ended = () => {
      removeEventListener("pointerup", ended);
      removeEventListener("pointercancel", ended);
      this.release = setTimeout(() => {
        this.isPressed = false;
        if (this.waiting) this.show(this.waiting);
      }, CLICK);
    };
    addEventListener("pointerup", ended);
    addEventListener("pointercancel", ended);
  }

  show(findings) {
    this.waiting = this.isPressed ? findings : null;
    if (this.isPressed) return;
    const sorted = [...findings].sort((one, other) => ORDER[one.severity] - ORDER[other.severity]);
    const told = JSON.stringify([sorted, this.places.bodyLine()]);
    if (told === this.told) return;
    this.told = told;
    const left = this.focus();
    this.findings = sorted;
    this.list.replaceChildren(...sorted.map((finding) => this.item(finding)));
    this.list.hidden = !sorted.length;
    const counts = Object.keys(WORDS).map((severity) => [severity, findings.filter((one) => one.severity === severity).length]);
    const words = counts.filter(([, number]) => number)
      .map(([severity, number]) => `${number} ${severity === "error" ? "处" : "条"}${WORDS[severity]}`).join("，");
    this.count.textContent = words || "没有发现问题";
    this.element.classList.toggle("well", !findings.length);
    this.element.classList.toggle("bad", sorted[0]?.severity === "error");
    if (left) this.focusAgain(left);
  }

  /** Where the focus is in the list: {row, finding, kind} of its button; null elsewhere. */
  focus() {
    const button = document.activeElement;
    const row = [...this.list.children].findIndex((item) => item.contains(button));
    return row < 0 ? null : { row, finding: this.findings[row], kind: button.className };
  }

  /** Goes on at the same button of the same finding; where that is gone, at the finding that now stands in its place. */
  focusAgain({ row, finding, kind }) {
    const far = (other) => Math.abs(other.line - finding.line);
    const [same] = this.findings.filter((other) => isAlike(other, finding)).sort((one, other) => far(one) - far(other));
    const item = this.list.children[same ? this.findings.indexOf(same) : Math.min(row, this.findings.length - 1)];
    const buttons = [...(item?.querySelectorAll("button") ?? [])];
    ((same && buttons.find((button) => button.className === kind)) ?? buttons[0] ?? this.count).focus();
  }

  item(finding) {
    const line = finding.line - this.places.bodyLine() + 1;
    const where = line >= 1 ? `正文第 ${line} 行` : PLACES[finding.place] ?? "文章信息";
    const correction = finding.correction ? instead(finding.correction) : finding.found.length > LONG || this.isWhole(finding) ? "删去这一行" : `删去“${finding.found}”`;
    return make("li", { class: finding.severity },
      make("button", { type: "button", class: "go", onclick: () => this.go(finding) },
        make("b", { text: WORDS[finding.severity] }),
        make("span", { class: "message", text: finding.message }),
        make("span", { class: "where", text: where })),
      make("span", { class: "mends" },
        finding.correction !== null && line >= 1 && make("button", {
          type: "button", class: "correct", text: correction, onclick: () => this.correct(finding),
        }),
        this.mayStay(finding) && make("button", {
          type: "button", class: "quiet", text: "不用改", title: "这一处没有写错，不再提醒", onclick: () => this.settle(finding),
        })),
      finding.hint && finding.hint !== correction && make("p", { class: "hint", text: finding.hint }));
  }

  /** Whether a finding is about all that stands in its line. */
  isWhole({ found, line }) {
    return this.places.text().split("\n")[line - this.places.bodyLine()]?.trim() === found;
  }

  /** Whether a comment at the end of its line can settle a finding: not in a table, nor beside a photo, which stands alone. */
  mayStay({ may_stay: mayStay, line }) {
    const text = this.places.text().split("\n")[line - this.places.bodyLine()];
    return mayStay && text !== undefined && !/^\s*(?:\||!\[)/.test(text);
  }

  /** Says in the text that a finding is none: with a comment at the end of its line, which `check` reads and no page shows. */
  settle(finding) {
    const { start } = this.placeOf(finding);
    const text = this.places.text();
    const from = text.lastIndexOf("\n", start - 1) + 1;
    const end = text.indexOf("\n", start) < 0 ? text.length : text.indexOf("\n", start);
    const known = IGNORED.exec(text.slice(from, end));
    if (known) {
      const at = from + known.index + known[0].length - " -->".length;
      this.places.correct(at, at, `, ${finding.code}`);
    } else {
      this.places.correct(end, end, ` <!-- 忽略: ${finding.code} -->`);
    }
    this.desk.announce("这一处不再提醒；要反悔，点“撤销”");
  }

  /** The field of the form that a finding is about; null for the text. */
  fieldOf({ line, field, code }) {
    if (line >= this.places.bodyLine()) return null;
    return field || /^front-matter\.(\w+)$/.exec(code)?.[1] || null;
  }

  /** Where the words of a finding stand in the text now: at their place, else at the same words nearest to it. */
  placeOf({ line, column, found }) {
    const text = this.places.text();
    const lines = text.split("\n");
    const row = Math.min(Math.max(line - this.places.bodyLine(), 0), lines.length - 1);
    const start = lines.slice(0, row).reduce((sum, one) => sum + one.length + 1, 0);
    const at = start + unitsOf(lines[row], column - 1);
    if (!found) return { start, end: start + lines[row].length, isSure: false };
    if (text.startsWith(found, at)) return { start: at, end: at + found.length, isSure: true };
    const before = text.lastIndexOf(found, at);
    const after = text.indexOf(found, at);
    const near = before < 0 || (after >= 0 && after - at < at - before) ? after : before;
    return near < 0 ? { start, end: start + lines[row].length, isSure: false } : { start: near, end: near + found.length, isSure: true };
  }

  go(finding) {
    if (finding.place === "text") return void this.places.goTo(0, 0);
    if (finding.place === "review") return void this.places.goToReview();
    if (finding.place === "tray") this.places.goToPhotos();
    if (finding.line < this.places.bodyLine()) {
      if (finding.place !== "tray") this.places.goToField(this.fieldOf(finding));
      return;
    }
    const { start, end } = this.placeOf(finding);
    this.places.goTo(start, end);
  }

  correct(finding) {
    const { start, end, isSure } = this.placeOf(finding);
    if (!isSure && finding.found) {
      this.desk.announce("这一处已经改过了");
      this.look();
      return;
    }
    const [from, to] = finding.correction || !finding.found ? [start, finding.found ? end : start] : this.whole(start, end);
    this.places.correct(from, to, finding.correction);
  }

  /** What goes with words that are deleted: where they are all of their line, the line, and the blank lines below it. */
  whole(start, end) {
    const text = this.places.text();
    const from = text.lastIndexOf("\n", start - 1) + 1;
    const [line] = text.slice(from).split("\n", 1);
    if (line.slice(0, start - from).trim() || line.slice(end - from).trim()) return [start, end];
    const below = /^\n*/.exec(text.slice(from + line.length))[0].length;
    return [from, from + line.length + below];
  }

  stop() {
    clearTimeout(this.timer);
    this.asked += 1;
  }
}
