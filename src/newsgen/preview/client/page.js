/* A page of the preview: it follows the server, and says how things are. */

function watchPage() {
  let facts = stripped(document);
  if (!facts) return;
  let errors = []; // of the whole site; those of this page alone are in its facts
  let source = null; // the page as the server made it, before scripts had a hand in it; null: not known
  const sheets = new Set(); // style sheets that changed since
  let busy = false;
  let again = false;
  let isLost = false;
  let known = facts; // the last version that was told of, and whose; a page may be fetched before it is
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
    const isRestarted = state.instance !== known.instance;
    const isNews = JSON.stringify(errors) !== JSON.stringify(state.errors);
    errors = state.errors;
    const isOld = !isRestarted && state.version <= known.version;
    const isMissed = isRestarted || state.version > known.version + 1 || !state.changed;
    if (!isOld) {
      if (opens && !isRestarted && follows.get() && state.edited && state.edited !== here()) return void open(state.edited);
      if (isMissed) document.querySelectorAll(SHEET).forEach(({ href }) => sheets.add(addressOf(new URL(href).pathname)));
      [...state.styles, ...(state.changed || [])].filter((path) => path.endsWith(".css")).forEach((path) => sheets.add(path));
      known = state;
    }
    if (state.instance === facts.instance && state.version <= facts.version && !sheets.size) {
      show();
      if (!source) learn();
      return;
    }
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
