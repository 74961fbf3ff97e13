/* The desk in the browser: routes by hash, one view at a time. A view is a module with `view(desk, root, argument)`, which
   fills `root` and may give a function that ends it (false: stay here, something is not saved yet). */

import { call, address } from "./api.js";
import { ask, make } from "./dom.js";

const VIEWS = {
  "": () => import("./list.js"),
  new: () => import("./new_report.js"),
  edit: () => import("./editor.js"),
  import: () => import("./import.js"),
};
const PLACES = [["#/", "全部文章"], ["#/new", "写新的一篇"], ["#/import", "导入 Word 稿"]];

const main = document.getElementById("main");
const status = document.getElementById("status");

export const desk = {
  site: null,
  call,
  address,
  ask,
  /** Opens a route: open("edit", path). */
  open(name = "", argument = "") {
    location.hash = `#/${name}${argument ? `/${encodeURIComponent(argument)}` : ""}`;
  },
  /** Says something in the head of the page; screen readers read it. */
  announce(text) {
    status.textContent = text;
  },
  /** Tells an error in a dialog. */
  fail(error) {
    if (!("hint" in error)) throw error;
    return ask(error.message, make("p", { text: error.hint }), [["知道了", true, "main"]]);
  },
};

let leave = null;
let shown = null;
let turn = 0;

async function route() {
  if (location.hash === shown) return;
  const mine = (turn += 1);
  if (leave && (await leave()) === false) {
    history.replaceState(null, "", shown);
    return;
  }
  if (mine !== turn) return;
  leave = null;
  shown = location.hash;
  const [name, argument] = /^#\/([^/]*)\/?(.*)$/.exec(shown)?.slice(1) ?? ["", ""];
  const root = make("div", { class: "view" });
  main.replaceChildren(root);
  let end = null;
  try {
    const { view } = await (VIEWS[name] ?? VIEWS[""])();
    end = (await view(desk, root, decodeURIComponent(argument))) ?? null;
  } catch (error) {
    await desk.fail(error);
  }
  if (mine !== turn) return void (end && end()); // somebody went on meanwhile
  leave = end;
  for (const link of document.querySelectorAll("#places a")) {
    if (link.hash === (location.hash || "#/")) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (!root.contains(document.activeElement)) main.focus({ preventScroll: true });
}

async function start() {
  document.getElementById("places").append(...PLACES.map(([href, text]) => make("a", { href, text })));
  desk.site = await call("GET", "site");
  document.title = `写稿台 - ${desk.site.title}`;
  addEventListener("hashchange", route);
  await route();
}

start().catch((error) => desk.fail(error));
