/*
  The preview in the browser. One file, two programs: as a shared worker it holds the one connection to the server for
  all tabs (a browser allows six per server, so a seventh tab would hang); in a page it does everything that one sees.

  A page that has changed is fetched and compared with what it was made from. Words, paragraphs and style sheets are
  replaced in place: nothing jumps or flashes, and what the reader has opened stays open. Anything that a script of the
  theme may have a hand in (photos, new tables, scripts, unknown elements) loads the page anew instead: never another
  page than the server's. What the preview shows stands beside the body, in a shadow tree; the page itself is left alone.

  Shown inside of the desk (desk/client/live_page.js), a page follows as everywhere, but shows nothing of its own, leads nowhere,
  and hears what the desk hears instead of connecting by itself.

  facts: what inject.py put into the page. state: what the server tells after every build.
*/
(() => {
  "use strict";

  const HOME = "/.newsgen/";

  /* ---------------------------------------------------------------- the connection */

  const LATE = 3000; // an answer that takes longer never comes: the machine slept, or the network is another

  /** Tells `{state}` after every build and `{lost: true}` when the server is gone; tries again for ever. */
  function connect(hear) {
    let source = null;
    let timer = 0;
    let pause = 250;
    let heard = 0;
    let ticked = Date.now();

    function close() {
      clearTimeout(timer);
      if (source) source.close();
      source = null;
    }

    function alive() {
      clearTimeout(timer);
      pause = 250;
      heard = Date.now();
    }

    function lost() {
      close();
      hear({ lost: true });
      timer = setTimeout(open, pause);
      pause = Math.min(pause * 2, 2000);
    }

    function open() {
      close();
      heard = Date.now();
      source = new EventSource(`${HOME}events`);
      timer = setTimeout(lost, LATE);
      source.addEventListener("open", alive);
      source.addEventListener("error", lost);
      source.addEventListener("state", (event) => {
        alive();
        hear({ state: JSON.parse(event.data) });
      });
    }

    /* A connection that slept looks open and is dead. Asking anew costs nothing and brings the state. */
    setInterval(() => {
      if (source && Date.now() - ticked > 3 * LATE) open();
      ticked = Date.now();
    }, LATE);

    open();
    return { close, wake() { if (!source || Date.now() - heard > LATE) open(); } };
  }

  /* ---------------------------------------------------------------- the worker: one connection for all tabs */

  function serveTabs() {
    const tabs = new Map(); // port -> {path, seen, visible}
    let last = null;

    /* The tab that goes to the edited page: the one last looked at, unless someone sees that page already. */
    function tabFor(address) {
      const known = [...tabs].filter(([, tab]) => tab.seen);
      if (!address || known.some(([, tab]) => tab.visible && tab.path === address)) return null;
      return known.reduce((best, one) => (best && best[1].seen >= one[1].seen ? best : one), null)?.[0];
    }

    const line = connect((news) => {
      const chosen = news.state && tabFor(news.state.edited);
      last = news;
      tabs.forEach((tab, port) => port.postMessage({ ...news, opens: port === chosen }));
    });

    self.addEventListener("connect", ({ ports: [port] }) => {
      port.onmessage = ({ data }) => {
        if (data.leaves) return void tabs.delete(port);
        if (!tabs.has(port) && last) port.postMessage(last);
        tabs.set(port, data);
        if (data.wakes) line.wake();
      };
    });
  }

  /* ---------------------------------------------------------------- a page: its way to the connection */

  /** Where the page lives, as outputs are named: `meetings/index.html`. */
  function addressOf(path) {
    let name = path.replace(/^\//, "");
    try { name = decodeURIComponent(name); } catch { /* no address of ours */ }
    return name === "" || name.endsWith("/") ? `${name}index.html` : name;
  }

  const here = () => addressOf(location.pathname);

  const isVisible = () => document.visibilityState === "visible";

  function listen(hear) {
    let seen = isVisible() ? Date.now() : 1;
    let line = null;
    let tell;

    if (window.SharedWorker) {
      let worker = null;
      const begin = () => {
        worker = new SharedWorker(`${HOME}client.js`, { name: "newsgen" });
        worker.port.onmessage = ({ data }) => hear(data);
        worker.onerror = () => { // its script did not come
          hear({ lost: true });
          setTimeout(() => {
            begin();
            looked(false);
          }, 1000);
        };
      };
      begin();
      tell = (message) => worker.port.postMessage(message);
    } else {
      /* Browsers of some phones: each tab has its own connection, and only while one looks at it. */
      tell = ({ leaves, visible }) => {
        if (leaves || !visible) {
          if (line) line.close();
        } else if (line) {
          line.wake();
        } else {
          line = connect((news) => hear({ ...news, opens: isVisible() }));
        }
      };
    }

    function looked(wakes) {
      if (isVisible()) seen = Date.now();
      tell({ path: here(), seen, visible: isVisible(), wakes });
    }

    looked(false);
    window.addEventListener("focus", () => looked(false));
    window.addEventListener("online", () => looked(true));
    window.addEventListener("pageshow", ({ persisted }) => { if (persisted) looked(true); });
    window.addEventListener("pagehide", () => tell({ leaves: true }));
    document.addEventListener("visibilitychange", () => looked(true));
  }

  /* ---------------------------------------------------------------- a page inside of the desk */

  const isInDesk = typeof document !== "undefined" && window.name === "newsgen-desk" && window.parent !== window;

  const tellDesk = (news) => window.parent.postMessage({ newsgen: news }, location.origin);

  function listenToDesk(hear) {
    window.addEventListener("message", ({ source, origin, data }) => {
      if (source === window.parent && origin === location.origin && data.newsgen) hear({ ...data.newsgen, opens: false });
    });
    /* Links open beside the desk: the page that is being written stays. */
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      if (!link || link.getAttribute("href").startsWith("#")) return;
      event.preventDefault();
      window.open(link.href, "_blank", "noopener");
    }, true);
    document.addEventListener("submit", (event) => event.preventDefault(), true);
    tellDesk("ready");
  }

  /* ---------------------------------------------------------------- from the page as it was to the page as it is */

  const MARK = "newsgen-preview";
  const FACTS = `script[type="application/json"]#${MARK}`; // a heading may have that id, too
  const NOT_THE_SITES = `${FACTS}, script[src^="${HOME}"]`;

  /** Takes out what the server put in, so that pages can be compared; gives the facts, null where there are none. */
  function stripped(doc) {
    const data = doc.querySelector(FACTS);
    doc.querySelectorAll(NOT_THE_SITES).forEach((element) => element.remove());
    doc.body.normalize();
    return data && JSON.parse(data.textContent);
  }

  const SHEET = 'link[rel~="stylesheet"]';
  const QUIET = 'meta, title, link:not([rel~="stylesheet"]), script[type="application/ld+json"]';

  /* Elements that scripts leave alone, as long as they carry nothing that a script could look for. */
  const PROSE = new Set(
    ("P H1 H2 H3 H4 H5 H6 UL OL LI DL DT DD BLOCKQUOTE HR BR A ABBR B CITE CODE DEL EM I INS KBD MARK Q S SMALL SPAN " +
      "STRONG SUB SUP TD TH TIME TR U").split(" "),
  );
  const isPlain = (element) =>
    PROSE.has(element.tagName) && ![...element.attributes].some(({ name }) => /^(data-|on)/.test(name));
  const isProse = (node) =>
    node.nodeType !== Node.ELEMENT_NODE || (isPlain(node) && [...node.childNodes].every(isProse));

  const sameAttributes = (one, other) => one.cloneNode(false).isEqualNode(other.cloneNode(false));

  const replaced = new WeakMap(); // a style sheet on its way -> those that it takes the place of

  /** A style sheet goes when the new one has come: no moment is without style. */
  function exchange(old, link) {
    const fresh = document.importNode(link, true);
    const olds = [old, ...(replaced.get(old) || [])]; // `old` itself may be still on its way, and now never arrive
    replaced.set(fresh, olds);
    const arrive = () => olds.forEach((one) => one.remove());
    fresh.addEventListener("load", arrive, { once: true });
    fresh.addEventListener("error", arrive, { once: true });
    old.after(fresh);
  }

  const nameOf = (link) => link.getAttribute("href").replace(/\?newsgen=.*/, "");

  /** Steps for the head, or false where the page must be loaded anew. */
  function planHead(before, after, steps) {
    const gone = [...before.children].filter((one) => ![...after.children].some((other) => one.isEqualNode(other)));
    const come = [...after.children].filter((one) => ![...before.children].some((other) => one.isEqualNode(other)));
    const [oldSheets, newSheets] = [gone, come].map((list) => list.filter((one) => one.matches(SHEET)));
    if (oldSheets.length !== newSheets.length) return false;
    if ([...gone, ...come].some((one) => !one.matches(`${QUIET}, ${SHEET}`))) return false;
    const living = [...document.head.children];
    for (const [index, sheet] of oldSheets.entries()) {
      const old = living.find((one) => one.matches(SHEET) && nameOf(one) === nameOf(sheet));
      if (!old) return false;
      steps.push(() => exchange(old, newSheets[index]));
    }
    for (const one of gone.filter((element) => element.matches(QUIET))) {
      const old = living.find((element) => element.isEqualNode(one));
      if (old) steps.push(() => old.remove());
    }
    for (const one of come.filter((element) => element.matches(QUIET))) {
      steps.push(() => document.head.append(document.importNode(one, true)));
    }
    return true;
  }

  /** Steps that make of the live `node`, which came from `before`, what `after` is; false where that is not safe. */
  function planNode(before, after, node, steps, touched) {
    if (before.isEqualNode(after)) return true;
    if (before.nodeName !== after.nodeName || node.nodeName !== before.nodeName) return false;
    if (before.nodeType !== Node.ELEMENT_NODE) {
      if (node.data !== before.data || node.parentNode.nodeName === "SCRIPT" || node.parentNode.nodeName === "STYLE") return false;
      steps.push(() => { node.data = after.data; });
      touched.add(node.parentElement);
      return true;
    }
    if (!sameAttributes(before, after)) {
      if (!sameAttributes(before, node) || !isPlain(node)) return false;
      steps.push(() => {
        [...before.attributes].forEach(({ name }) => node.removeAttribute(name));
        [...after.attributes].forEach(({ name, value }) => node.setAttribute(name, value));
      });
      touched.add(node);
    }
    return planChildren(before, after, node, steps, touched);
  }

  /** The same for the children of a live element: some change, some come, some go. */
  function planChildren(before, after, node, steps, touched) {
    const [old, fresh, live] = [before, after, node].map((element) => [...element.childNodes]);
    let start = 0;
    while (start < old.length && start < fresh.length && old[start].isEqualNode(fresh[start])) start += 1;
    let end = 0;
    const most = Math.min(old.length, fresh.length) - start;
    while (end < most && old[old.length - 1 - end].isEqualNode(fresh[fresh.length - 1 - end])) end += 1;
    const [goes, comes] = [old.slice(start, old.length - end), fresh.slice(start, fresh.length - end)];
    if (!goes.length && !comes.length) return true;
    if (live.length !== old.length || live.some((one, index) => one.nodeName !== old[index].nodeName)) return false;
    const pairs = align(goes, comes);
    let next = live[live.length - end] || null;
    return pairs !== null && pairs.reverse().every(([from, to]) => {
      const lives = live[start + from];
      if (from === null) {
        const [added, place] = [document.importNode(comes[to], true), next];
        steps.push(() => node.insertBefore(added, place));
        if (added.nodeType === Node.ELEMENT_NODE) touched.add(added);
        next = added;
        return isProse(added);
      }
      if (to === null) {
        steps.push(() => lives.remove());
        return isProse(lives) && lives.isEqualNode(goes[from]);
      }
      next = lives;
      return planNode(goes[from], comes[to], lives, steps, touched);
    });
  }

  const MANY = 40000;

  /** What became of which node: pairs of indexes, null where a node goes or comes; null where there are too many. */
  function align(goes, comes) {
    if (goes.length * comes.length > MANY) return null;
    const [old, fresh] = [goes, comes].map((nodes) => nodes.map((node) => node.outerHTML || node.data));
    const kind = (node) => `${node.nodeName} ${node.id} ${node.className}`;
    const likeness = (i, j) => (kind(goes[i]) !== kind(comes[j]) ? 0 : old[i] === fresh[j] ? 5 : 2);
    const best = Array.from({ length: goes.length + 1 }, () => new Array(comes.length + 1).fill(0));
    for (let i = goes.length - 1; i >= 0; i -= 1) {
      for (let j = comes.length - 1; j >= 0; j -= 1) {
        const like = likeness(i, j);
        best[i][j] = Math.max(best[i + 1][j], best[i][j + 1], like && like + best[i + 1][j + 1]);
      }
    }
    const pairs = [];
    for (let i = 0, j = 0; i < goes.length || j < comes.length;) {
      const like = i < goes.length && j < comes.length ? likeness(i, j) : 0;
      if (like && best[i][j] === like + best[i + 1][j + 1]) pairs.push([i++, j++]);
      else if (j === comes.length || (i < goes.length && best[i][j] === best[i + 1][j])) pairs.push([i++, null]);
      else pairs.push([null, j++]);
    }
    return pairs;
  }

  /** Makes the live page what `after` is. False: nothing was done, the page must be loaded anew. */
  function patch(before, after) {
    const steps = [];
    const touched = new Set();
    if (!sameAttributes(before.documentElement, after.documentElement)) return false;
    if (!planHead(before.head, after.head, steps)) return false;
    if (!planNode(before.body, after.body, document.body, steps, touched)) return false;
    steps.forEach((step) => step());
    if (steps.length) window.dispatchEvent(new Event("resize")); // scripts that measure the page do it again
    lightUp(touched);
    return true;
  }

  const isStill = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  /** What has changed is marked for a moment. An animation leaves no trace in the page. */
  function lightUp(elements) {
    if (isStill()) return;
    elements.forEach((element) => {
      if (element === document.body) return;
      element.animate([{ backgroundColor: "rgba(255, 214, 92, .55)" }, { backgroundColor: "rgba(255, 214, 92, 0)" }], 1400);
    });
  }

  /** Sheets that changed and kept their name are asked for under another query. */
  function restyle(addresses, before, after, version) {
    const named = (page) => [...page.querySelectorAll(SHEET)].map(nameOf);
    const stayed = named(before).filter((name) => named(after).includes(name));
    document.querySelectorAll(SHEET).forEach((link) => {
      const url = new URL(link.href);
      if (url.origin !== location.origin || !addresses.has(addressOf(url.pathname)) || !stayed.includes(nameOf(link))) return;
      const fresh = link.cloneNode();
      fresh.setAttribute("href", `${nameOf(link)}?newsgen=${version}`);
      exchange(link, fresh);
    });
  }

  /* ---------------------------------------------------------------- memory: the choices of this browser */

  /* Storage is switched off in some browsers; then a choice lasts for one page. */
  const remembered = {
    get(key, storage = "localStorage") { try { return window[storage].getItem(`${MARK}-${key}`); } catch { return null; } },
    set(key, value, storage = "localStorage") { try { window[storage].setItem(`${MARK}-${key}`, value); } catch { /* above */ } },
  };

  /* ---------------------------------------------------------------- what one sees */

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
      let text = "<p>没有连上预览。</p>";
      try {
        text = await (await fetch(`${HOME}changes/${here()}`)).text();
      } catch { /* the bar says so */ }
      parts.difference.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
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

  /* ---------------------------------------------------------------- a page */

  function watchPage() {
    let facts = stripped(document);
    if (!facts) return;
    let errors = []; // of the whole site; those of this page alone are in its facts
    let source = null; // the page as the server made it, before scripts had a hand in it; null: not known
    const sheets = new Set(); // style sheets that changed since
    let busy = false;
    let again = false;
    let isLost = false;
    let known = 0; // the last version that was told of
    let timer = 0;
    const follows = {
      get: () => remembered.get("follow") !== "off",
      set: (on) => remembered.set("follow", on ? "on" : "off"),
    };
    const shown = isInDesk ? { show() {}, faults() {}, say() {} } : interfaceOf(follows);
    const clock = () => new Date().toLocaleTimeString("zh-CN", { hour12: false });

    function show() {
      const own = facts.diagnostics.filter(isFault).map((fault) => JSON.stringify(fault));
      const all = new Set([...errors.filter(isFault).map((fault) => JSON.stringify(fault)), ...own]);
      shown.show(facts);
      shown.faults([...all].map((fault) => JSON.parse(fault)));
    }

    /** The page as the server has it now, and its facts; null where nobody answers. */
    async function fetched() {
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(), LATE);
      try {
        const answer = await fetch(location.href, { cache: "no-store", signal: late.signal });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        return { page, facts: stripped(page) };
      } catch {
        return null;
      } finally {
        clearTimeout(timer);
      }
    }

    const isSame = (other) => other && other.instance === facts.instance && other.version === facts.version;

    /** Learns what the page was made from, as long as it is still what the server has. */
    async function learn() {
      const found = await fetched();
      if (!found && !source && !isLost) setTimeout(learn, 250);
      if (found && isSame(found.facts) && !busy) source = found.page;
    }

    /** Makes the page what the server has: in place where that is safe, else anew. */
    async function refresh() {
      clearTimeout(timer);
      timer = 0;
      if (busy) return void (again = true);
      busy = true;
      const found = await fetched();
      busy = false;
      if (!found) return void (timer = setTimeout(refresh, 250));
      if (!source && isSame(found.facts)) source = found.page; // asked too early: nothing is newer yet
      if (!found.facts || !source || !patch(source, found.page)) return void location.reload();
      restyle(sheets, source, found.page, found.facts.version);
      sheets.clear();
      if (!source.documentElement.isEqualNode(found.page.documentElement)) shown.say(`${clock()} 已更新`);
      source = found.page;
      facts = found.facts;
      show();
      if (isInDesk) tellDesk("shown");
      if (again) refresh();
      again = false;
    }

    function open(address) {
      remembered.set("opened", address, "sessionStorage");
      location.assign("/" + address.split("/").map(encodeURIComponent).join("/"));
    }

    function take(state, opens) {
      const isRestarted = state.instance !== facts.instance;
      const isNews = JSON.stringify(errors) !== JSON.stringify(state.errors);
      errors = state.errors;
      if (!isRestarted && state.version <= facts.version) {
        show();
        if (!source) learn();
        return;
      }
      if (opens && !isRestarted && follows.get() && state.edited && state.edited !== here()) return void open(state.edited);
      const isMissed = isRestarted || state.version > Math.max(known, facts.version) + 1 || !state.changed;
      known = state.version;
      if (isMissed) document.querySelectorAll(SHEET).forEach(({ href }) => sheets.add(addressOf(new URL(href).pathname)));
      [...state.styles, ...(state.changed || [])].filter((path) => path.endsWith(".css")).forEach((path) => sheets.add(path));
      const isMine = isMissed || isNews || sheets.size > 0 || [here(), facts.path].some((path) => state.changed.includes(path));
      /* What is said about a page may change though the page does not; that can wait for those who have changed. */
      if (isMine) refresh();
      else if (!timer) timer = setTimeout(refresh, 200);
    }

    show();
    shown.say(remembered.get("opened", "sessionStorage") === here() ? "刚保存的就是这一篇" : "已是最新");
    remembered.set("opened", "", "sessionStorage");
    (isInDesk ? listenToDesk : listen)((news) => {
      if (news.lost) {
        isLost = true;
        return shown.say("预览停了：重新运行 newsgen serve，这里会自动接上", "lost");
      }
      if (isLost) shown.say("已重新接上");
      isLost = false;
      take(news.state, news.opens);
    });
  }

  if (typeof document === "undefined") serveTabs();
  else watchPage();
})();
