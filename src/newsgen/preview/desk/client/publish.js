/* 发布: what would change on the server first, then the real one, with what it says and its result. */

import { ask, labelled, make } from "./dom.js";

const PAUSE = 700; // ms between two looks
const MOST = 200; // addresses that are listed
const CHANGES = [["added", "新增"], ["changed", "改动"], ["deleted", "删去"]];

export async function view(desk, root) {
  const place = new Publish(desk);
  root.append(place.element);
  await place.look();
  return () => place.stop();
}

class Publish {
  constructor(desk) {
    this.desk = desk;
    this.tried = null; // the target whose changes were shown
    this.target = make("select", { onchange: () => this.tell() });
    this.targetField = labelled("发布到", this.target, { id: "publish-target" });
    this.targetField.hidden = true; // nothing moves under the pointer once it can be clicked
    this.tryButton = make("button", { type: "button", class: "main", text: "看会有什么变化", disabled: true, onclick: () => this.start(true) });
    this.realButton = make("button", { type: "button", text: "发布", disabled: true, onclick: () => this.start(false) });
    this.state = make("p", { class: "say", role: "status", tabindex: "-1" });
    this.lines = make("pre", { class: "lines", tabindex: "0", "aria-label": "发布时的输出" });
    this.result = make("div", { class: "result" });
    this.element = make("section", { class: "sheet publish" },
      make("h1", { text: "发布" }),
      make("p", { text: "先看会有什么变化，再发布。网站要么全是新的，要么原样不动。" }),
      this.targetField, make("p", { class: "buttons" }, this.tryButton, this.realButton), this.state, this.lines, this.result);
  }

  async look() {
    const found = await this.desk.call("GET", "publish");
    if (this.isOver) return;
    if (!this.target.options.length) {
      this.target.replaceChildren(...found.targets.map((name) => make("option", { value: name, text: name })));
      this.targetField.hidden = found.targets.length < 2;
    }
    this.show(found);
    if (found.state === "running") this.lookLater();
  }

  /** Looks again in a moment, also where nobody answered: what was begun goes on meanwhile. */
  lookLater() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.lookAgain(), PAUSE);
  }

  async lookAgain() {
    try {
      await this.look();
    } catch (error) {
      if (this.isOver) return;
      this.say(`还不知道${this.doing}得怎样：${error.message}`, true);
      if (error.isPassing) this.lookLater();
      else await this.desk.fail(error);
    }
  }

  stop() {
    this.isOver = true;
    clearTimeout(this.timer);
  }

  async start(isTrial) {
    if (!isTrial) {
      const sure = await ask("发布到网站？", make("p", { text: `${this.target.value}：读者马上就会看到。` }), [["发布", true, "main"], ["取消", null, ""]]);
      if (!sure) return;
    }
    try {
      await this.desk.call("POST", "publish", { dry_run: isTrial, target: this.target.value });
    } catch (error) {
      await this.desk.fail(error);
      if (error.status) return; // else nobody knows whether it has begun
    }
    await this.lookAgain();
  }

  show(found) {
    this.found = found;
    this.doing = found.dry_run ? "看变化" : "发布";
    const words = {
      idle: "",
      running: `正在${this.doing}…`,
      done: !found.dry_run && found.result?.published ? "发布好了" : isSame(found) ? "网站上已经是这一版" : "看好了，还没有发布",
      failed: staysNew(found) ? "发布出了问题，新的一版留在网站上" : `${found.dry_run ? "没能看出变化" : "没有发布成功"}，网站原样没动`,
    }[found.state];
    this.say(words, found.state === "failed");
    this.lines.textContent = found.lines.join("\n");
    this.lines.hidden = !found.lines.length;
    this.result.replaceChildren(...(found.state === "done" && found.result ? changes(found.result) : []));
    if (found.state === "done" && found.dry_run) this.tried = found.target;
    if (found.state === "done" && !found.dry_run) this.tried = null;
    this.tell();
  }

  say(words, isFault) {
    if (this.state.textContent !== words) this.state.textContent = words;
    this.state.classList.toggle("fault", isFault);
  }

  tell() {
    const isRunning = this.found.state === "running";
    if (isRunning && this.element.contains(document.activeElement)) this.state.focus(); // from a button that is off now
    this.tryButton.disabled = isRunning || !this.target.options.length;
    this.realButton.disabled = isRunning || this.tried !== this.target.value;
    this.target.disabled = isRunning;
    this.tryButton.classList.toggle("main", this.realButton.disabled);
    this.realButton.classList.toggle("main", !this.realButton.disabled);
    if (!isRunning && document.activeElement === this.state) (this.realButton.disabled ? this.tryButton : this.realButton).focus();
  }
}

/** Whether a run found nothing to send. */
const isSame = ({ dry_run: isTrial, result }) => !isTrial || CHANGES.every(([key]) => !result?.[key]?.length);

/** Whether readers have the new release though its checks failed: there was no way back. */
const staysNew = ({ result }) => Boolean(result?.diagnostics?.some(({ code }) => code === "publish.no-way-back"));

function changes(result) {
  return CHANGES.map(([key, label]) => {
    const found = result[key] ?? [];
    if (!found.length) return make("p", { text: `${label} 0 个` });
    const rest = found.length > MOST ? [make("li", { text: `……还有 ${found.length - MOST} 个` })] : [];
    return make("details", {}, make("summary", { text: `${label} ${found.length} 个` }),
      make("ul", {}, found.slice(0, MOST).map((address) => make("li", { text: address })), rest));
  });
}
