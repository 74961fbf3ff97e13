/* The desk in the browser: routes by hash, one view at a time. A view is a module with `view(desk, root, argument)`, which
   fills `root` and may give a function that ends it (false: stay here, something is not saved yet). */

import { call, address } from "./api.js";
import { ask, make } from "./dom.js";
import { guardDrops } from "./import.js";

const VIEWS = {
  "": () => import("./list.js"),
  new: () => import("./new_report.js"),
  edit: () => import("./editor.js"),
  import: () => import("./import.js"),
  receive: () => import("./receive.js"),
  publish: () => import("./publish.js"),
};
const PLACES = [["#/", "全部文章"], ["#/new", "写新的一篇"], ["#/import", "导入 Word 稿"],
  ["#/receive", "收稿", ({ may }) => may.includes("receive")],
  ["#/publish", "发布", ({ may, has_targets: hasTargets }) => hasTargets && may.includes("publish")]];

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
  desk.site = await call("GET", "site");
  const places = PLACES.filter(([, , isThere]) => !isThere || isThere(desk.site));
  document.getElementById("places").append(...places.map(([href, text]) => make("a", { href, text })));
  if (desk.site.signs_in) {
    document.getElementById("top").append(make("form", { class: "who-is-it", method: "post", action: "sign-out" },
      desk.site.user.name, make("button", { class: "quiet", text: "退出" })));
  }
  document.title = `写稿台 - ${desk.site.title}`;
  addEventListener("hashchange", route);
  guardDrops(desk);
  await route();
}

start().catch((error) => desk.fail(error));
