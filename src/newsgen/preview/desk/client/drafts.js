/* What was typed and is not on the disk yet, kept in this browser: it outlives a crash of the browser and of the server. */

import { make } from "./dom.js";

const NAME = "newsgen-desk";
const STORE = "drafts";
const FRESH = 3000; // ms for which another window may be about to save by itself

function opened() {
  return new Promise((resolve) => {
    let request;
    try {
      request = indexedDB.open(NAME, 1);
    } catch {
      return resolve(null); // switched off: then the page alone keeps it
    }
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => resolve(null);
  });
}

let base = null;
const database = () => (base ??= opened());

async function work(mode, action) {
  const found = await database();
  if (!found) return null;
  return new Promise((resolve) => {
    const transaction = found.transaction(STORE, mode);
    const request = action(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request.result);
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
    this.isBusy = false;
    this.isKept = false;
  }

  /** Keeps what is not saved; null: everything is. One write at a time, the last one counts. */
  async keep(content) {
    this.waiting = { content };
    if (this.isBusy) return;
    this.isBusy = true;
    while (this.waiting) {
      const { content: latest } = this.waiting;
      this.waiting = null;
      if (latest) {
        this.isKept = true;
        await work("readwrite", (store) => store.put({
          key: this.key, site: this.site, path: this.path, time: Date.now(), ...latest,
        }));
      } else if (this.isKept) {
        this.isKept = false;
        await work("readwrite", (store) => store.delete(this.key));
      }
    }
    this.isBusy = false;
  }

  /** What other windows, which are gone, did not save of this report; the newest first. */
  async left() {
    const all = (await work("readonly", (store) => store.getAll())) ?? [];
    return all
      .filter(({ key, site, path, time }) =>
        site === this.site && path === this.path && key !== this.key && Date.now() - time > FRESH)
      .sort((one, other) => other.time - one.time);
  }

  async forget({ key }) {
    await work("readwrite", (store) => store.delete(key));
  }
}

/** How long ago something was, in words. */
export function timeWords(time) {
  const date = new Date(time);
  const day = new Intl.DateTimeFormat("zh-CN", { month: "long", day: "numeric" });
  const clock = new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
  const isToday = day.format(date) === day.format(new Date());
  return `${isToday ? "今天" : day.format(date)} ${clock.format(date)}`;
}

/** A time as an element. */
export const timeElement = (time) => make("time", { datetime: new Date(time).toISOString(), text: timeWords(time) });
