/* A manuscript that is dropped or chosen: a Word file, a folder with photos, a ZIP, a web page. What was recognised is shown in a form to
   be confirmed; then it is written as a report and opened. */

import { labelled, make, setFault } from "./dom.js";
import { send } from "./upload.js";
import { zipped } from "./zip.js";

const MOST_BYTES = 250e6;
const MOST_FILES = 500;
const READ = ".docx,.doc,.wps,.rtf,.odt,.zip,.html,.htm,.mht,.mhtml";
const PARTS = [
  ["title", "标题", true], ["subtitle", "副题"], ["date", "日期", true, "例如 2024-03-13"], ["author", "作者", false, "两个人以上用顿号隔开"],
  ["source", "来源", false, "供稿单位"], ["photographer", "摄影"], ["editor", "编辑"], ["reviews", "审核"],
];
const COUNTED = [["pictures", "照片", "张"], ["tables", "表格", "个"]];

let handed = null; // {key, found}: what another place of the desk wants imported; `key` is in the address of that import

/** Goes to the import with these files: {files, name, isFolder}. */
export function offerImport(desk, found) {
  handed = { key: String(Date.now()), found };
  desk.open("import", handed.key);
}

/** The files of a drop, those in folders too: {files, name, isFolder}. Raises an error with a hint for too many. */
export async function takeWhole(data) {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const plain = [...data.files];
  const folders = entries.filter((entry) => entry.isDirectory);
  if (!folders.length) return { files: plain, name: plain[0]?.name ?? "", isFolder: false };
  const files = [];
  for (const entry of entries) await walk(entry, "", files);
  return { files, name: folders[0].name, isFolder: true };
}

async function walk(entry, above, found) {
  if (/^(?:\.|~\$|__MACOSX|Thumbs\.db|desktop\.ini)/i.test(entry.name)) return;
  if (found.length >= MOST_FILES) throw Object.assign(new Error(`文件夹里的文件超过 ${MOST_FILES} 个`), { hint: "一篇报道一个文件夹" });
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    found.push(Object.assign(file, { within: above }));
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return;
    for (const inner of some) await walk(inner, `${above}${entry.name}/`, found);
  }
}

/** Takes what is dropped anywhere in the page, so that no browser leaves it for a file: manuscripts, but for where one writes. */
export function guardDrops(desk) {
  const hasFiles = (event) => !event.defaultPrevented && event.dataTransfer?.types.includes("Files");
  const isWriting = () => location.hash.startsWith("#/edit");
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = isWriting() || document.querySelector("dialog") ? "none" : "copy";
  });
  document.addEventListener("drop", async (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    if (isWriting() || document.querySelector("dialog")) return void desk.announce("照片和附件，请拖到正文里，或者拖到“照片”里");
    try {
      offerImport(desk, await takeWhole(event.dataTransfer));
    } catch (error) {
      desk.fail(error);
    }
  });
}

export async function view(desk, root, key) {
  const place = new Import(desk, root);
  if (handed?.key === key) place.take(handed.found); // others were left: whoever wrote chose to stay there
  handed = null;
  return () => {
    place.forget();
    return true;
  };
}

class Import {
  constructor(desk, root) {
    Object.assign(this, { desk });
    this.turn = 0; // which manuscript is wanted
    this.chooser = make("input", { type: "file", multiple: true, accept: `${READ},image/*,.pdf,.xlsx,.xls`, hidden: true,
      onchange: () => this.take({ files: [...this.chooser.files], name: this.chooser.files[0]?.name ?? "" }) });
    this.folder = make("input", { type: "file", webkitdirectory: true, hidden: true,
      onchange: () => this.takeFolder() });
    this.place = make("div", { class: "import-place" });
    this.choose = make("button", { type: "button", class: "main", text: "选择文件", onclick: () => this.chooser.click() });
    this.chooseFolder = make("button", { type: "button", text: "选择文件夹", onclick: () => this.folder.click() });
    this.drop = make("div", { class: "drop-place" },
      make("p", { text: "把 Word 稿拖到这里。放着 Word 稿和照片的文件夹、它的压缩包、存下来的网页，也可以。" }),
      make("p", { class: "buttons" }, this.choose, this.chooseFolder),
      this.chooser, this.folder);
    root.append(make("section", { class: "import" }, make("h1", { text: "导入 Word 稿" }), this.drop, this.place));
  }

  /** Leaves the room to what was read, once something was; what comes next is the button below it. */
  showRead(isRead) {
    this.drop.classList.toggle("is-read", isRead);
    this.choose.classList.toggle("main", !isRead);
    this.choose.textContent = isRead ? "另选文件" : "选择文件";
    this.chooseFolder.textContent = isRead ? "另选文件夹" : "选择文件夹";
  }

  takeFolder() {
    const files = [...this.folder.files];
    if (!files.length) return;
    const name = files[0].webkitRelativePath.split("/")[0];
    for (const file of files) file.within = file.webkitRelativePath.slice(0, -file.name.length);
    this.take({ files, name, isFolder: true });
  }

  /** Sends what was handed over, and shows what was recognised. */
  async take(found) {
    this.chooser.value = "";
    this.folder.value = "";
    if (!found?.files.length) return;
    this.forget();
    const mine = this.turn;
    const size = found.files.reduce((sum, file) => sum + file.size, 0);
    if (size > MOST_BYTES) return this.wrong("一次最多 250 MB", "照片先放一部分，写好以后再添加别的");
    const bar = make("progress", { max: "1", value: 0, "aria-label": "送进来了多少" });
    this.place.replaceChildren(make("p", { class: "coming", role: "status" }, make("span", { text: `正在读 ${found.name}` }), bar));
    try {
      const isOne = found.files.length === 1 && !found.isFolder;
      const name = isOne ? found.files[0].name : `${found.isFolder ? found.name : found.name.replace(/\.[^.]*$/, "")}.zip`;
      const blob = isOne ? found.files[0] : await zipped(found.files.map((file) => ({ name: (file.within ?? "") + file.name, file })));
      const answer = await send("POST", this.desk.address("import", { name }), blob, {
        progress: (share) => { if (share < 1) bar.value = share; else bar.removeAttribute("value"); },
      });
      if (mine !== this.turn) return this.discard(answer.id); // another one was chosen meanwhile
      this.confirm(answer);
    } catch (error) {
      if (!("hint" in error)) throw error;
      if (mine !== this.turn) return;
      this.wrong(error.message, error.hint);
    }
  }

  wrong(message, hint) {
    this.showRead(false);
    this.place.replaceChildren(make("div", { class: "note wrong", role: "alert" }, make("p", {}, make("strong", { text: message })), make("p", { text: hint })));
  }

  confirm(answer) {
    this.id = answer.id;
    this.showRead(true);
    const { sections, usual_sections: usual } = this.desk.site;
    let isPlaced = false; // a person chose the section; the kind leaves it alone
    const suit = () => {
      if (!isPlaced && sections.length) this.section.value = (this.fields.kind.value && usual.notice) || sections[0].folder;
    };
    this.section = make("select", { onchange: () => { isPlaced = true; } }, sections.map(({ folder, title }) => make("option", { value: folder, text: title })));
    this.fields = Object.fromEntries(PARTS.map(([key]) => [key, make("input", { type: "text", autocomplete: "off", value: answer.parts[key] })]));
    this.fields.kind = make("select", { onchange: suit }, [["", "新闻、报道"], ["通知", "通知"]].map(([value, text]) =>
      make("option", { value, text, selected: value === answer.parts.kind })));
    suit();
    const kindHint = answer.addressee ? `主送：${answer.addressee}（留在正文第一行）` : "";
    this.button = make("button", { type: "submit", class: "main", text: "写成文章（草稿）" });
    const form = make("form", { class: "form" },
      make("h2", { text: "认出来的，请看一遍" }),
      make("div", { class: "grid" }, labelled("栏目", this.section, { id: "import-section", required: true }),
        labelled("类型", this.fields.kind, { id: "import-kind", hint: kindHint }),
        PARTS.map(([key, text, required, hint]) => labelled(text, this.fields[key], { id: `import-${key}`, required, hint, kind: key === "title" ? "wide" : "" }))),
      this.told(answer),
      make("details", { class: "made" }, make("summary", { text: "看看导入的正文" }), make("pre", { text: answer.text, tabindex: "0" })),
      make("p", { class: "buttons" }, this.button,
        make("button", { type: "button", text: "不要了", onclick: () => this.cancel() })));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.write();
    });
    this.place.replaceChildren(form);
    this.fields.title.focus();
  }

  /** How much came in, what of it did not, what cannot be carried. */
  told({ counts, missing, remarks, files }) {
    const { characters } = counts;
    const fewer = COUNTED.map(([key, text, unit]) => ({ text, unit, before: counts[key][0], after: counts[key][1] }))
      .filter(({ before, after }) => after < before);
    const arrived = [`${characters} 字`, ...COUNTED.filter(([key]) => counts[key][1]).map(([key, text, unit]) => `${text} ${counts[key][1]} ${unit}`)];
    const list = (title, items, kind) => items.length > 0 && make("div", { class: `note ${kind}` }, make("h3", { text: title }),
      make("ul", {}, items.map((text) => make("li", { text }))));
    return make("div", { class: "told" },
      make("p", { class: "arrived", text: `正文${missing.length ? "带进来" : "都带进来了："}${arrived.join("，")}。` }),
      fewer.map(({ text, unit, before, after }) =>
        make("p", { class: "arrived less", text: `${text}：稿子里 ${before} ${unit}，带进来 ${after} ${unit}，请对照原稿看一看。` })),
      list("没有带进来的文字", missing, "wrong"), list("请注意", remarks, ""),
      files.length > 0 && make("p", { class: "hint", text: `照片和附件 ${files.length} 个：${files.slice(0, 12).join("、")}${files.length > 12 ? "……" : ""}` }));
  }

  async write() {
    if (this.isWriting) return; // the button is not switched off, which would take the focus from it
    this.isWriting = true;
    for (const field of Object.values(this.fields)) setFault(field, "");
    const parts = Object.fromEntries(Object.entries(this.fields).map(([key, field]) => [key, field.value]));
    try {
      const { path } = await this.desk.call("POST", "import/confirm", { id: this.id, section: this.section.value, ...parts });
      this.id = null;
      this.desk.announce("已经变成草稿。看一遍，改好了就交稿", true);
      if (this.place.isConnected) this.desk.open("edit", path); // else somebody went on meanwhile
    } catch (error) {
      const field = error.code === "new.exists" ? this.fields.title : this.fields[error.data?.field];
      if (!field) return void this.desk.fail(error);
      setFault(field, [error.message, error.hint].filter(Boolean).join("。"));
      field.focus();
    } finally {
      this.isWriting = false;
    }
  }

  cancel() {
    this.forget();
    this.place.replaceChildren();
    this.desk.open();
  }

  /** Lets the desk forget what was read, or is being read, and is not wanted. */
  forget() {
    this.turn += 1;
    if (this.id) this.discard(this.id);
    this.id = null;
  }

  discard(id) {
    this.desk.call("DELETE", this.desk.address("import", { id })).catch(() => {});
  }
}
