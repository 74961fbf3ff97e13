/* What was deleted: reports in the list, photos in the tray. They are looked at in a dialog, and brought back. */

import { ask, make } from "./dom.js";
import { sizeInWords } from "./file_size.js";
import { timeElement } from "./drafts.js";

const LEFT = "照片只有在写稿台里删掉的，30 天之内还留着；跟着文件夹一起删掉的照片没有留下来。";

/** A dialog with entries beside what is shown of the chosen one; gives the entry that is to be brought back, null for none. */
async function choose(title, entries, { entry, show, note, words }) {
  const look = make("div", { class: "look", tabindex: "0", role: "region", "aria-label": "选中的这一个" });
  let chosen = entries[0];
  const list = make("ol", { class: "versions" }, entries.map((item) =>
    make("li", {}, make("button", { type: "button", onclick: (event) => choice(item, event.currentTarget) }, entry(item)))));
  async function choice(item, button) {
    chosen = item;
    for (const other of list.querySelectorAll("button")) other.setAttribute("aria-current", String(other === button));
    look.replaceChildren(make("p", { class: "say", text: "正在取出来…" }));
    let found;
    try {
      found = await show(item);
    } catch (error) {
      if (!("code" in error)) throw error;
      found = [make("p", { class: "say", text: error.message }), make("p", { text: error.hint })];
    }
    if (chosen === item) look.replaceChildren(...found);
  }
  const asked = ask(title, [make("div", { class: "history" }, list, look), make("p", { class: "hint", text: note })],
    [[words, () => chosen, "main"], ["关闭", null]], "large");
  await choice(chosen, list.querySelector("button"));
  return asked;
}

/** The reports that are gone. Gives the path of the one that was brought back, null where none was. */
export async function showDeleted(desk) {
  const { reports } = await desk.call("GET", "deleted");
  const note = "在写稿台里写过、收过的文章，文件不在了就列在这里；移到别处、改了名的还在，不列；文件名和标题都换了又改过的，认不出来，也会列。";
  if (!reports.length) {
    await ask("最近删除的", make("p", { text: `没有。${note}` }), [["知道了", true, "main"]]);
    return null;
  }
  const names = Object.fromEntries(Object.values(desk.site.fields).map(({ key, label }) => [key, label]));
  const found = await choose("最近删除的", reports, {
    note, words: "恢复这一篇",
    entry: ({ title, time, who, characters }) => [make("b", { text: title }), timeElement(time),
      make("span", { class: "who", text: who }), make("span", { class: "count", text: `${characters} 字` })],
    show: async ({ path, id }) => {
      const { body, fields, photos, missing } = await desk.call("GET", desk.address("deleted/version", { path, id }));
      return [
        make("p", { class: "hint", text: path }),
        make("ul", { class: "values" }, Object.entries(fields).map(([key, text]) => make("li", {}, make("b", { text: `${names[key] ?? key}：` }), text))),
        photos.length > 0 && make("p", { text: `一起恢复的照片：${photos.join("、")}` }),
        missing.length > 0 && make("p", { text: `正文用到、已经找不回来的：${missing.join("、")}。${LEFT}` }),
        make("pre", { tabindex: "0", text: body || "（没有正文）" }),
      ].filter(Boolean);
    },
  });
  if (!found) return null;
  const { path, missing, was_signed: wasSigned } = await desk.call("POST", "deleted/restore", { path: found.path, id: found.id });
  if (wasSigned) {
    await ask("恢复了，要重新审签", make("p", { text: "原来的审签没有跟着回来：签好以后，读者才看得到它。" }), [["知道了", true, "main"]]);
  }
  if (missing.length) {
    await ask("文字恢复了，照片没有全回来", make("p", { text: `${missing.join("、")} 找不回来，请再放一次。${LEFT}` }), [["知道了", true, "main"]]);
  }
  return path;
}

/** The photos and attachments that were removed from a report. Gives the file that was brought back, null where none was. */
export async function showRemoved(desk, path) {
  const { files } = await desk.call("GET", desk.address("files/removed", { path }));
  const note = "在这里删掉的照片和附件留 30 天。";
  if (!files.length) {
    await ask("删掉的照片", make("p", { text: `没有。${note}` }), [["知道了", true, "main"]]);
    return null;
  }
  const found = await choose("删掉的照片", files, {
    note, words: "恢复",
    entry: ({ name, time, who, size: bytes }) => [make("b", { text: name }), timeElement(time),
      make("span", { class: "who", text: who }), make("span", { class: "count", text: sizeInWords(bytes) })],
    show: async ({ name, id, kind }) => [kind === "photo"
      ? make("img", { class: "removed", alt: name, src: `api/${desk.address("file/removed", { path, name, id })}` })
      : make("p", { text: `${name} 是附件，恢复以后可以下载来看。` })],
  });
  if (!found) return null;
  const { file } = await desk.call("POST", "file/restore", { path, name: found.name, id: found.id });
  return file;
}
