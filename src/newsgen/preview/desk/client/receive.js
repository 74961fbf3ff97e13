/* 收稿: a ZIP that somebody handed in is looked at first, then taken in. */

import { files, findingsList, passages, remarks } from "./differences.js";
import { ask, labelled, make } from "./dom.js";

const LATE = 600_000; // ms for a large ZIP
const MOST_BYTES = 400e6;

export function view(desk, root) {
  const place = new Receive(desk, root);
  return () => { place.turn += 1; };
}

class Receive {
  /** `root` takes what is dropped, also beside the place for it. */
  constructor(desk, root) {
    this.desk = desk;
    this.turn = 0; // which file is wanted
    this.input = make("input", { type: "file", accept: ".zip,application/zip", "aria-label": "压缩包", hidden: true, onchange: () => this.take(this.input.files[0]) });
    this.button = make("button", { type: "button", class: "main", text: "选择压缩包", onclick: () => this.input.click() });
    this.given = make("p", { class: "hint", hidden: true });
    this.found = make("div", { class: "received" });
    this.drop = make("div", { class: "drop-place" },
      make("p", { text: "把“交稿”做的压缩包拖到这里。先看和这里的有什么不同，再决定收不收。" }),
      make("p", { class: "buttons" }, this.button), this.given, this.input);
    root.append(make("section", { class: "sheet receive" }, make("h1", { text: "收稿" }), this.drop, this.found));
    root.addEventListener("dragover", (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      this.drop.classList.add("dropping");
    });
    root.addEventListener("dragleave", () => this.drop.classList.remove("dropping"));
    root.addEventListener("drop", (event) => {
      this.drop.classList.remove("dropping");
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      this.take(event.dataTransfer.files[0]);
    });
  }

  async take(file) {
    if (!file) return;
    const mine = (this.turn += 1);
    this.tellFile(`正在看 ${file.name}……`);
    try {
      if (file.size > MOST_BYTES) throw Object.assign(new Error("这个压缩包太大了"), { hint: "最多 400 MB；视频另外传" });
      const found = await this.desk.call("POST", this.desk.address("receive", { name: file.name }), new Blob([file]), { late: LATE });
      if (mine !== this.turn) return; // another one was chosen meanwhile, or one went on
      this.home = this.sectionOf(found.path)?.folder ?? "";
      this.show(found, { section: this.home, name: "" });
      this.tellFile(`${file.name}：看好了，还没有收`);
    } catch (error) {
      if (mine !== this.turn) return;
      this.found.replaceChildren();
      this.tellFile("");
      await this.desk.fail(error);
    }
    this.input.value = "";
  }

  /** Says which file was given, where it was given. */
  tellFile(text) {
    this.given.textContent = text;
    this.given.hidden = !text;
    this.desk.announce(text);
  }

  /** The section in which a report lies; the innermost one. */
  sectionOf(path) {
    const above = this.desk.site.sections.filter(({ folder }) => path.startsWith(`content/${folder}/`));
    return above.sort((one, other) => other.folder.length - one.folder.length)[0];
  }

  /** Shows a report that came; `chosen` is where a person wants it: {section, name}, as the fields have it. */
  show(found, chosen) {
    this.shown = found;
    this.looked = chosen;
    this.button.classList.remove("main"); // what comes next is the button below
    const state = found.is_same ? "和这里的一模一样，不用收。"
      : found.is_new ? "这里还没有这一篇。"
        : found.is_edited ? "这一篇在这里改过，和上次收的不一样。请看清楚差别再定。" : "这里已经有这一篇，稿子是新的一版。";
    this.section = make("select", { onchange: () => this.showChoice() },
      !this.home && make("option", { value: "", text: "不在栏目里" }),
      this.desk.site.sections.map(({ folder, title }) => make("option", { value: folder, text: title })));
    this.section.value = chosen.section;
    this.name = make("input", { type: "text", value: chosen.name, autocomplete: "off", placeholder: "例如：2024-03-13-会议", oninput: () => this.showChoice() });
    this.place = make("p", { class: "place" });
    this.taking = make("button", { type: "button", onclick: () => this.confirm() });
    const isElsewhere = chosen.section !== this.home || Boolean(chosen.name);
    this.found.replaceChildren(...[
      make("h2", { text: found.title || found.path, tabindex: "-1" }),
      this.place,
      make("p", { class: "hint", text: [found.who && `交稿：${found.who}`, found.when.slice(0, 16).replace("T", " ")].filter(Boolean).join("　") }),
      make("p", { class: "say", text: state }),
      remarks(found.remarks),
      findingsList(found.check),
      files(found.differences.files),
      !found.is_new && !found.is_same && passages(found.differences.text),
      make("details", { class: "made", open: found.is_new || found.is_same }, make("summary", { text: "正文" }), make("pre", { tabindex: "0", text: found.body.trim() || "（没有正文）" })),
      make("details", { class: "elsewhere", open: isElsewhere }, make("summary", { text: "放到别的栏目，或收成另一篇" }),
        make("div", { class: "two" },
          labelled("栏目", this.section, { id: "receive-section" }),
          labelled("文件夹名", this.name, { id: "receive-name", hint: "不填就用稿子里的" }))),
      make("p", { class: "buttons" }, this.taking, make("button", { type: "button", text: "不收", onclick: () => this.refuse() })),
    ].filter(Boolean));
    this.showChoice();
    this.found.querySelector("h2").focus();
  }

  /** Where the report is to be taken in, as the fields have it. */
  get choice() {
    return { section: this.section.value, name: this.name.value.trim() };
  }

  /** Whether the report that is shown is the one at the place that is chosen now. */
  get isLookedAt() {
    const { section, name } = this.choice;
    return section === this.looked.section && name === this.looked.name;
  }

  /** Says where the report will be, and what the button does. */
  showChoice() {
    const { section, name } = this.choice;
    const { title, path, is_same: isSame, is_edited: isEdited } = this.shown;
    const words = this.desk.site.sections.find(({ folder }) => folder === section)?.title ?? "";
    this.place.textContent = `收下以后在：${[words, title || path].filter(Boolean).join(" › ")}${name ? `（文件夹 ${name}）` : ""}`;
    const replaces = isEdited && !isSame && this.isLookedAt;
    this.taking.textContent = replaces ? "换掉这里的" : "收下";
    this.taking.className = replaces ? "" : "main";
    this.taking.disabled = isSame && this.isLookedAt;
  }

  refuse() {
    this.found.replaceChildren();
    this.tellFile("");
    this.button.classList.add("main");
    this.button.focus();
  }

  async confirm() {
    const { choice } = this;
    const replaces = this.shown.is_edited && this.isLookedAt;
    if (replaces) {
      const sure = await ask("换掉这里的一篇？", make("p", { text: "这里改过的内容会换成稿子里的。换掉的一版留在“以前的版本”里。" }),
        [["换掉", true, "main"], ["取消", null, ""]]);
      if (!sure) return;
    }
    const where = choice.section === this.home && !choice.name ? {} : choice;
    try {
      const { path, remarks: told } = await this.desk.call("POST", "receive/confirm", { id: this.shown.id, replaces, ...where }, { late: LATE });
      if (told.length) await ask("收好了", remarks(told), [["知道了", true, "main"]]);
      this.desk.announce(`收好了${this.shown.is_draft ? "。还是草稿：可以公开了，在“文章信息”里去掉“草稿”前面的勾" : ""}`);
      if (this.found.isConnected) this.desk.open("edit", path); // else somebody went on meanwhile
    } catch (error) {
      if (error.data?.now) this.show(error.data.now, choice);
      await this.desk.fail(error);
    }
  }
}
