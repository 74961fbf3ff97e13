/* The page as readers will see it: the preview's own, in a frame, at the width of a phone or of a desk. It follows each save by
   itself (preview/client/page.js), and is scrolled to the paragraph that is being written. */

import { make } from "./dom.js";
import { listen } from "./server_events.js";

const WIDTHS = { phone: 375, desk: 1200 };
const AGAIN = 1000; // ms after which a page whose loading broke off is loaded again
const NAME = "newsgen-desk"; // by which preview/client/listening.js knows that it is shown here
const BLOCKS = "h1, h2, h3, h4, h5, h6, p, li, td, th, blockquote, figcaption, pre, dt, dd";
const LIKE = 0.34; // the likeness from which on two texts are the same paragraph

/** The letters of a text: what remains when Markdown's signs, blanks and marks are gone. */
const letters = (text) => text.replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[^\p{L}\p{N}]+/gu, "");

function pairs(text) {
  const found = new Set();
  for (let index = 0; index + 1 < text.length; index += 1) found.add(text.slice(index, index + 2));
  return found;
}

/** How alike two texts are, from 0 to 1 (Dice's coefficient of their pairs of letters). */
function likeness(one, other) {
  if (one === other) return 1;
  const [first, second] = [pairs(one), pairs(other)];
  if (!first.size || !second.size) return 0;
  let both = 0;
  for (const pair of first) if (second.has(pair)) both += 1;
  return (2 * both) / (first.size + second.size);
}

/** The element that shows a line of the text, or one before it. `lines` are those of the text. */
function elementOf(lines, line, root) {
  const blocks = [...root.querySelectorAll(BLOCKS)].filter((element) => !element.querySelector(BLOCKS));
  const texts = blocks.map((element) => letters(element.textContent));
  for (let row = line; row >= 0 && row > line - 12; row -= 1) {
    const wanted = letters(lines[row].includes("|") ? lines[row].split("|").find((cell) => letters(cell)) ?? "" : lines[row]);
    if (!wanted) continue;
    const expected = row / Math.max(lines.length, 1);
    let best = null;
    for (const [index, text] of texts.entries()) {
      const like = likeness(wanted, text);
      if (like < LIKE && !(wanted.length < 6 && text.startsWith(wanted))) continue;
      const score = like - 0.2 * Math.abs(index / blocks.length - expected);
      if (!best || score > best.score) best = { score, element: blocks[index] };
    }
    if (best) return best.element;
  }
  return null;
}

export class LivePage {
  /** `writing()` gives {lines, line}: the text, and where the caret stands; line null: at the top. */
  constructor(desk, source, writing) {
    Object.assign(this, { desk, source, writing });
    this.page = null;
    this.isRead = false; // a person has scrolled the page: it stays until they write on
    this.isMoving = 0; // scroll events that are ours
    this.width = localStorage.getItem("newsgen-desk-width") === "desk" ? "desk" : "phone";
    this.frame = make("iframe", { name: NAME, title: "网页的样子", onload: () => this.arrived() });
    this.stage = make("div", { class: "stage" }, this.frame);
    this.note = make("p", { class: "note", role: "status", hidden: true });
    this.switches = Object.entries({ phone: "手机", desk: "电脑" }).map(([name, text]) =>
      make("button", { type: "button", text, "aria-pressed": String(name === this.width), onclick: () => this.setWidth(name) }));
    this.element = make("section", { class: "live", "aria-label": "网页的样子" },
      make("div", { class: "live-head" },
        make("h2", { text: "网页" }),
        make("div", { class: "switch", role: "group", "aria-label": "按多宽的屏幕显示" }, this.switches),
        this.open = make("a", { class: "away", target: "_blank", rel: "noopener", text: "在新窗口打开" })),
      this.note, this.stage);
    this.sizes = new ResizeObserver(() => this.fit());
    this.sizes.observe(this.stage);
    window.addEventListener("message", this.hear = (event) => this.heard(event));
    this.end = listen((news) => {
      const isBack = this.news?.lost && news.state;
      this.news = news;
      if (isBack && this.page && !this.isReady) this.frame.src = this.open.href; // it came without its script, or not at all
      this.pass();
      if (news.state) this.explain(news.state.errors);
    });
  }

  /** Shows the page at an address of the site; "" where the report has none yet. */
  show(page) {
    if (page === this.page) return;
    this.page = page;
    this.isReady = false;
    clearTimeout(this.timer);
    const address = page ? `/${page.split("/").map(encodeURIComponent).join("/")}` : "about:blank";
    this.frame.hidden = !page;
    this.open.hidden = !page;
    this.open.href = address;
    if (page) this.frame.src = address;
    this.explain(this.news?.state?.errors ?? []);
  }

  /** Why the page does not show what was written, if so. */
  explain(errors) {
    const mine = errors.some(({ path }) => path === this.source);
    const state = this.page ? "网页还是上一次的样子" : "网页暂时显示不出来";
    let text = "";
    if (mine) text = `${state}：改好检查里说的错误，它就会更新。`;
    else if (errors.length) text = `${state}：别的文件里有错（${errors[0].path}：${errors[0].message}），改好它，网页就会更新。`;
    else if (!this.page) text = "这一篇的网页还没有好，稍等一下。";
    this.note.textContent = text;
    this.note.hidden = !text;
  }

  setWidth(name) {
    this.width = name;
    try {
      localStorage.setItem("newsgen-desk-width", name);
    } catch {
      /* No room, or none allowed: the width holds for this time. */
    }
    for (const [index, key] of Object.keys(WIDTHS).entries()) this.switches[index].setAttribute("aria-pressed", String(key === name));
    this.fit();
    this.isRead = false;
    this.follow();
  }

  /** The frame is as wide as the screen that is shown, and scaled to the room that there is. */
  fit() {
    const { clientWidth, clientHeight } = this.stage;
    if (!clientWidth || !clientHeight) return;
    const wanted = WIDTHS[this.width];
    const scale = Math.min(1, clientWidth / wanted);
    this.frame.style.width = `${wanted}px`;
    this.frame.style.height = `${clientHeight / scale}px`;
    this.frame.style.transform = `scale(${scale})`;
    this.frame.style.left = `${Math.max(0, (clientWidth - wanted * scale) / 2)}px`;
  }

  /** The page has no connection of its own: it hears what the desk hears. */
  pass() {
    if (this.news && this.isReady) this.frame.contentWindow.postMessage({ newsgen: this.news }, location.origin);
  }

  heard({ source, origin, data }) {
    if (source !== this.frame.contentWindow || origin !== location.origin || !data.newsgen) return;
    if (data.newsgen === "ready") {
      this.isReady = true;
      this.pass();
    }
    if (data.newsgen === "shown" || data.newsgen === "ready") this.follow();
  }

  arrived() {
    const inside = this.frame.contentWindow;
    try {
      for (const name of ["wheel", "touchmove", "keydown", "mousedown"]) {
        inside.addEventListener(name, () => { this.isRead = true; }, { passive: true });
      }
    } catch {
      return this.brokeOff(); // what the browser shows then is not ours
    }
    this.follow();
  }

  /** The page did not come whole: it is asked for again, now or when the desk is back. */
  brokeOff() {
    this.isReady = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { if (this.page && !this.isReady && !this.news?.lost) this.frame.src = this.open.href; }, AGAIN);
  }

  /** A person writes on: the page may move again. */
  written() {
    this.isRead = false;
  }

  /** Scrolls to what is being written, where it is not in sight already. */
  follow() {
    if (this.isRead || this.frame.hidden) return;
    const inside = this.frame.contentWindow;
    const body = this.frame.contentDocument?.querySelector(".article-body");
    if (!body) return;
    const { lines, line } = this.writing();
    if (line === null) return void inside.scrollTo(0, 0);
    const element = elementOf(lines, line, body);
    if (!element) return;
    const { top, bottom } = element.getBoundingClientRect();
    const high = inside.innerHeight;
    if (top >= 0.08 * high && bottom <= 0.8 * high) return;
    inside.scrollTo(0, Math.max(0, inside.scrollY + top - 0.3 * high));
  }

  stop() {
    clearTimeout(this.timer);
    window.removeEventListener("message", this.hear);
    this.sizes.disconnect();
    this.end();
  }
}
