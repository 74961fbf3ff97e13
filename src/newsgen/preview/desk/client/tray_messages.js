/* What is told below the text: files on their way in, and notes on what became of them. */

import { make, takeOut } from "./dom.js";

const NOTES = 6; // notes that are kept, of those with nothing to be done

export class TrayMessages {
  constructor(desk, field) {
    Object.assign(this, { desk, field });
    this.notes = make("div", { class: "told-below" });
    this.rows = make("div", { class: "told-below" }); // of files under way
    field.after(this.rows, this.notes);
  }

  addRow(row) {
    this.rows.append(row);
  }

  /** Says something below the text, with buttons for what can be done about it; without any, it goes by itself with the next ones. */
  note(text, buttons = [], kind = "") {
    const note = make("p", { class: `note ${kind} ${buttons.length ? "" : "passing"}`, role: kind === "wrong" ? "alert" : null }, make("span", { text }));
    const close = () => this.takeOut(note);
    for (const [words, action] of [...buttons, ["知道了", () => {}]]) {
      note.append(make("button", { type: "button", class: "quiet", text: words, onclick: () => {
        close();
        action();
      } }));
    }
    this.notes.append(note);
    if (kind !== "wrong") this.desk.speak(text);
    for (const old of [...this.notes.querySelectorAll(".passing")].slice(0, -NOTES)) this.takeOut(old);
    return close;
  }

  /** What has the focus next when something below the text goes: another thing there, else the text. */
  below() {
    return this.rows.querySelector("button") ?? this.notes.querySelector("button") ?? this.field;
  }

  takeOut(element) {
    takeOut(element, () => this.below());
  }
}
