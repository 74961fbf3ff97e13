/*
  What one sees of the preview: the bar, what there is to mend, what has changed since an approval. It stands beside the body,
  in a shadow tree; the page itself is left alone.
*/

/* Storage is switched off in some browsers; then a choice lasts for one page. */
const remembered = {
  get(key, storage = "localStorage") { try { return window[storage].getItem(`${MARK}-${key}`); } catch { return null; } },
  set(key, value, storage = "localStorage") { try { window[storage].setItem(`${MARK}-${key}`, value); } catch { /* above */ } },
};

/** An element with attributes (`text` is its text) and children. Texts are texts: nothing typed becomes HTML. */
function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  Object.entries(attributes).forEach(([name, value]) => {
    if (name === "text") made.textContent = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null) made.setAttribute(name, value === true ? "" : value);
  });
  made.append(...children.filter((child) => child !== null));
  return made;
}

const isFault = ({ severity }) => severity === "error";
const KINDS = { error: "错误", warning: "提醒", info: "说明" };
const [SHOWN_BEFORE, SHOWN_AFTER, MARKED] = [40, 80, 16];
const ENDS = /[\s，。；：！？、（）「」“”《》,;()[\]]/;

/** The typed line, as much as is near the place, with the place marked. `column` counts characters from 1. */
function typedLine({ text, line, column }) {
  const characters = [...text];
  const at = Math.min(Math.max(column - 1, 0), characters.length);
  const from = at > SHOWN_BEFORE + 8 ? at - SHOWN_BEFORE : 0;
  const until = Math.min(characters.length, at + SHOWN_AFTER);
  let end = at;
  const isLong = () => end >= at + MARKED && !/[\w./%#-]/.test(characters[end]); // names and addresses are shown whole
  while (end < until && !isLong() && (end === at || !ENDS.test(characters[end]))) end += 1;
  const part = (first, last) => characters.slice(first, last).join("");
  return make("p", { class: "line" },
    make("span", { class: "number", "aria-hidden": "true", text: line }),
    make("code", {},
      (from ? "…" : "") + part(from, at),
      make("mark", { text: part(at, end) || " " }),
      part(end, until) + (until < characters.length ? "…" : ""),
    ),
  );
}

/** One thing to mend: what, where (the file, where it is not `source`), the line itself, what to type instead. */
function remarkItem(remark, source) {
  const line = remark.line > 1 || remark.text ? `第 ${remark.line} 行` : "";
  const place = line && remark.column > 1 ? `${line}，第 ${remark.column} 个字` : line;
  const path = remark.path && remark.path !== source ? remark.path : null;
  return make("li", { class: `remark ${remark.severity}` },
    make("p", { class: "what" }, make("b", { text: KINDS[remark.severity] || KINDS.info }), make("span", { text: remark.message })),
    path || place ? make("p", { class: "where" }, path && make("code", { text: path }), make("span", { text: place })) : null,
    remark.text ? typedLine(remark) : null,
    remark.hint ? make("p", { class: "how" },
      remark.severity === "info" ? null : make("b", { text: "怎么改" }), make("span", { text: remark.hint })) : null,
  );
}

/** The tree beside the body. `show` takes facts, `faults` errors, `say` one line on how things are. */
function interfaceOf(follows) {
  const parts = {};
  const part = (name, tag, attributes, ...children) =>
    (parts[name] = make(tag, { class: name, ...attributes }, ...children));
  let complaint = "[]"; // the faults, as they were told
  let shownFacts = "";
  let said = "";
  let asked = 0; // how often changes were asked for

  const frame = make("div", { class: "frame", lang: "zh-CN", hidden: true },
    part("faults", "section", { role: "dialog", "aria-labelledby": "title", hidden: true },
      make("div", { class: "head" },
        make("h2", { id: "title" }),
        part("advice", "p"),
        part("aside", "button", { type: "button", text: "先看网页", onclick: () => openFaults(false) }),
      ),
      part("list", "ol", { tabindex: "0", role: "list", "aria-label": "要改的地方" }),
    ),
    part("changes", "aside", { tabindex: "0", "aria-label": "审过以后的改动", hidden: true },
      make("button", { type: "button", text: "关闭", onclick: () => openChanges(false) }),
      part("difference", "div", { "aria-live": "polite" }),
    ),
    part("dock", "section", { "aria-label": "预览" },
      part("ribbons", "ul", { role: "list" }),
      part("remarks", "ol", { id: "remarks", role: "list", tabindex: "0", "aria-label": "这一页的提醒", hidden: true }),
      part("bar", "div", {},
        make("p", { class: "state" }, make("i", { "aria-hidden": "true" }), part("status", "span", { role: "status" })),
        part("source", "p"),
        part("numbers", "p"),
        part("count", "button", { type: "button", onclick: press }),
        part("follow", "button", {
          type: "button", role: "switch",
          "aria-label": "自动打开刚保存的那一篇", title: "保存哪一篇，网页就跟到哪一篇",
          onclick: () => setFollow(!follows.get()),
        }, make("i", { "aria-hidden": "true" }), make("span", { text: "自动打开" })),
        part("fold", "button", { type: "button", "aria-label": "收起预览栏", title: "收起", onclick: () => setFolded(true) }),
      ),
      part("pill", "button", { type: "button", "aria-label": "展开预览栏", hidden: true, onclick: () => setFolded(false) },
        make("i", { "aria-hidden": "true" }), part("chips", "span")),
    ),
  );

  const host = document.createElement(MARK);
  const sheet = make("link", { rel: "stylesheet", href: `${HOME}client.css` });
  sheet.addEventListener("load", () => { frame.hidden = false; });
  host.attachShadow({ mode: "open" }).append(sheet, frame);
  document.documentElement.append(host);
  /* The page ends above the bar, not below it. */
  new ResizeObserver(() => { host.style.height = parts.pill.hidden ? `${parts.dock.offsetHeight}px` : "0"; }).observe(parts.dock);

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (!parts.faults.hidden) openFaults(false, true);
    else if (!parts.changes.hidden) openChanges(false);
    else if (!parts.remarks.hidden) openRemarks(false);
  });

  /** The button of the bar: faults where there are any, else the remarks on this page. */
  function press() {
    if (complaint !== "[]") openFaults(parts.faults.hidden, true);
    else openRemarks(parts.remarks.hidden);
  }

  /** What changed since the approval, beside the page. The server escapes the words; only elements are taken over. */
  async function openChanges(open) {
    const isNew = open && parts.changes.hidden;
    parts.changes.hidden = !open;
    if (!open) return;
    const mine = (asked += 1);
    let text = "<p>没有连上预览。</p>";
    try {
      text = await (await fetch(`${HOME}changes/${here()}`)).text();
    } catch { /* the bar says so */ }
    const found = new DOMParser().parseFromString(text, "text/html").body.childNodes;
    if (mine === asked) parts.difference.replaceChildren(...found); // others were asked for meanwhile
    if (isNew) parts.changes.focus();
  }

  function openRemarks(open) {
    parts.remarks.hidden = !open;
    dress();
  }

  function openFaults(open, byHand = true) {
    const within = host.shadowRoot.activeElement;
    parts.faults.hidden = !open;
    if (byHand) remembered.set("aside", open ? "" : complaint, "sessionStorage");
    if (!open && within && parts.faults.contains(within)) parts.count.focus();
    dress();
  }

  function setFollow(on) {
    follows.set(on);
    parts.follow.setAttribute("aria-checked", String(on));
  }

  function setFolded(folded) {
    const was = host.shadowRoot.activeElement;
    remembered.set("folded", folded ? "yes" : "");
    parts.bar.hidden = folded;
    parts.pill.hidden = !folded;
    if (folded) parts.remarks.hidden = true;
    if (was) (folded ? parts.pill : parts.fold).focus();
    dress();
  }

  /** The state, the button and the pill say what there is. */
  function dress() {
    const broken = JSON.parse(complaint).length;
    const remarks = parts.remarks.children.length;
    const text = broken ? `${broken} 处要改` : remarks ? `${remarks} 条提醒` : "没有提醒";
    parts.count.textContent = text;
    parts.count.disabled = !broken && !remarks;
    parts.count.className = `count ${broken ? "error" : remarks ? "warning" : "none"}`;
    parts.count.setAttribute("aria-expanded", String(!parts.faults.hidden || !parts.remarks.hidden));
    frame.classList.toggle("broken", broken > 0);
    const status = broken && frame.dataset.state !== "lost" ? "网页还没有更新" : said;
    if (parts.status.textContent !== status) parts.status.textContent = status; // told aloud when it changes
    parts.ribbons.hidden = parts.bar.hidden || !parts.ribbons.children.length;
    const heads = [...parts.ribbons.children].map((ribbon) => ribbon.firstChild.textContent);
    parts.chips.textContent = [...heads, broken || remarks ? text : ""].filter(Boolean).join("　") || "预览";
  }

  function show({ ribbons, diagnostics, source, characters, photos }) {
    const text = JSON.stringify([ribbons, diagnostics, source, characters, photos]);
    if (text === shownFacts) return; // nobody loses the place where they are reading
    shownFacts = text;
    parts.ribbons.replaceChildren(...ribbons.map(({ reason, text, has_changes }) => {
      const [, head, rest] = /^(.*?)：(.*)$/s.exec(text) || ["", "", text];
      return make("li", { class: reason }, make("b", { text: head }), make("span", { text: rest }),
        has_changes ? make("button", { type: "button", text: "看改了哪里", onclick: () => openChanges(parts.changes.hidden) }) : null);
    }));
    if (!parts.changes.hidden) openChanges(ribbons.some(({ has_changes }) => has_changes));
    const remarks = diagnostics.filter((remark) => !isFault(remark));
    parts.remarks.replaceChildren(...remarks.map((remark) => remarkItem(remark, source)));
    if (!remarks.length) parts.remarks.hidden = true;
    parts.source.replaceChildren(
      source ? make("bdi", { dir: "ltr", text: source }) : make("span", { text: "这一页由各篇文章自动汇成" }));
    parts.source.title = source || "";
    const numbers = [[characters, "字"], [photos, "张照片"]].filter(([number]) => number !== null);
    parts.numbers.replaceChildren(...numbers.map(([number, unit]) =>
      make("span", {}, make("b", { text: number.toLocaleString("zh-CN") }), ` ${unit}`)));
    parts.numbers.hidden = !numbers.length;
    dress();
  }

  function faults(errors) {
    const text = JSON.stringify(errors);
    if (text === complaint) return;
    complaint = text;
    parts.list.replaceChildren(...errors.map((error) => remarkItem(error)));
    host.shadowRoot.getElementById("title").textContent = `改好这 ${errors.length} 处，网页才会更新`;
    parts.advice.textContent = "现在看到的还是上一次的网页。在编辑器里改好、保存，这里就会消失。";
    if (!errors.length) remembered.set("aside", "", "sessionStorage"); // the same slip once more is told once more
    openFaults(errors.length > 0 && remembered.get("aside", "sessionStorage") !== text, false);
  }

  function say(text, kind = "live") {
    [said, frame.dataset.state] = [text, kind];
    dress();
  }

  setFollow(follows.get());
  setFolded(remembered.get("folded") === "yes");
  return { show, faults, say };
}
