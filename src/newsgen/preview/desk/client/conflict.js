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
    make("legend", { text: part.label ?? `第 ${index + 1} 处` }),
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

/**
 * Asks which of two versions counts. `parts` are those of the text, in its order: {kind, mine, theirs}, kind "same" where both agree;
 * `fields` are [{key, label, mine, theirs}] that differ. Gives {body, fields}, null when it was put off.
 */
export async function choose({ title, intro, parts, fields, names = NAMES }) {
  const texts = parts.map((part) => ({ ...part, chosen: part.kind === "theirs" ? "theirs" : "mine" }));
  const values = fields.map((field) => ({
    ...field, chosen: field.chosen ?? "mine", valueMine: field.mine, valueTheirs: field.theirs,
    mine: shownValue(field.mine), theirs: shownValue(field.theirs),
  }));
  const differing = [...values, ...texts.filter(({ kind }) => kind !== "same" && kind !== "both")];
  const result = (take) => ({
    body: texts.map((part) => (part.kind === "same" || part.kind === "both" ? part.mine : chosenText({ ...part, chosen: take ?? part.chosen }))).join(""),
    fields: Object.fromEntries(values.map(({ key, chosen, valueMine, valueTheirs }) =>
      [key, (take ?? chosen) === "mine" ? valueMine ?? null : valueTheirs ?? null])),
  });
  let number = 0;
  const content = make("div", { class: "passages", tabindex: "0", role: "group", "aria-label": "两份不一样的地方" },
    differing.map((part) => passage(number++, part, { ...NAMES, ...names })));
  return ask(title, [make("p", { text: intro }), content], [
    ["按上面选的保存", () => result(null), "main"],
    [`全用${names.mine}`, () => result("mine")],
    [`全用${names.theirs}`, () => result("theirs")],
    ["先放一放", null, "quiet"],
  ], "large");
}
