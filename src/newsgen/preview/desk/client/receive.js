/* 收稿: a ZIP that somebody handed in is looked at first, then taken in. */

import { files, findingsList, passages, remarks } from "./differences.js";
import { ask, labelled, make } from "./dom.js";

const LATE = 600_000; // ms for a large ZIP
const MOST_BYTES = 400e6;

export function view(desk, root) {
  const place = new Receive(desk);
  root.append(place.element);
}

class Receive {
  constructor(desk) {
    this.desk = desk;
    this.input = make("input", { type: "file", accept: ".zip,application/zip", id: "receive-file", onchange: () => this.take(this.input.files[0]) });
    this.found = make("div", { class: "received" });
    this.element = make("section", { class: "sheet receive" },
      make("h1", { text: "收稿" }),
      make("p", { text: "把「交稿」做的压缩包放到这里，或者选一个文件。先看和这里的有什么不同，再决定收不收。" }),
      make("p", { class: "field" }, make("label", { for: "receive-file", text: "压缩包" }), this.input),
      this.found);
    this.element.addEventListener("dragover", (event) => { if (event.dataTransfer.types.includes("Files")) event.preventDefault(); });
    this.element.addEventListener("drop", (event) => {
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      this.take(event.dataTransfer.files[0]);
    });
  }

  async take(file) {
    if (!file) return;
    this.desk.announce("正在看这个压缩包…");
    try {
      if (file.size > MOST_BYTES) throw Object.assign(new Error("这个压缩包太大了"), { hint: "最多 400 MB；视频另外传" });
      this.show(await this.desk.call("POST", this.desk.address("receive", { name: file.name }), new Blob([file]), { late: LATE }));
      this.desk.announce("看好了，还没有收");
    } catch (error) {
      this.found.replaceChildren();
      this.desk.announce("");
      await this.desk.fail(error);
    }
    this.input.value = "";
  }

  show(found) {
    this.shown = found;
    const state = found.is_same ? "和这里的一模一样，不用收。"
      : found.is_new ? "这里还没有这一篇。"
        : found.is_edited ? "这一篇在这里改过，和上次收的不一样。请看清楚差别再定。" : "这里已经有这一篇，稿子是新的一版。";
    this.section = make("select", {}, this.desk.site.sections.map(({ folder, title }) =>
      make("option", { value: folder, text: title, selected: found.path.startsWith(`content/${folder}/`) })));
    this.name = make("input", { type: "text", placeholder: "例如：2024-03-13-会议" });
    const elsewhere = make("details", {}, make("summary", { text: "收到别的栏目，或收成另一篇" }),
      labelled("栏目", this.section, { id: "receive-section" }),
      labelled("文件夹名", this.name, { id: "receive-name", hint: "不填就用稿子里的" }),
      make("p", {}, make("button", { type: "button", text: "照这样收", onclick: () => this.confirm({ section: this.section.value, name: this.name.value.trim() }) })));
    const [text, look] = found.is_edited ? ["换掉这里的", ""] : ["收下", "main"];
    this.found.replaceChildren(...[
      make("h2", { text: found.title || found.path, tabindex: "-1" }),
      make("p", { class: "hint", text: [found.path, found.who && `交稿：${found.who}`, found.when.slice(0, 16).replace("T", " ")].filter(Boolean).join("　") }),
      make("p", { class: "say", text: state }),
      remarks(found.remarks),
      findingsList(found.check),
      files(found.differences.files),
      !found.is_new && !found.is_same && passages(found.differences.text),
      elsewhere,
      make("p", { class: "buttons" },
        make("button", { type: "button", class: look, text, disabled: found.is_same, onclick: () => this.confirm({}) }),
        make("button", { type: "button", class: "quiet", text: "不收", onclick: () => this.refuse() })),
    ].filter(Boolean));
    this.found.querySelector("h2").focus();
  }

  refuse() {
    this.found.replaceChildren();
    this.input.focus();
  }

  async confirm(where) {
    const replaces = this.shown.is_edited && !where.section;
    if (replaces) {
      const sure = await ask("换掉这里的一篇？", make("p", { text: "这里改过的内容会换成稿子里的。换掉的一版留在「以前的版本」里。" }),
        [["换掉", true, "main"], ["取消", null, ""]]);
      if (!sure) return;
    }
    try {
      const { path, remarks: told } = await this.desk.call("POST", "receive/confirm", { id: this.shown.id, replaces, ...where }, { late: LATE });
      if (told.length) await ask("收好了", remarks(told), [["知道了", true, "main"]]);
      this.desk.announce("收好了");
      this.desk.open("edit", path);
    } catch (error) {
      if (error.data?.now) this.show(error.data.now);
      await this.desk.fail(error);
    }
  }
}
