/* Bars above the text: what happened elsewhere and what a person may do about it. They never take the keyboard. */

import { actionButton, make, takeOut } from "./dom.js";

export class Notices {
  /** `next()` gives what has the focus after a bar that goes; `fail` is told of an error of its buttons. */
  constructor(next, fail) {
    Object.assign(this, { next, fail });
    this.bars = new Map();
    this.element = make("div", { class: "notices" });
  }

  /** Shows a bar, in the place of the one of the same name. `buttons` are [words, async function]; role: alert or status. */
  show(name, text, buttons, role = "status") {
    const shown = this.bars.get(name);
    if (shown) {
      if (shown.words.textContent !== text) shown.words.textContent = text;
      return;
    }
    const words = make("p", { text });
    const bar = make("div", { class: "notice", role }, words, buttons.map(([label, action]) => {
      const button = actionButton(label, "", async () => action(), this.fail);
      button.addEventListener("mousedown", (event) => event.preventDefault()); // who writes keeps the caret
      return button;
    }));
    this.bars.set(name, { bar, words });
    this.element.append(bar);
  }

  drop(name) {
    const shown = this.bars.get(name);
    this.bars.delete(name);
    if (shown) takeOut(shown.bar, this.next);
  }
}
