/* 审签: where a report stands, what changed since its last approval, and a reviewer's decision on it. */

import { files, passages } from "./differences.js";
import { actionButton, ask, labelled, make, setFault } from "./dom.js";

const STATES = { approved: "审完了", waiting: "还没有审完", void: "改动以后还没有重新审完，读者看到的是审过的那一版" };

export function actions(desk, editor) {
  if (!desk.site.has_reviews) return [];
  const button = actionButton("审签", null, () => open(desk, editor), (error) => desk.fail(error));
  editor.on("review", () => button.click());
  return [button];
}

async function open(desk, editor) {
  if (!(await editor.saveFirst())) return;
  const { path } = editor.report;
  const found = await desk.call("GET", desk.address("standing", { path }));
  if (!found.needs) return void (await ask("审签", make("p", { text: "这一篇不用审签。" }), [["知道了", true, "main"]]));
  const changes = found.has_live && found.state !== "approved" ? await desk.call("GET", desk.address("standing/changes", { path })) : null;
  const may = desk.site.may.includes("sign");
  const form = may ? new Decision(found) : null;
  const chosen = await ask("审签", make("div", { class: "standing" }, overview(found), difference(changes), form && form.element),
    form ? form.buttons : [["关闭", null, ""]], "large");
  if (!chosen) return;
  await desk.call("POST", "sign", { path, digest: found.digest, ...chosen });
  await editor.reload();
  desk.announce({ approve: "已记下：同意", reject: "已退回", revoke: "已撤销审签" }[chosen.verdict]);
}

function overview(found) {
  const rows = found.stages.map(({ name, people, by, time }) =>
    make("tr", {}, make("th", { scope: "row", text: name }), make("td", { text: by ? `${by}，${time}` : `等 ${people.join("、") || "（没有人可以签）"}` })));
  return [
    make("p", { class: "say", text: `${STATES[found.state]}${found.waits_for ? `：等 ${found.waits_for} 签字` : ""}` }),
    found.rejected && make("p", { class: "fault", text: `${found.rejected.name} ${found.rejected.time} 退回：${found.rejected.note}` }),
    make("table", { class: "stages" }, make("caption", { class: "unseen", text: "各环节的签字" }), make("tbody", {}, rows)),
  ].filter(Boolean);
}

function difference(changes) {
  if (!changes) return null;
  const fields = changes.fields.map(({ label, before, now }) =>
    make("li", {}, `${label}：`, make("del", { text: before || "（没有）" }), " ", make("ins", { text: now || "（没有）" })));
  return make("section", { class: "since", tabindex: "0", "aria-label": "审过以后的改动" },
    make("h3", { text: "审过以后的改动" }), fields.length ? make("ul", {}, fields) : null, files(changes.files), passages(changes.body));
}

/** The form of a decision. */
class Decision {
  constructor(found) {
    this.found = found;
    const stage = found.stages.find(({ name }) => name === found.next);
    const everyone = [...new Set(found.stages.flatMap(({ people }) => people))];
    this.name = found.signs_as ? null : make("select", {}, [make("option", { value: "", text: "请选择" }),
      ...(stage ? stage.people : everyone).map((name) => make("option", { value: name, text: name }))]);
    this.note = make("textarea", { rows: "2" });
    this.element = make("div", { class: "decision" },
      this.name ? labelled("谁签字", this.name, { id: "sign-name", required: true }) : make("p", { text: `签字人：${found.signs_as}` }),
      labelled("意见", this.note, { id: "sign-note", hint: "退回和撤销要写理由；只记下来，不会公开" }));
    this.buttons = found.state === "approved"
      ? [["撤销审签", () => this.given("revoke"), ""], ["关闭", null, "quiet"]]
      : [[`${found.next}同意`, () => this.given("approve"), "main"], ["退回", () => this.given("reject"), ""],
        ...(found.has_live ? [["撤销审签", () => this.given("revoke"), ""]] : []), ["关闭", null, "quiet"]];
  }

  given(verdict) {
    for (const field of [this.name, this.note]) if (field) setFault(field, "");
    if (this.name && !this.name.value) {
      setFault(this.name, "选一个名字");
      this.name.focus();
      return undefined;
    }
    const note = this.note.value.trim();
    if (verdict !== "approve" && !note) {
      setFault(this.note, "写清楚为什么");
      this.note.focus();
      return undefined;
    }
    return { verdict, stage: this.found.next, name: this.name ? this.name.value : "", note };
  }
}
