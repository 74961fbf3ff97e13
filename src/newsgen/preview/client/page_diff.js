/*
  From the page as it was to the page as it is. A page that has changed is fetched and compared with what it was made from.
  Words, paragraphs and style sheets are replaced in place: nothing jumps or flashes, and what the reader has opened stays
  open. Anything that a script of the theme may have a hand in (photos, new tables, scripts, unknown elements) loads the page
  anew instead: never another page than the server's.
*/

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
const outdated = new WeakSet(); // style sheets that another one is to take the place of

/**
  A style sheet goes when the new one has come: no moment is without style. One that does not come is asked for again, unless
  the server says that it has none.
*/
function exchange(old, link) {
  const fresh = document.importNode(link, true);
  const olds = [old, ...(replaced.get(old) || [])]; // `old` itself may be still on its way, and now never arrive
  replaced.set(fresh, olds);
  outdated.add(old);
  const arrive = () => olds.forEach((one) => one.remove());
  const again = () => { if (!outdated.has(fresh)) exchange(fresh, link); };
  fresh.addEventListener("load", arrive, { once: true });
  fresh.addEventListener("error", () => {
    fetch(fresh.href, { cache: "no-store" }).then(({ ok }) => (ok ? again() : arrive()), () => setTimeout(again, 250));
  }, { once: true });
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
