/* 保存版本 and 提交, where the site lies in a Git repository. */

import { choose } from "./choose_versions.js";
import { actionButton, ask, labelled, make, setFault } from "./dom.js";

const LATE = 300_000; // ms that a server may take

export function actions(desk, editor) {
  if (!desk.site.has_git) return [];
  const button = (text, title, action) => actionButton(text, title, () => action(desk, editor), (error) => desk.fail(error));
  return [
    button("保存版本", "把这一篇现在的样子记成一个版本", saveVersion),
    button("提交", "把存好的版本发给大家，也收下大家的", submit),
  ];
}

async function saveVersion(desk, editor) {
  if (!(await editor.saveFirst())) return;
  const input = make("input", { type: "text", maxlength: "200" });
  const given = () => {
    if (input.value.trim()) return input.value.trim();
    setFault(input, "写一句话");
    input.focus();
    return undefined;
  };
  const message = await ask("保存版本", [labelled("改了什么", input, { id: "git-message", required: true, hint: "例如：补上照片" })],
    [["保存版本", given, "main"], ["取消", null, ""]]);
  if (!message) return;
  const { saved } = await desk.call("POST", "git/save", { message, path: editor.report.path });
  desk.announce(saved ? "版本存好了。要发给大家，点“提交”" : "和上一个版本一样，不用存");
}

async function submit(desk, editor) {
  if (!(await editor.saveFirst())) return;
  let body = {};
  for (;;) {
    desk.announce("正在提交…");
    try {
      const { sent, received } = await desk.call("POST", "git/submit", body, { late: LATE });
      await editor.reload();
      desk.announce(`提交好了：发出 ${sent} 个版本，收到 ${received} 个`);
      return;
    } catch (error) {
      desk.announce("");
      if (error.code !== "conflict") throw error;
      const chosen = await settled(desk, error.data.conflicts);
      if (!chosen) return void desk.announce("还没有提交；版本都存在这台电脑上");
      body = { theirs: error.data.theirs, chosen };
    }
  }
}

/** What the person chose for each file that both sides changed; null: they put it off. */
async function settled(desk, conflicts) {
  const chosen = {};
  for (const conflict of conflicts) {
    const found = conflict.is_text && conflict.ours && conflict.theirs ? await sideBySide(desk, conflict) : await oneOf(conflict);
    if (found === null) return null;
    chosen[conflict.path] = found;
  }
  return chosen;
}

async function sideBySide(desk, { path, base, ours, theirs }) {
  const { parts } = await desk.call("POST", "compare", { base: base ? base.text : "", mine: ours.text, theirs: theirs.text });
  const found = await choose({
    title: "您和别人改了同一篇",
    intro: `${path}：不一样的地方都在下面，选好用哪一份。没有选的一份也留在以前的版本里。`,
    parts, fields: [], names: { mine: "我的", theirs: "别人的" },
  });
  return found ? found.body : null;
}

function oneOf({ path, ours, theirs }) {
  const words = (side) => (side ? "留下" : "删去了");
  return ask("您和别人改了同一个文件", make("p", { text: `${path}：您${words(ours)}，别人${words(theirs)}。用哪一份？` }),
    [["用我的", "ours", "main"], ["用别人的", "theirs", ""], ["先放一放", null, "quiet"]]);
}
