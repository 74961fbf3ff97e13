/* How a page hears the news: from the shared worker, by a connection of its own, or, inside of the desk, from the desk. */

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

/* ---------------------------------------------------------------- inside of the desk

  Shown inside of the desk (desk/client/live_page.js), a page follows as everywhere, but shows nothing of its own, leads nowhere,
  and hears what the desk hears instead of connecting by itself. */

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
