/* The shared worker: one connection for all tabs. */

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
