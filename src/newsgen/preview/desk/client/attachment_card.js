/* An attachment in the tray: whether the report lists it, and under which name. */

import { make } from "./dom.js";
import { sizeInWords } from "./file_size.js";

export class AttachmentCard {
  constructor(tray, file) {
    Object.assign(this, { tray, file });
    const { name } = file;
    this.words = make("input", { type: "text", autocomplete: "off", placeholder: "不填就用文件名", "aria-label": `${name} 显示的名称`,
      oninput: (event) => { if (!event.isComposing) this.rename(); } });
    this.words.addEventListener("compositionend", () => this.rename());
    this.list = make("button", { type: "button", onclick: () => tray.attach(name, !this.isListed) });
    this.element = make("li", { class: "attachment" },
      make("p", { class: "what" },
        make("a", { class: "name", href: tray.address(name), download: name, text: name }),
        make("span", { class: "size", text: sizeInWords(file.size) })),
      make("label", {}, make("span", { text: "显示的名称" }), this.words),
      make("p", { class: "buttons" }, this.list,
        make("button", { type: "button", text: "放进正文", "aria-label": `${name} 的链接放进正文`, onclick: () => this.place() }),
        make("button", { type: "button", class: "quiet", text: "删除", "aria-label": `删除 ${name}`, onclick: () => tray.remove(name) })));
  }

  update(attached) {
    const entry = attached.find(({ file }) => file === this.file.name);
    this.isListed = Boolean(entry);
    this.list.textContent = entry ? "不列为附件" : "列为附件";
    this.words.disabled = !entry;
    const words = entry?.name ?? "";
    if (document.activeElement !== this.words && this.words.value !== words) this.words.value = words;
  }

  rename() {
    const { name } = this.file;
    const words = this.words.value.trim();
    if (!this.tray.attached.some((entry) => entry.file === name && (entry.name ?? "") !== words)) return;
    this.tray.setAttached(this.tray.attached.map((entry) => (entry.file === name ? { ...entry, name: words } : entry)), true);
  }

  place() {
    const { name } = this.file;
    const words = (this.words.value.trim() || name).replace(/[\\[\]]/g, "\\$&");
    this.tray.editor.textArea.insert(`[${words}](${/[\s()<>]/.test(name) ? `<${name}>` : name})`, false);
  }
}
