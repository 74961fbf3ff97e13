/* Events of the server: a new version of the site, or a lost connection. One connection, shared with the preview's tabs where
   the browser can (it allows six to one server); each desk then only has a port to the shared worker. */

const HOME = "/.newsgen/";
const AGAIN = 1000; // ms after which a connection that the browser has given up, or a worker without its script, is tried again

const listeners = new Set();
let tell = null;
let last = null;
let page = "";

function hear(news) {
  last = news;
  for (const listener of [...listeners]) listener(news);
}

function throughWorker() {
  let port = null;
  const open = () => {
    const worker = new SharedWorker(`${HOME}client.js`, { name: "newsgen" });
    port = worker.port;
    port.onmessage = ({ data }) => hear(data);
    worker.onerror = () => { // its script did not come
      hear({ lost: true });
      setTimeout(() => {
        open();
        report();
      }, AGAIN);
    };
  };
  open();
  return (message) => port.postMessage(message);
}

/** Safari before 16 and phones: an own connection, and only while one looks at it. */
function byItself() {
  let source = null;
  let timer = 0;
  const close = () => {
    clearTimeout(timer);
    if (source) source.close();
    source = null;
  };
  const open = () => {
    close();
    source = new EventSource(`${HOME}events`);
    source.addEventListener("state", (event) => hear({ state: JSON.parse(event.data) }));
    source.addEventListener("error", () => {
      hear({ lost: true });
      if (source && source.readyState === EventSource.CLOSED) timer = setTimeout(open, AGAIN);
    });
  };
  return ({ leaves, visible }) => {
    if (leaves || !visible) close();
    else if (!source) open();
  };
}

const isVisible = () => document.visibilityState === "visible";

function report(wakes = false) {
  tell({ path: page, seen: isVisible() ? Date.now() : 1, visible: isVisible(), wakes });
}

function start() {
  tell = window.SharedWorker ? throughWorker() : byItself();
  report();
  window.addEventListener("online", () => report(true));
  window.addEventListener("pageshow", ({ persisted }) => { if (persisted) report(true); });
  window.addEventListener("pagehide", () => tell({ leaves: true }));
  document.addEventListener("visibilitychange", () => report(true));
}

/** Calls `listener` with `{state}` after every change of the site and `{lost: true}` when the server is gone. Gives a function
    that ends it. */
export function listen(listener) {
  listeners.add(listener);
  if (!tell) start();
  else if (last) listener(last);
  return () => listeners.delete(listener);
}

/** Says which page of the site this desk shows, so that no tab of the preview opens it as well. */
export function showsPage(address) {
  page = address;
  if (tell) report();
}
