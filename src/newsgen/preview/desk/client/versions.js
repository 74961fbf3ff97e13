/* The versions of the last 30 days: looked at, compared with the report as it is, and brought back. */

import { ask, make } from "./dom.js";
import { timeElement } from "./drafts.js";

const MARKS = { added: "ins", removed: "del" };
const MARK_WORDS = { ins: "添上：", del: "删去：" }; // for those who hear the text

/** A change as it is shown: what the old version had is struck out, what the report has now is underlined. */
function change({ pieces }) {
  return make("p", { class: "change" }, pieces.map(([kind, text]) =>
    (MARKS[kind] ? make(MARKS[kind], {}, make("span", { class: "unseen", text: MARK_WORDS[MARKS[kind]] }), text) : text)));
}

function lookOf({ changes, body, fields }, names) {
  const whole = make("details", { class: "whole", ontoggle: () => whole.open && whole.scrollIntoView({ block: "start" }) },
    make("summary", { text: "看这一版的全文" }), make("pre", { tabindex: "0", text: body || "（没有正文）" }));
  const values = fields.map(({ key, then, now }) => make("li", {},
    make("b", { text: `${names[key] ?? key}：` }),
    make("del", { text: then || "（没有填）" }), " ", make("ins", { text: now || "（没有填）" })));
  if (!changes.length && !values.length) return [make("p", { class: "say", text: "和现在的一样。" }), whole];
  return [
    make("p", { class: "legend" }, make("del", { text: "这一版里有的字" }), " ", make("ins", { text: "后来添上的字" })),
    values.length > 0 && make("ul", { class: "values" }, values),
    make("div", { class: "changes" }, changes.map(change)),
    whole,
  ].filter(Boolean);
}

/** Shows the versions in a dialog. `restore(id)` brings one back. */
export async function showVersions(desk, path, restore) {
  const { versions } = await desk.call("GET", desk.address("history", { path }));
  if (!versions.length) {
    return ask("以前的版本", make("p", { text: "还没有以前的版本。改动保存以后，旧的样子会在这里留 30 天。" }), [["知道了", true, "main"]]);
  }
  const names = Object.fromEntries(Object.values(desk.site.fields).map(({ key, label }) => [key, label]));
  const look = make("div", { class: "look", tabindex: "0", role: "region", "aria-label": "这一版和现在的不同" });
  const told = make("p", { class: "unseen", role: "status" });
  let chosen = (versions[1] ?? versions[0]).id; // the newest one is the report as it is now

  async function show(id) {
    chosen = id;
    for (const button of list.querySelectorAll("button")) button.setAttribute("aria-current", String(button.dataset.id === id));
    list.querySelector("[aria-current=true]").scrollIntoView({ block: "nearest" });
    look.replaceChildren(make("p", { class: "say", text: "正在取出这一版…" }));
    let found;
    try {
      found = lookOf(await desk.call("GET", desk.address("history/version", { path, id })), names);
    } catch (error) {
      if (!("code" in error)) throw error;
      found = [make("p", { class: "say", text: error.message }), make("p", { text: error.hint })];
    }
    if (chosen !== id) return;
    look.replaceChildren(...found);
    const places = look.querySelectorAll(".change, .values li").length;
    told.textContent = places ? `这一版和现在有 ${places} 处不同` : look.firstElementChild.textContent;
  }

  const list = make("ol", { class: "versions" }, versions.map(({ id, time, who, reason, characters, fault }) =>
    make("li", {}, make("button", { type: "button", "data-id": id, onclick: () => show(id) },
      timeElement(time),
      make("span", { class: "who", text: [desk.site.signs_in && who, reason].filter(Boolean).join("，") }),
      make("span", { class: "count", text: fault || `${characters} 字` })))));
  const asked = ask("以前的版本", [make("div", { class: "history" }, list, look), told], [
    ["换回这一版", () => chosen, "main"], ["关闭", null, ""],
  ], "large");
  await show(chosen);
  const id = await asked;
  return id ? restore(id) : null;
}
