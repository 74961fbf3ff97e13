/* The desk in the browser: routes by hash, one view at a time. A view is a module with `view(desk, root, argument)`, which
   fills `root` and may give a function that ends it (false: stay here, something is not saved yet). */

import { address, call, server } from "./api.js";
import { ask, make } from "./dom.js";
import { guardDrops } from "./import.js";
import { isOutdated } from "./outdated.js";

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
const spoken = document.getElementById("spoken");

export const desk = {
  site: null,
  call,
  address,
  ask,
  /** Opens a route: open("edit", path); what was announced just before stays there. */
  open(name = "", argument = "") {
    announced = status.textContent;
    location.hash = `#/${name}${argument ? `/${encodeURIComponent(argument)}` : ""}`;
  },
  /** Says something in the head of the page; screen readers read it. `isPassing`: it goes when a person goes on typing. */
  announce(text, isPassing = false) {
    status.textContent = text;
    status.title = text; // the line may be too short for it
    if (!isPassing) return;
    document.addEventListener("input", () => {
      if (status.textContent === text) status.textContent = status.title = "";
    }, { once: true });
  },
  /** Lets screen readers read what is shown elsewhere in the page: an element that comes with its words is often not read. */
  speak(text) {
    spoken.textContent = text;
  },
  /** Tells an error in a dialog. */
  fail(error) {
    const { message, hint } = told(error);
    return ask(message, make("p", { text: hint }), [["知道了", true, "main"]]);
  },
};

let leave = null; // ends the view that is shown
let leaving = null; // as long as it is asked whether it can be left
let shown = null;
let turn = 0;
let announced = "";

/** An error in words; what nobody expected goes to the browser's console as well. */
function told(error) {
  if ("hint" in error) return error;
  setTimeout(() => { throw error; });
  return { message: "这一步没有做成", hint: "再试一次；还是不行，把没存的内容复制出来，再刷新网页" };
}

/** Whether a module did not arrive; browsers have no name for this error. */
const isUnloaded = (error) => error instanceof TypeError && /import|module|fetch/i.test(error.message);

/** Why a module did not arrive: nobody answers, or the server has it no more. */
async function unloaded() {
  if (!(await isOutdated())) return { message: "连不上写稿台", hint: server.wayBack };
  return { message: "写稿台的程序更新过", hint: server.newStart };
}

/** Shows in the place of a view why there is none, and how one goes on. */
async function showFailure(root, error, again) {
  const isLost = isUnloaded(error);
  const { message, hint, status: code } = isLost ? await unloaded() : told(error);
  const way = code === 401 && desk.site?.signs_in ? { href: "sign-in", text: "登录" } : { href: "#/", text: "回到列表" };
  root.replaceChildren(make("div", { class: "empty failed", role: "alert" },
    make("p", { class: "say", text: message }), make("p", { text: hint }),
    make("p", { class: "buttons" },
      make("button", { type: "button", class: "main", text: "再试一次", onclick: isLost ? () => location.reload() : again }), // a module is asked for once
      make("a", { class: "button", ...way }))));
}

/** Closes the dialogs of a view that is left, as if they were put off. */
function closeDialogs() {
  for (const dialog of document.querySelectorAll("dialog.ask")) dialog.dispatchEvent(new Event("cancel", { cancelable: true }));
}

/** The hash as a route; that of a link within the page is none. */
const place = () => (location.hash === "" || location.hash.startsWith("#/") ? location.hash : shown ?? "");

/** Ends the view that is shown; false: it stays. However often one goes on meanwhile, it is ended, and asks, once. */
function leaves() {
  leaving ??= Promise.resolve(leave()).finally(() => { leaving = null; });
  return leaving;
}

async function route() {
  if (place() === shown) return;
  const mine = (turn += 1);
  if (leave && (await leaves()) === false) {
    history.replaceState(null, "", shown);
    return;
  }
  if (mine !== turn) return;
  leave = null;
  await show();
}

async function show() {
  const mine = turn;
  closeDialogs();
  shown = place();
  desk.announce(announced);
  announced = "";
  const [name, argument] = /^#\/([^/]*)\/?(.*)$/.exec(shown)?.slice(1) ?? ["", ""];
  const root = make("div", { class: "view" });
  main.replaceChildren(root);
  let end = null;
  try {
    const { view } = await (VIEWS[name] ?? VIEWS[""])();
    end = (await view(desk, root, decoded(argument))) ?? null;
  } catch (error) {
    await showFailure(root, error, () => { if (mine === turn) show(); });
  }
  if (mine !== turn) return void (end && end()); // somebody went on meanwhile
  leave = end;
  for (const link of document.querySelectorAll("#places a")) {
    if (link.hash === `#/${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (!root.contains(document.activeElement)) main.focus({ preventScroll: true });
}

/** The argument of a route; one that is no address, as it is: then there is no such report. */
function decoded(argument) {
  try {
    return decodeURIComponent(argument);
  } catch {
    return argument;
  }
}

/** Loads the editor while somebody looks at the list: the first report opens as fast as the others. */
async function loadEditor() {
  try {
    await (await VIEWS.edit()).load();
  } catch {
    // told where a report is opened
  }
}

async function start() {
  main.replaceChildren(); // what is told where no script comes
  try {
    desk.site = await call("GET", "site");
  } catch (error) {
    await showFailure(main, error, () => start());
    return;
  }
  main.replaceChildren();
  server.isElsewhere = desk.site.signs_in;
  const places = PLACES.filter(([, , isThere]) => !isThere || isThere(desk.site));
  document.getElementById("places").append(...places.map(([href, text]) => make("a", { href, text })));
  if (desk.site.signs_in) {
    document.getElementById("top").append(make("form", { class: "who-is-it", method: "post", action: "sign-out" },
      desk.site.user.name, make("button", { class: "quiet", text: "退出" })));
  }
  document.title = `写稿台 - ${desk.site.title}`;
  addEventListener("hashchange", route);
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
  });
  guardDrops(desk);
  await route();
  loadEditor();
}

start();
