/* Two versions of one report side by side: passage by passage one chooses, or takes one version whole. */

import { ask, make } from "./dom.js";
import { difference } from "./undo.js";

const NAMES = { mine: "我写的", theirs: "现在文件里的", both: "两段都要" };

const shownValue = (value) => {
  if (value === null || value === undefined || value === "") return "（没有填）";
  return Array.isArray(value) ? value.map(({ file, name }) => name || file).join("、") : value;
};

/** The words of one side, with what the other side has not marked. */
function marked(words, other) {
  const { at, come } = difference(other, words);
  if (!words || !come || come.length === words.length) return words || "（这里没有字）";
  return [words.slice(0, at), make("mark", { text: come }), words.slice(at + come.length)];
}

/** One passage in which the versions differ: what each has, and which is taken. */
function passage(index, part, names) {
  const options = [["mine", part.mine], ["theirs", part.theirs]];
  const isText = part.key === undefined;
  if (isText && part.mine && part.theirs) options.push(["both", null]);
  return make("fieldset", { class: "passage" },
    make("legend", { text: (part.label ?? `第 ${index + 1} 处`) + (part.isNew ? "（刚才又改过）" : "") }),
    make("div", { class: "sides" }, options.map(([name, words]) =>
      make("label", { class: `version ${name}` },
        make("span", { class: "pick" },
          make("input", { type: "radio", name: `passage-${index}`, value: name, checked: part.chosen === name, onchange: () => { part.chosen = name; } }),
          names[name]),
        words !== null && make("span", { class: words ? "words" : "words none" },
          marked(words, name === "mine" ? part.theirs : part.mine))))));
}

const chosenText = ({ chosen, mine, theirs }) => {
  if (chosen === "both") return mine + (mine.endsWith("\n") ? "" : "\n") + theirs;
  return chosen === "mine" ? mine : theirs;
};

/** What can be chosen: all passages of the text, and the fields. Choices that were made before are kept where their passage is there. */
function choices({ parts, fields }, before) {
  const nameOf = ({ key, base, mine }) => JSON.stringify(key ?? [base, mine]);
  const known = new Map((before?.differing ?? []).map((part) => [nameOf(part), part]));
  const kept = (part, chosen) => {
    const old = known.get(nameOf(part));
    return { ...part, chosen: old?.chosen ?? chosen, isNew: Boolean(before) && old?.theirs !== part.theirs };
  };
  const texts = parts.map((part) => (part.kind === "same" ? part : kept(part, part.kind === "theirs" ? "theirs" : "mine")));
  const values = fields.map((field) => kept({
    ...field, valueMine: field.mine, valueTheirs: field.theirs, mine: shownValue(field.mine), theirs: shownValue(field.theirs),
  }, field.chosen ?? "mine"));
  return { texts, values, differing: [...values, ...texts.filter(({ kind }) => kind !== "same")] };
}

/**
 * Asks which of two versions counts. `parts` are those of the text, in its order: {kind, base, mine, theirs}, kind "same" where both
 * agree; `fields` are [{key, label, mine, theirs}] that differ. `renewed()` gives both anew where a version has changed while the
 * dialog was open, else null: then they are shown, with `changed` as what is said of it. Gives {body, fields}, null when it was put off.
 */
export async function choose({ title, intro, parts, fields, names = {}, renewed = null, changed = "" }) {
  const words = { ...NAMES, ...names };
  const told = make("p", { text: intro });
  const news = make("p", { class: "fault", role: "alert" });
  const content = make("div", { class: "passages", tabindex: "0", role: "group", "aria-label": "两份不一样的地方" });
  let offered = null;
  const show = (found) => {
    offered = choices(found, offered);
    content.replaceChildren(...offered.differing.map((part, number) => passage(number, part, words)));
  };
  const result = (take) => ({
    body: offered.texts.map((part) => (part.kind === "same" ? part.mine : chosenText({ ...part, chosen: take ?? part.chosen }))).join(""),
    fields: Object.fromEntries(offered.values.map(({ key, chosen, valueMine, valueTheirs }) =>
      [key, (take ?? chosen) === "mine" ? valueMine ?? null : valueTheirs ?? null])),
  });
  const taken = (take) => (renewed ? async () => {
    const found = await renewed();
    if (!found) return result(take);
    show(found);
    news.textContent = "";
    news.append(changed);
    content.scrollTop = 0;
    return undefined;
  } : () => result(take));
  show({ parts, fields });
  return ask(title, [told, news, content], [
    ["按上面选的保存", taken(null), "main"],
    [`全用${words.mine}`, taken("mine")],
    [`全用${words.theirs}`, taken("theirs")],
    ["先放一放", null, "quiet"],
  ], "large");
}
