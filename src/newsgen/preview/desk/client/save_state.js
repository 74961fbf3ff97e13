/* Whether all is saved, in the head of the editor: what holds it up, and what one can do about it. */

import { make } from "./dom.js";

const WORDS = { saved: "已保存", saving: "正在保存" };

/** Puts a text on the clipboard; the old way where the page is not served over TLS. Gives whether it is there. */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = make("textarea", { class: "unseen", value: text });
    document.body.append(field);
    field.select();
    const isDone = document.execCommand("copy");
    field.remove();
    return isDone;
  }
}

export class SaveState {
  /** `goToField(key)` brings a field into sight; `text()` is what the text field holds. */
  constructor(desk, { goToField, text }) {
    Object.assign(this, { desk, goToField, text });
    this.line = make("p", { class: "saved", tabindex: "-1" });
    this.spoken = make("span", { class: "unseen", role: "status" }); // the line changes with every key: only news is read out
    this.now = { kind: "saved" };
    this.tell(this.now);
  }

  /** Shows a state: {kind: saved | saving | unsaved, reason, hint, field, error, action: [words, function]}. */
  tell(state) {
    const { kind, reason, hint } = state;
    const words = WORDS[kind] ?? `还没有保存：${reason}`;
    this.speak(kind, words);
    this.line.className = `saved ${kind}`;
    if (this.line.dataset.words === words) return;
    this.now = state;
    this.line.dataset.words = words;
    const hadFocus = this.line.contains(document.activeElement);
    this.line.replaceChildren(words);
    this.line.title = hint ?? "";
    if (hint) this.line.append(make("span", { class: "hint", text: hint }));
    this.line.append(...this.ways(state));
    if (hadFocus) (this.line.querySelector("button, a") ?? this.line).focus();
  }

  /** What one can do about it. */
  ways({ field, error, action }) {
    const button = (text, onclick) => make("button", { type: "button", class: "quiet", text, onclick });
    const found = [];
    if (field) found.push(button("去改", () => this.goToField(field)));
    if (action) found.push(button(...action));
    if (error?.status === 401 && this.desk.site.signs_in) {
      found.push(make("a", { href: "sign-in", target: "_blank", rel: "noopener", text: "在新窗口里登录" }));
    }
    if (error) found.push(button("复制正文", () => this.copy()));
    return found;
  }

  async copy() {
    this.desk.announce((await copied(this.text())) ? "正文复制好了，可以贴到别处存着" : "没有复制成：请在正文里按 Ctrl+A，再按 Ctrl+C");
  }

  speak(kind, words) {
    if (kind === "unsaved") this.spoken.textContent = words;
    else if (kind === "saved" && this.spoken.textContent) this.spoken.textContent = this.spoken.textContent === words ? "" : words;
  }
}
