/* What changed between two versions of a text, and what a check says: as elements. */

import { make } from "./dom.js";

const TAGS = { same: "span", removed: "del", added: "ins" };
const HOW = { added: "新加", replaced: "换掉", removed: "删去", stays: "留着（稿子里没有）" };
const MOST = 200; // characters of what stayed that are shown around a change

/** The changed passages of a text: [{line, pieces: [[kind, text], …]}]. */
export function passages(found) {
  if (!found.length) return make("p", { text: "正文没有改动。" });
  return make("ol", { class: "changed-passages" }, found.map(({ line, pieces }) =>
    make("li", {}, make("span", { class: "line", text: `第 ${line} 行` }),
      make("div", { class: "passage-text" }, pieces.map(([kind, text]) => make(TAGS[kind], { text: kind === "same" ? short(text) : text }))))));
}

const short = (text) => (text.length > 2 * MOST ? `${text.slice(0, MOST)} …… ${text.slice(-MOST)}` : text);

/** Files that differ: [{name, how}]. */
export function files(found) {
  return found.length ? make("ul", { class: "changed-files" }, found.map(({ name, how }) => make("li", { text: `${HOW[how]}：${name}` }))) : null;
}

/** What a check found, in one line: "2 处错误，1 条提醒". */
function counted(findings) {
  const names = { error: "处错误", warning: "条提醒", info: "条说明" };
  const counts = Object.entries(names).map(([severity, name]) => [findings.filter((item) => item.severity === severity).length, name]);
  return counts.filter(([count]) => count).map(([count, name]) => `${count} ${name}`).join("，") || "没有发现问题";
}

/** What a check found, to be opened. */
export function findingsList(findings) {
  if (!findings.length) return make("p", { text: "检查：没有发现问题。" });
  return make("details", {}, make("summary", { text: `检查：${counted(findings)}` }),
    make("ul", {}, findings.map(({ line, message, hint }) => make("li", { text: `第 ${line} 行：${message}。${hint}` }))));
}

/** Remarks, each in a line. */
export const remarks = (found) => (found.length ? make("ul", { class: "remarks" }, found.map((text) => make("li", { text }))) : null);
