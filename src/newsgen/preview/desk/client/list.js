/* The list of reports: found by words, section, branch and state; newest first; a page of rows at a time. */

import { server } from "./api.js";
import { showDeleted } from "./deleted.js";
import { inOrder, make } from "./dom.js";
import { listen } from "./server_events.js";

const ROWS = 50;
const STATES = [
  ["draft", "草稿"], ["waiting", "待审"], ["scheduled", "定时"], ["online", "公开"], ["expired", "已下线"], ["faulty", "有错"],
];
const STATE_WORDS = Object.fromEntries(STATES);
const EMPTY = { words: "", section: "", branch: "", state: "", page: 0 };
const CALM = 400; // ms between looks at the list while the site changes
const AGAIN = 2000; // ms after which a list that did not come is asked for again

let chosen = { ...EMPTY }; // kept while the desk is open: who comes back from a report finds the list as it was

const plain = (text) => text.normalize("NFKC").toLowerCase();
const versionOf = ({ instance, version }) => `${instance} ${version}`;
const stateWords = ({ state }) => STATE_WORDS[state] || state;

/** What is wrong with a report, in words; "" where nothing is. */
function countWords({ errors, warnings }) {
  return [errors && `${errors} 处错误`, warnings && `${warnings} 条提醒`].filter(Boolean).join("，");
}

function row(report) {
  const count = countWords(report);
  return make("tr", {},
    make("th", { scope: "row" },
      make("a", { href: `#/edit/${encodeURIComponent(report.path)}`, text: report.title || "（没有标题）" }),
      count && make("span", { class: report.errors ? "count bad" : "count", text: count })),
    make("td", { class: "section", text: report.section_title }),
    make("td", { class: "date" }, report.date ? make("time", { datetime: report.date.replace(" ", "T"), text: report.date }) : "没有日期"),
    make("td", { class: "author", text: report.author }),
    make("td", {}, make("span", { class: `state ${report.state}`, text: stateWords(report) })));
}

function choice(label, name, options, change) {
  const select = make("select", { id: `list-${name}`, onchange: () => change({ [name]: select.value }) },
    make("option", { value: "", text: `全部${label}` }),
    options.map(([value, text]) => make("option", { value, text })));
  select.value = chosen[name];
  return make("div", { class: "choice" }, make("label", { for: `list-${name}`, text: label }), select);
}

export async function view(desk, root) {
  let reports = [];
  let texts = [];
  const kept = new Map(); // what a row says -> the row: one that stays is not replaced while somebody clicks on it

  const search = make("input", {
    type: "search", id: "list-words", value: chosen.words, placeholder: "标题、作者或文件名", autocomplete: "off",
    oninput: () => change({ words: search.value }),
  });
  const found = make("p", { class: "found", role: "status" });
  const body = make("tbody");
  const empty = make("div", { class: "empty", hidden: true });
  const table = make("table", { class: "reports" },
    make("caption", { class: "unseen", text: "文章" }),
    make("thead", {}, make("tr", {}, ["标题", "栏目", "日期", "作者", "状态"].map((text) =>
      make("th", { scope: "col", class: { 日期: "date", 作者: "author", 栏目: "section" }[text] || "", text })))),
    body);
  const before = make("button", { type: "button", text: "上一页", onclick: () => turn(-1) });
  const after = make("button", { type: "button", text: "下一页", onclick: () => turn(1) });
  const place = make("span", { class: "place" });
  const pager = make("nav", { class: "pager", "aria-label": "翻页" }, before, place, after);

  const filters = make("form", { class: "filters", role: "search", "aria-label": "查找文章" },
    make("div", { class: "choice of-words" }, make("label", { for: "list-words", text: "查找" }), search),
    choice("栏目", "section", desk.site.sections.map(({ folder, title }) => [folder, title]), change),
    desk.site.branches.length > 0 && choice("支部", "branch", desk.site.branches.map((name) => [name, name]), change),
    choice("状态", "state", STATES.filter(([name]) => name !== "waiting" || desk.site.has_reviews), change));
  filters.addEventListener("submit", (event) => event.preventDefault());

  root.append(make("div", { class: "list" },
    make("div", { class: "list-head" },
      make("h1", { text: "全部文章" }),
      found,
      make("a", { class: "button main", href: "#/new", text: "写新的一篇" })),
    filters, table, empty, pager,
    make("p", { class: "list-foot" }, make("button", { type: "button", class: "quiet", text: "最近删除的", onclick: bringBack }))));

  async function bringBack() {
    try {
      const path = await showDeleted(desk);
      if (path && !isOver) desk.open("edit", path); // else somebody went on meanwhile
    } catch (error) {
      await desk.fail(error);
    }
  }

  function change(what) {
    chosen = { ...chosen, page: 0, ...what };
    show();
  }

  function turn(by) {
    chosen = { ...chosen, page: chosen.page + by };
    show();
    window.scrollTo(0, 0);
    if (document.activeElement === document.body) (by > 0 ? before : after).focus(); // the button pressed is off now
  }

  function matching() {
    const words = plain(chosen.words).split(/\s+/).filter(Boolean);
    return reports.filter((report, index) =>
      (!chosen.section || report.section === chosen.section || report.section.startsWith(`${chosen.section}/`)) &&
      (!chosen.branch || report.branches.includes(chosen.branch)) &&
      (!chosen.state || report.state === chosen.state) &&
      words.every((word) => texts[index].includes(word)));
  }

  function show() {
    const rows = matching();
    const pages = Math.max(1, Math.ceil(rows.length / ROWS));
    chosen.page = Math.min(chosen.page, pages - 1);
    const first = chosen.page * ROWS;
    const shown = rows.slice(first, first + ROWS);
    const focused = document.activeElement && body.contains(document.activeElement) ? document.activeElement.hash : null;
    const said = shown.map((report) => JSON.stringify(report));
    for (const [words, element] of kept) {
      if (said.includes(words)) continue;
      element.remove();
      kept.delete(words);
    }
    for (const [index, words] of said.entries()) if (!kept.has(words)) kept.set(words, row(shown[index]));
    inOrder(body, said.map((words) => kept.get(words)));
    if (focused && !body.contains(document.activeElement)) [...body.querySelectorAll("a")].find((link) => link.hash === focused)?.focus();
    table.hidden = rows.length === 0;
    pager.hidden = pages === 1;
    before.disabled = chosen.page === 0;
    after.disabled = chosen.page >= pages - 1;
    place.textContent = `第 ${first + 1}–${first + shown.length} 篇`;
    const isAll = rows.length === reports.length;
    found.textContent = isAll ? `共 ${rows.length} 篇` : `找到 ${rows.length} 篇，共 ${reports.length} 篇`;
    empty.hidden = rows.length > 0;
    if (!rows.length) empty.replaceChildren(...whyEmpty());
  }

  function whyEmpty() {
    if (!reports.length) {
      return [
        make("p", { class: "say", text: "这里还没有文章。" }),
        make("p", { text: "点“写新的一篇”：选好栏目、填上标题，就可以动笔。" }),
        make("p", {}, make("a", { class: "button main", href: "#/new", text: "写新的一篇" })),
      ];
    }
    return [
      make("p", { class: "say", text: "没有找到这样的文章。" }),
      make("p", { text: "换一个词，或者少选几个条件。" }),
      make("p", {}, make("button", { type: "button", text: "看全部文章", onclick: () => {
        chosen = { ...EMPTY };
        search.value = "";
        for (const select of filters.querySelectorAll("select")) select.value = "";
        search.focus();
        show();
      } })),
    ];
  }

  /** Shows the list as the server has it; one that comes after a list that was asked for later is older. */
  async function load() {
    const mine = (asked += 1);
    const answer = await desk.call("GET", "reports");
    if (mine < came) return;
    came = mine;
    ({ reports } = answer);
    version = versionOf(answer);
    texts = reports.map(({ title, author, path }) => plain(`${title} ${author} ${path}`));
    show();
  }

  let timer = 0;
  let asked = 0; // how often the list was asked for
  let came = 0; // which of these lists is shown
  let version = ""; // of the site, as the list shows it
  let isOver = false;
  let isLost = false;

  function answers() {
    if (isLost) desk.announce("");
    isLost = false;
  }

  async function follow() {
    timer = 0;
    try {
      await load();
      if (!isOver) answers();
    } catch (error) {
      if (!("code" in error)) throw error;
      if (isOver) return;
      if (!isLost) desk.announce(error.message);
      isLost = true;
      if (error.isPassing && !timer) timer = setTimeout(follow, AGAIN);
    }
  }

  await load();
  const end = listen((news) => {
    if (isOver) return;
    if (news.lost) {
      isLost = true;
      return desk.announce(`连不上写稿台：${server.wayBack}`);
    }
    if (version !== versionOf(news.state) && !timer) timer = setTimeout(follow, CALM);
    answers();
  });
  if (!root.contains(document.activeElement)) search.focus(); // one may be at a button while the list comes
  return () => {
    isOver = true;
    clearTimeout(timer);
    end();
  };
}
