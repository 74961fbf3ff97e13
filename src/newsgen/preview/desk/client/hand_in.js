/* 交稿: the report as one ZIP, to be sent by WeChat or mail. */

import { findingsList, remarks } from "./differences.js";
import { sizeInWords } from "./file_size.js";
import { actionButton, ask, labelled, make, setFault } from "./dom.js";

const KEPT = "newsgen-who"; // the name that this person typed before

export function actions(desk, editor) {
  return [actionButton("交稿", "做成一个压缩包，发给收稿的老师", () => handIn(desk, editor), (error) => desk.fail(error))];
}

async function handIn(desk, editor) {
  if (!(await editor.saveFirst())) return;
  const who = desk.site.signs_in ? "" : await askedName(desk, editor);
  if (who === null) return;
  desk.announce("正在做压缩包…");
  const made = await desk.call("POST", "hand-in", { path: editor.report.path, who }, { late: 300_000 }).catch((error) => {
    desk.announce("");
    throw error;
  });
  desk.announce("压缩包做好了");
  const link = make("a", { href: made.url, download: made.name, class: "button main", text: "下载压缩包" });
  await ask("交稿", make("div", { class: "hand-over" },
    make("p", { class: "say", text: made.name }),
    make("p", { text: `${sizeInWords(made.size)}。里面是这一篇的文字、照片和附件，还有检查结果。下载以后，用微信或邮件发给收稿的老师。` }),
    remarks(made.remarks), findingsList(made.findings)), [link, ["关闭", null, ""]]);
}

/** The name to stand on the slip; null: the person thought better of it. */
function askedName(desk, editor) {
  const author = editor.report.fields?.author;
  const input = make("input", { type: "text", value: localStorage.getItem(KEPT) || (typeof author === "string" && author.split(/[、，,]/)[0]) || "", autocomplete: "name" });
  const given = () => {
    if (input.value.trim()) {
      localStorage.setItem(KEPT, input.value.trim());
      return input.value.trim();
    }
    setFault(input, "填上您的姓名");
    input.focus();
    return undefined;
  };
  return ask("交稿", [labelled("谁交的稿", input, { id: "hand-in-who", required: true, hint: "写在压缩包里的交稿单上" })], [["做压缩包", given, "main"], ["取消", null, ""]]);
}
