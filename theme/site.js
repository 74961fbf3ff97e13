/*
  Small comforts on top of pages that work without them: text size, print, slides, wide tables, the menu on phones.
  A classic deferred script, so that pages opened by double-click have it too. Chrome 80 and later.
*/
(() => {
  "use strict";

  const root = document.documentElement;
  const find = (selector, within) => (within || document).querySelector(selector);
  const all = (selector, within) => [...(within || document).querySelectorAll(selector)];

  /* Storage is switched off in some browsers; then the choice lasts for one page. */
  const remembered = {
    get: (key) => { try { return localStorage.getItem(key); } catch (error) { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch (error) { /* see above */ } },
  };

  root.classList.add("has-script");

  /* ---- 字号 大中小, 打印 */

  const sizes = all("[data-size]");

  function resize(size) {
    root.classList.remove("size-large", "size-small");
    if (size !== "medium") root.classList.add("size-" + size);
    sizes.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.size === size)));
  }

  sizes.forEach((button) => button.addEventListener("click", () => {
    resize(button.dataset.size);
    remembered.set("newsgen-size", button.dataset.size);
  }));
  const chosen = remembered.get("newsgen-size");
  if (sizes.some((button) => button.dataset.size === chosen)) resize(chosen);
  all("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
  all(".tools").forEach((tools) => { tools.hidden = false; });

  /* ---- a photo, enlarged: a dialog over the page. Without it, the link leads to the large photo. */

  const photos = all("a.enlarge");

  function openViewer(first) {
    let current = first;
    let startX = null;
    const dialog = document.createElement("dialog");
    dialog.className = "viewer";
    dialog.setAttribute("aria-label", "查看照片");
    const part = (tag, name, label, sign) => {
      const made = document.createElement(tag);
      made.className = name;
      if (label) { made.type = "button"; made.setAttribute("aria-label", label); made.textContent = sign; }
      dialog.appendChild(made);
      return made;
    };
    const stage = part("div", "viewer-stage");
    const count = part("p", "viewer-count");
    const back = part("button", "viewer-back", "上一张", "\u2039");
    const on = part("button", "viewer-on", "下一张", "\u203a");
    const close = part("button", "viewer-close", "关闭", "\u00d7");
    const text = part("p", "viewer-text");
    text.setAttribute("aria-live", "polite");

    function show(number) {
      current = (number + photos.length) % photos.length;
      const link = photos[current];
      const small = find("img", link);
      const caption = find("figcaption", link.parentNode);
      const large = new Image();
      large.alt = small.alt;
      large.width = small.getAttribute("width");
      large.height = small.getAttribute("height");
      large.src = link.href;
      stage.classList.toggle("is-long", large.height > 2.5 * large.width);
      stage.replaceChildren ? stage.replaceChildren(large) : (stage.innerHTML = "", stage.appendChild(large));
      stage.scrollTop = 0;
      text.textContent = caption ? caption.textContent : small.alt;
      count.textContent = photos.length > 1 ? (current + 1) + " / " + photos.length : "";
    }

    back.hidden = on.hidden = photos.length < 2;
    back.addEventListener("click", () => show(current - 1));
    on.addEventListener("click", () => show(current + 1));
    close.addEventListener("click", () => dialog.close());
    stage.addEventListener("click", (event) => { if (event.target === stage) dialog.close(); });
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "ArrowLeft") show(current - 1);
      if (event.key === "ArrowRight") show(current + 1);
    });
    stage.addEventListener("touchstart", (event) => {
      startX = event.touches.length === 1 ? event.touches[0].clientX : null;
    }, { passive: true });
    stage.addEventListener("touchend", (event) => {
      const moved = startX === null ? 0 : event.changedTouches[0].clientX - startX;
      if (photos.length > 1 && Math.abs(moved) > 50) show(current + (moved < 0 ? 1 : -1));
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      root.classList.remove("has-viewer");
      photos[current].focus();
    });
    document.body.appendChild(dialog);
    root.classList.add("has-viewer");
    show(first);
    dialog.showModal();
    close.focus();
  }

  if (window.HTMLDialogElement) {
    photos.forEach((link, number) => link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      openViewer(number);
    }));
  }

  /* ---- a table that is wider than the screen, a long line of code: scroll by keyboard too */

  function openScrollers() {
    all(".table-scroll, .article-body pre").forEach((box) => {
      if (box.scrollWidth > box.clientWidth) {
        box.tabIndex = 0;
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", "可左右滚动");
      } else {
        ["tabindex", "role", "aria-label"].forEach((name) => box.removeAttribute(name));
      }
    });
  }

  openScrollers();
  window.addEventListener("resize", openScrollers);

  /* ---- the current section is in sight in the phone's menu; 更多栏目 closes when one looks elsewhere */

  const menu = find(".nav-list");
  const here = menu && find("[aria-current]", menu);
  if (here) menu.scrollLeft = here.offsetLeft - menu.offsetLeft - (menu.clientWidth - here.offsetWidth) / 2;

  all(".nav-more").forEach((more) => {
    document.addEventListener("click", (event) => { if (!more.contains(event.target)) more.open = false; });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !more.open) return;
      more.open = false;
      find("summary", more).focus();
    });
  });

  /* ---- slides: a strip that scrolls; here come buttons, and a slow advance that anyone can stop */

  const ICONS = {
    back: "M12.5 4 6.5 10l6 6",
    on: "M7.5 4l6 6-6 6",
    pause: "M7 4.5v11M13 4.5v11",
    play: "M6.5 4v12l9-6z",
  };
  const icon = (name) =>
    `<svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true"><path fill="none" stroke="currentColor" stroke-width="1.8" d="${ICONS[name]}"/></svg>`;

  function startSlides(box) {
    const track = find(".slides-track", box);
    const count = track.children.length;
    if (count < 2) return;
    const still = window.matchMedia("(prefers-reduced-motion: reduce)");
    let playing = !still.matches;
    let waiting = 0;

    const at = () => Math.round(track.scrollLeft / track.clientWidth);

    function show(index) {
      const target = (index + count) % count;
      const near = Math.abs(target - at()) === 1 && !still.matches;
      track.scrollTo({ left: target * track.clientWidth, behavior: near ? "smooth" : "auto" });
    }

    function wait() {
      clearTimeout(waiting);
      const busy = document.hidden || box.matches(":hover") || box.contains(document.activeElement);
      if (playing) waiting = setTimeout(() => { if (!busy) show(at() + 1); wait(); }, 5000);
    }

    const tools = document.createElement("div");
    tools.className = "slides-tools";
    const number = document.createElement("span");
    number.className = "slides-count";
    const tell = () => { number.textContent = `${at() + 1} / ${count}`; };

    function button(name, label, act) {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "slides-button";
      made.setAttribute("aria-label", label);
      made.innerHTML = icon(name);
      made.addEventListener("click", act);
      return made;
    }

    const stop = button("pause", "", () => { playing = !playing; dress(); });

    function dress() {
      stop.innerHTML = icon(playing ? "pause" : "play");
      stop.setAttribute("aria-label", playing ? "停止播放" : "自动播放");
      wait();
    }

    tools.append(
      number,
      button("back", "上一张", () => show(at() - 1)),
      stop,
      button("on", "下一张", () => show(at() + 1)),
    );
    box.append(tools);
    track.addEventListener("scroll", tell, { passive: true });
    ["mouseenter", "mouseleave", "focusin", "focusout", "touchend"].forEach((name) => box.addEventListener(name, wait));
    document.addEventListener("visibilitychange", wait);
    tell();
    dress();
  }

  all(".slides").forEach(startSlides);
})();
