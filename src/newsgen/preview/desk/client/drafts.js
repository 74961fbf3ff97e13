/* What was typed and is not on the disk yet, kept in this browser: it outlives a crash of the browser and of the server. */

import { make } from "./dom.js";

const NAME = "newsgen-desk";
const STORE = "drafts";
const ANSWER = 700; // ms within which another window says that it still has its draft; one that does not, and lives, is waited for
const FRESH = 3000; // ms within which a draft moves whose window lives, in browsers in which windows cannot ask each other

function opened() {
  return new Promise((resolve) => {
    let request;
    try {
      request = indexedDB.open(NAME, 1);
    } catch {
      return resolve(null); // switched off: then the page alone keeps it
    }
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    request.onsuccess = () => {
      request.result.onclose = () => { base = null; };
      resolve(request.result);
    };
    request.onerror = request.onblocked = () => resolve(null);
  });
}

let base = null;
const database = () => (base ??= opened());

/** Waits until nobody holds a lock, or the signal ends that; not at all in browsers without locks. */
const released = (name, signal) => navigator.locks?.request(name, { signal }, () => {}).catch(() => {});

/** Carries out an action on the store. Gives {result}, null where the browser keeps nothing. */
async function work(mode, action, isAgain = false) {
  const found = await database();
  if (!found) {
    base = null; // the next attempt may find it open
    return null;
  }
  let transaction;
  try {
    transaction = found.transaction(STORE, mode);
  } catch {
    base = null; // closed by the browser meanwhile
    return isAgain ? null : work(mode, action, true);
  }
  return new Promise((resolve) => {
    const request = action(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve({ result: request.result });
    transaction.onerror = transaction.onabort = () => resolve(null);
  });
}

/** The drafts of one report in one window: `site` tells sites apart that are served at one address, one after another. */
export class Drafts {
  constructor(site, path) {
    this.site = site;
    this.path = path;
    this.key = `${site} ${path} ${Date.now()} ${Math.random()}`;
    this.waiting = null;
    this.writing = null; // as long as something is written
    this.isKept = false;
    this.isSafe = true; // what is not saved is in this browser's store
    const isOver = new Promise((resolve) => { this.leave = resolve; });
    navigator.locks?.request(this.key, () => isOver).catch(() => {}); // also held by a window that is too slow to answer
    this.windows = window.BroadcastChannel ? new BroadcastChannel(`${NAME} drafts`) : null;
    this.windows?.addEventListener("message", ({ data }) => {
      if (data.asked?.includes(this.key)) this.windows.postMessage({ lives: this.key });
    });
  }

  /** Keeps what is not saved; null: everything is. One write at a time, the last one counts. */
  keep(content) {
    this.waiting = { content };
    this.writing ??= this.write().finally(() => { this.writing = null; });
  }

  async write() {
    while (this.waiting) {
      const { content } = this.waiting;
      this.waiting = null;
      if (content) {
        this.isKept = true;
        const entry = { key: this.key, site: this.site, path: this.path, time: Date.now(), ...content };
        this.isSafe = false;
        this.isSafe = (await work("readwrite", (store) => store.put(entry))) !== null;
      } else {
        if (this.isKept) await work("readwrite", (store) => store.delete(this.key));
        this.isKept = false;
        this.isSafe = true;
      }
    }
  }

  /** Whether what is not saved is kept, once all that was to be kept is. */
  async areSafe() {
    await this.writing;
    return this.isSafe;
  }

  /** What windows that are gone did not save of this report; the newest first. */
  async left() {
    const found = await this.others();
    if (!found.length) return [];
    const living = await this.living(found);
    return found.filter(({ key }) => !living.has(key)).sort((one, other) => other.time - one.time);
  }

  async others() {
    const all = (await work("readonly", (store) => store.getAll()))?.result ?? [];
    return all.filter(({ key, site, path }) => site === this.site && path === this.path && key !== this.key);
  }

  /** The keys of those drafts whose windows are still there. */
  async living(drafts) {
    if (!this.windows) {
      await new Promise((resolve) => setTimeout(resolve, FRESH));
      const now = new Map((await this.others()).map(({ key, time }) => [key, time]));
      return new Set(drafts.filter(({ key, time }) => now.get(key) !== time).map(({ key }) => key));
    }
    const found = new Set();
    const silent = new Map(drafts.map(({ key }) => [key, new AbortController()]));
    const hear = ({ data }) => {
      if (!data.lives) return;
      found.add(data.lives);
      silent.get(data.lives)?.abort();
    };
    this.windows.addEventListener("message", hear);
    this.windows.postMessage({ asked: drafts.map(({ key }) => key) });
    await new Promise((resolve) => setTimeout(resolve, ANSWER));
    await Promise.all([...silent].map(([key, { signal }]) => released(key, signal)));
    this.windows.removeEventListener("message", hear);
    return found;
  }

  /** Takes note that a person does not want to decide on a draft now: it is not asked for again by itself. */
  async putOff(draft) {
    await work("readwrite", (store) => store.put({ ...draft, isPutOff: true }));
  }

  async forget({ key }) {
    await work("readwrite", (store) => store.delete(key));
  }

  /** To be called when the editor ends: from now on the draft is that of a window that is gone. */
  stop() {
    this.windows?.close();
    this.leave();
  }
}

const CHINA = "Asia/Shanghai"; // the time of the site, wherever the browser is

/** When something was, in words, by the time of China. */
export function timeWords(time) {
  const date = new Date(time);
  const day = new Intl.DateTimeFormat("zh-CN", { timeZone: CHINA, month: "long", day: "numeric" });
  const clock = new Intl.DateTimeFormat("zh-CN", { timeZone: CHINA, hour: "2-digit", minute: "2-digit", hour12: false });
  const isToday = day.format(date) === day.format(new Date());
  return `${isToday ? "今天" : day.format(date)} ${clock.format(date)}`;
}

/** A time as an element. */
export const timeElement = (time) => make("time", { datetime: new Date(time).toISOString(), text: timeWords(time) });
